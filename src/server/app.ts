/** Every route behind the same guards: who asks, from where, how often, and what may be asked. */
import { hash } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { type EndpointName, endpointNames, endpoints, entries } from '../api/endpoints.ts';
import { routes } from '../api/routes.ts';
import { SpoorError } from '../model/errors.ts';
import { readBody } from './body.ts';
import { badRequest, errorAnswer } from './errors.ts';
import { Gate } from './guard/gate.ts';
import { dataPolicy, everyAnswer } from './guard/headers.ts';
import { type Hosts, isLoopback } from './guard/hosts.ts';
import { Rate } from './guard/rate.ts';
import type { Sessions } from './guard/sessions.ts';
import { cookieIn, mayNotAsk, originFault, tokenIn } from './guard/who.ts';
import type { Asking, Handlers } from './handler.ts';

export interface AppOptions {
  handlers: Handlers;
  sessions: Sessions;
  hosts(): Hosts;
  cookieName(): string;
  /** The page and what belongs to it, for whoever asks. */
  page(path: string, request: Request): Promise<Response>;
  /** Told of what is a defect of Spoor. */
  tell(error: unknown): void;
  /** Milliseconds that an answer may take to begin. */
  patience?: number;
}

/** What reads many files, asks git, or decodes pictures. */
const costly = new Set<EndpointName>([
  'listColumns',
  'glances',
  'search',
  'listCode',
  'readPatch',
  'diff',
  'diffPatch',
  'diffCode',
  'diffFile',
  'history',
  'followSetting',
  'listImages',
  'imageThumbnail',
  'samplePreview',
  'contactSheet',
  'best',
  'prune',
  'readLogLines',
  'searchLog',
  'readStorage',
  'listLeftovers',
  'clean',
  'examine',
  'doctor',
  'testReceiver',
]);

export function makeApp(options: AppOptions): Hono {
  const { handlers, sessions, patience = 60_000 } = options;
  const app = new Hono();
  const gate = new Gate(4, 200);
  // A page asks for many thumbnails at once; a program in a loop is held back.
  const rate = new Rate(400, 2000);

  app.use(async (c, next) => {
    const isOwn = options.hosts().isOwn(c.req.header('host'));
    const fault = isOwn
      ? originFault(c.req.method, (name) => c.req.header(name), isApi(c.req.path))
      : 'this server is not asked by that name';
    if (fault === null) await next();
    else c.res = errorAnswer(new SpoorError('refused', 'foreign-origin', fault), options.tell);
    for (const [name, value] of Object.entries(everyAnswer)) c.res.headers.set(name, value);
  });
  app.onError((error) => errorAnswer(error, options.tell));

  app.use('/api/*', async (c, next) => {
    if (!rate.take()) throw new SpoorError('busy', 'too-often', 'too much is asked in too short a time', null);
    if (!isEntry(c.req) && asker(c.req) === null)
      throw mayNotAsk(sessions, c.req.header('authorization') !== undefined);
    await next();
  });

  for (const name of endpointNames) {
    const { method, path } = endpoints[name];
    const route = routes[name];
    app.on(method, path, async (c) => {
      const asking: Asking = {
        signal: c.req.raw.signal,
        header: (header) => c.req.header(header),
        ...(asker(c.req) ?? { isProgram: false, cookie: null }),
        isLocal: isLoopback((c.env as Partial<HttpBindings>).incoming?.socket.remoteAddress ?? ''),
      };
      const asked: Record<string, unknown> = {};
      if ('body' in route) asked.body = await readBody(c.req.raw, route.body);
      if ('params' in route) Object.assign(asked, understood('path', route.params, c.req.param()));
      if ('query' in route) Object.assign(asked, understood('parameter', route.query, inQuery(c.req.queries())));
      const handle = handlers[name] as (asked: unknown, asking: Asking) => Promise<unknown>;
      const work = () => within(patience, handle(asked, asking));
      const answer = await (costly.has(name) ? gate.through(work) : work());
      return answer instanceof Response ? withPolicy(answer) : document(answer, c.req.header('if-none-match'));
    });
  }

  app.all('/api/*', (c) => {
    const isThere = endpointNames.some((name) => samePath(endpoints[name].path, c.req.path));
    throw isThere
      ? new SpoorError('usage', 'wrong-method', `${c.req.path} does not take ${c.req.method}`)
      : new SpoorError('not-found', 'no-such-route', `there is no ${c.req.path}`, 'docs/api.md lists the routes.');
  });
  app.get('*', (c) => options.page(c.req.path, c.req.raw));
  app.notFound(() => errorAnswer(new SpoorError('not-found', 'no-such-page', 'there is nothing here'), options.tell));
  return app;

  /** Null for whoever may not ask. */
  function asker(request: { header(name: string): string | undefined }) {
    const token = tokenIn(request.header('authorization'));
    if (token !== null) return sessions.isBearer(token) ? { isProgram: true, cookie: null } : null;
    const cookie = cookieIn(request.header('cookie'), options.cookieName());
    return cookie !== null && sessions.isCookie(cookie) ? { isProgram: false, cookie } : null;
  }
}

const isEntry = ({ method, path }: { method: string; path: string }) =>
  entries.some((name) => endpoints[name].method === method && endpoints[name].path === path);
const isApi = (path: string) => path === '/api' || path.startsWith('/api/');

function samePath(pattern: string, path: string): boolean {
  const [ours, theirs] = [pattern.split('/'), path.split('/')];
  return ours.length === theirs.length && ours.every((part, at) => part.startsWith(':') || part === theirs[at]);
}

/** A parameter that stands once is a text, else a list. */
function inQuery(queries: Record<string, string[]>): Record<string, string | string[]> {
  const single = Object.entries(queries).map(([key, values]) => [key, values.length === 1 ? values[0] : values]);
  return Object.fromEntries(single);
}

interface Schema {
  safeParse(value: unknown): { success: true; data: unknown } | { success: false; error: import('zod').ZodError };
}

function understood(where: string, schema: Schema, given: unknown): object {
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw badRequest(where, parsed.error);
  return parsed.data as object;
}

async function within<T>(patience: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new SpoorError('busy', 'took-too-long', `no answer within ${patience / 1000} s`, null)),
    patience,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}

function withPolicy(response: Response): Response {
  if (!response.headers.has('content-security-policy')) response.headers.set('content-security-policy', dataPolicy);
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
  return response;
}

const plain = { 'content-type': 'application/json; charset=utf-8', 'content-security-policy': dataPolicy };

/** JSON, not sent again to whoever has it. */
function document(answer: unknown, known: string | undefined): Response {
  const text = JSON.stringify(answer);
  const tag = `"${hash('sha256', text, 'base64url').slice(0, 22)}"`;
  const headers = { ...plain, 'cache-control': 'private, no-cache', etag: tag };
  return known === tag ? new Response(null, { status: 304, headers }) : new Response(text, { headers });
}
