/** Errors as documents with the status that fits. */
import type { ZodError } from 'zod';
import type { ErrorDocument } from '../api/endpoints.ts';
import { type ErrorKind, errorText, SpoorError } from '../model/errors.ts';
import { dataPolicy } from './guard/headers.ts';

const statuses: Record<ErrorKind, number> = {
  usage: 400,
  data: 422,
  'not-found': 404,
  unavailable: 503,
  internal: 500,
  incomplete: 422,
  'cannot-write': 507,
  corrupt: 500,
  busy: 409,
  refused: 403,
  'not-executable': 500,
  'no-such-command': 500,
};

/** Where an error's own code says more than its kind. */
const byCode: Readonly<Record<string, number>> = {
  'too-busy': 503,
  'took-too-long': 503,
  'too-often': 429,
  'no-token': 401,
  'wrong-token': 401,
  'too-many-wrong-tokens': 429,
  'too-large': 413,
  'wrong-type': 415,
  'wrong-method': 405,
};

function statusOf({ kind, code }: SpoorError): number {
  return byCode[code] ?? statuses[kind];
}

/** @param tell of what is a defect of Spoor */
export function errorAnswer(error: unknown, tell: (error: unknown) => void): Response {
  if (error instanceof SpoorError) return answer(statusOf(error), error.code, error.message, error.hint);
  tell(error);
  const hint = 'This is a defect of Spoor; its terminal shows more.';
  return answer(500, 'internal', `Unexpected: ${errorText(error)}`, hint);
}

function answer(status: number, code: string, message: string, hint: string | null): Response {
  const document: ErrorDocument = { error: { code, message, hint } };
  return new Response(JSON.stringify(document), {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': dataPolicy,
      ...(status === 401 ? { 'www-authenticate': 'Bearer realm="spoor"' } : {}),
      ...(status === 429 || status === 503 ? { 'retry-after': '1' } : {}),
    },
  });
}

/** Names the parameter, the value and what is wrong with it. */
export function badRequest(where: string, error: ZodError): SpoorError {
  const [issue] = error.issues;
  const path = issue?.path.join('.') ?? '';
  const named = path === '' ? where : `${where} "${path}"`;
  const message = `${named}: ${issue?.message ?? 'cannot be understood'}`.slice(0, 500);
  return new SpoorError('usage', 'bad-request', message, 'docs/api.md lists what may be asked.');
}
