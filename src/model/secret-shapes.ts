/** Secrets that show by their shape alone. Every pattern has bounded repetition, so that a search is linear in the text. */

import { isSecretKey } from './secret-names.ts';

interface Shape {
  kind: string;
  /** The secret itself is the group `secret`. */
  pattern: RegExp;
}

const shapes: readonly Shape[] = [
  { kind: 'private-key', pattern: /(?<secret>-----BEGIN (?:[A-Z]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----)/g },
  {
    kind: 'huggingface-token',
    pattern: /(?<![A-Za-z0-9_])(?<secret>(?:hf|api_org)_[A-Za-z0-9]{30,64})(?![A-Za-z0-9_])/g,
  },
  { kind: 'github-token', pattern: /(?<![A-Za-z0-9_])(?<secret>gh[pousr]_[A-Za-z0-9]{36,255})(?![A-Za-z0-9_])/g },
  { kind: 'github-token', pattern: /(?<![A-Za-z0-9_])(?<secret>github_pat_[A-Za-z0-9_]{50,255})(?![A-Za-z0-9_])/g },
  { kind: 'gitlab-token', pattern: /(?<![A-Za-z0-9_])(?<secret>glpat-[A-Za-z0-9_.-]{20,255})/g },
  { kind: 'aws-access-key', pattern: /(?<![A-Za-z0-9])(?<secret>(?:AKIA|ASIA)[A-Z2-7]{16})(?![A-Za-z0-9])/g },
  {
    kind: 'openai-key',
    pattern:
      /(?<![A-Za-z0-9_-])(?<secret>sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{32,250}|[A-Za-z0-9]{40,64}))(?![A-Za-z0-9_-])/g,
  },
  { kind: 'anthropic-key', pattern: /(?<![A-Za-z0-9_-])(?<secret>sk-ant-[A-Za-z0-9_-]{40,250})/g },
  { kind: 'openrouter-key', pattern: /(?<![A-Za-z0-9_-])(?<secret>sk-or-v1-[0-9a-f]{64})/g },
  { kind: 'google-key', pattern: /(?<![A-Za-z0-9_-])(?<secret>AIza[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])/g },
  { kind: 'slack-token', pattern: /(?<![A-Za-z0-9_-])(?<secret>xox[abeoprs]-[A-Za-z0-9-]{20,255})/g },
  { kind: 'slack-webhook', pattern: /(?<secret>https:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/_-]{20,200})/g },
  {
    kind: 'discord-webhook',
    pattern:
      /(?<secret>https:\/\/(?:[a-z]{2,8}\.)?discord(?:app)?\.com\/api\/webhooks\/[0-9]{8,25}\/[A-Za-z0-9_-]{20,200})/g,
  },
  { kind: 'pypi-token', pattern: /(?<![A-Za-z0-9_-])(?<secret>pypi-AgE[A-Za-z0-9_-]{50,1000})/g },
  { kind: 'npm-token', pattern: /(?<![A-Za-z0-9_])(?<secret>npm_[A-Za-z0-9]{36})(?![A-Za-z0-9_])/g },
  { kind: 'replicate-token', pattern: /(?<![A-Za-z0-9_])(?<secret>r8_[A-Za-z0-9]{37,40})(?![A-Za-z0-9_])/g },
  {
    // 40 hex digits are a commit anywhere else.
    kind: 'wandb-key',
    pattern:
      /wandb(?:[_.-]?(?:api)?[_.-]?key|[ \t]{1,8}login|\.login\((?:key)?)["']?[\s:=,]{0,8}(?:--relogin )?["'`]?(?<secret>[0-9a-f]{40})(?![0-9a-f])/gi,
  },
];

/** An invented value in documentation: `hf_xxxxxxxx…`, `AKIAIOSFODNN7EXAMPLE`. */
function isPlaceholder(secret: string): boolean {
  if (secret.startsWith('-----BEGIN')) return false;
  return new Set(secret.slice(-24)).size < 8 || /example|placeholder|your_?token|abcdefghij|1234567890/i.test(secret);
}

/** The kind of the first secret in a text that is unmistakable by its shape (`huggingface-token`), or null. */
export function likelySecretIn(text: string): string | null {
  let first: { at: number; kind: string } | null = null;
  for (const { kind, pattern } of shapes) {
    for (const match of text.matchAll(pattern)) {
      if (isPlaceholder(match.groups!.secret!)) continue;
      if (first === null || match.index < first.at) first = { at: match.index, kind };
      break;
    }
  }
  return first?.kind ?? null;
}

/** A secret that stands in a text: from `start` to `end`, both UTF-16 offsets. */
export interface Found {
  key: string;
  start: number;
  end: number;
}

const privateKeyEnd = /-----END (?:[A-Z]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;
const bearer =
  /Authorization["']?[ \t]{0,4}[:=][ \t]{0,4}["']?(?:Bearer|Basic|token)[ \t]{1,4}(?<secret>[^\s"'\\$`]{1,1000})/gi;
const urlPassword =
  /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/(?<user>[^\s/:@"'`<>?#]{0,256})(?<secret>:[^\s/"'`<>?#]{1,256}(?=@)|(?=@))/g;

/** All that show by shape: tokens, whole private keys, authorization headers, passwords in URLs. */
export function secretsByShape(text: string): Found[] {
  const found: Found[] = [];
  for (const { kind, pattern } of shapes) {
    for (const match of text.matchAll(pattern)) {
      const secret = match.groups!.secret!;
      const start = match.index + match[0].lastIndexOf(secret);
      if (kind !== 'private-key') {
        if (!isPlaceholder(secret)) found.push({ key: kind, start, end: start + secret.length });
        continue;
      }
      if (start < (found.at(-1)?.end ?? 0)) continue;
      privateKeyEnd.lastIndex = start;
      const end = privateKeyEnd.exec(text);
      found.push({ key: kind, start, end: end === null ? text.length : end.index + end[0].length });
    }
  }
  for (const match of text.matchAll(bearer)) {
    const end = match.index + match[0].length;
    found.push({ key: 'authorization', start: end - match.groups!.secret!.length, end });
  }
  for (const match of text.matchAll(urlPassword)) {
    const { user = '', secret = '' } = match.groups!;
    const end = match.index + match[0].length;
    const password = secret.slice(1);
    if (/^\$[\w{(]|^\[redacted /.test(password || user)) continue;
    // `ssh://git@host` names an account; `https://TOKEN@host` is a token.
    if (password !== '') found.push({ key: 'url-password', start: end - password.length, end });
    else if (user !== '' && /^(git\+)?https?:/i.test(match[0]))
      found.push({ key: 'url-password', start: end - user.length, end });
  }
  return found;
}

/**
 * A URL without user, password and secret query parameters. The user of an ssh address (`git@`) stays:
 * it is part of the address. What is no URL is returned as it is.
 */
export function stripCredentials(url: string): string {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]{0,20}):\/\//.exec(url);
  if (scheme === null) return url;
  const start = scheme[0].length;
  const length = url.slice(start).search(/[/?#]/);
  const end = length < 0 ? url.length : start + length;
  const authority = url.slice(start, end);
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at);
  const kept = /(^|\+)ssh$/i.test(scheme[1]!) && user !== '' ? `${user.split(':', 1)[0]}@` : '';
  return scheme[0] + kept + authority.slice(at + 1) + withoutSecretParameters(url.slice(end));
}

function withoutSecretParameters(rest: string): string {
  const question = rest.indexOf('?');
  if (question < 0) return rest;
  const hash = rest.indexOf('#', question);
  const query = rest.slice(question + 1, hash < 0 ? undefined : hash);
  const kept = query.split('&').filter((part) => {
    const name = part.split('=', 1)[0]!;
    return (
      !isSecretKey(name) &&
      !/^(token|sig|signature|x-amz-(signature|credential|security-token)|x-goog-signature)$/i.test(name)
    );
  });
  return rest.slice(0, question) + (kept.length > 0 ? `?${kept.join('&')}` : '') + (hash < 0 ? '' : rest.slice(hash));
}
