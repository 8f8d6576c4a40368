/**
 * Secrets are not kept: where one stood, the hash of it stands, so that a change of it is still seen.
 * Told by exact key (`wandb_api_key`) or by an unmistakable shape (`hf_…`).
 */
import { createHash } from 'node:crypto';
import type { ConfigValue } from './facts.ts';
import { isSecretKey, looksSecret, secretOption } from './secret-names.ts';
import { type Found, likelySecretIn, secretsByShape, stripCredentials } from './secret-shapes.ts';
import { secretsByKey, type TextFormat } from './secret-text.ts';

export { isSecretKey, likelySecretIn, looksSecret, stripCredentials, type TextFormat };

const marker = '[redacted sha256:';

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What stands for a secret inside text: `[redacted sha256:` and the first 16 hex digits of the SHA-256 of its UTF-8. */
export function redactedText(secret: string): string {
  return secret.startsWith(marker) ? secret : `${marker}${sha256Of(secret).slice(0, 16)}]`;
}

/**
 * A setting's value without secrets: `{redacted: <SHA-256>}` for what a secret key holds, tables and
 * lists searched through, tokens inside other strings replaced as `redactText` does. Empty strings,
 * booleans and null are no secrets.
 */
export function redactValue(key: string, value: ConfigValue): ConfigValue {
  if (Array.isArray(value)) return value.map((each) => redactValue(key, each));
  if (value !== null && typeof value === 'object') {
    if ('redacted' in value && Object.keys(value).length === 1) return value;
    const inside = isSecretKey(key);
    return Object.fromEntries(
      Object.entries(value as Record<string, ConfigValue>).map(([name, each]) => [
        name,
        redactValue(inside ? key : name, each),
      ]),
    );
  }
  if (typeof value === 'boolean' || value === null || value === '') return value;
  if (isSecretKey(key)) return { redacted: sha256Of(String(value)) };
  return typeof value === 'string' ? redactText(value, 'shell').text : value;
}

/**
 * A command line without secrets: values of secret options (`--wandb_api_key X`, `--wandb_api_key=X`, an
 * abbreviation that argparse takes), of assignments (`HF_TOKEN=x`), passwords in URLs, tokens by shape.
 * @returns `redacted` names each secret once: option or variable, else the kind of its shape
 */
export function redactArguments(argv: readonly string[]): { argv: string[]; redacted: string[] } {
  const keys = new Set<string>();
  let pending: string | null = null;
  const result = argv.map((argument, index) => {
    const key: string | null = pending;
    pending = null;
    if (key !== null && argument !== '' && !argument.startsWith('--')) {
      keys.add(key);
      return redactedText(argument);
    }
    const option = /^--?([A-Za-z][\w.-]*)(=|$)/.exec(argument);
    const secret = option === null ? null : secretOption(option[1]!);
    // `sh -c 'HF_TOKEN=x python …'` is a script, `env 'HF_TOKEN=x y'` one value.
    const script = /^-[a-z]*c$/.test(argv[index - 1] ?? '');
    const variable = script ? undefined : /^([A-Za-z_][\w.-]*)=/.exec(argument)?.[1];
    if (variable !== undefined && isSecretKey(variable) && argument.length > variable.length + 1) {
      keys.add(variable);
      return `${variable}=${redactedText(argument.slice(variable.length + 1))}`;
    }
    if (option === null || secret === null) {
      const inside = redactText(argument, 'shell', { quoted: false });
      for (const each of inside.keys) keys.add(each);
      return inside.text;
    }
    if (option[2] === '') {
      pending = secret;
      return argument;
    }
    const value = argument.slice(option[0].length);
    if (value === '') return argument;
    keys.add(secret);
    return option[0] + redactedText(value);
  });
  return { argv: result, redacted: [...keys] };
}

/**
 * A text without secrets. All else stays, byte for byte, and each line keeps its number; what was
 * valid TOML, YAML, JSON or shell stays valid. References such as `$HF_TOKEN` are no secrets.
 * @param format how values are written; `text` (a log, a note) reads as shell and as `key: value`
 */
export function redactText(
  text: string,
  format: TextFormat,
  options: { quoted: boolean } = { quoted: true },
): { text: string; keys: string[] } {
  const found: (Found & { value: string; quote: string })[] = [
    ...secretsByKey(text, format).map((each) => ({ ...each, quote: options.quoted ? each.quote : '' })),
    ...secretsByShape(text).map((each) => ({ ...each, value: text.slice(each.start, each.end), quote: '' })),
  ];
  if (found.length === 0) return { text, keys: [] };
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const keys = new Set<string>();
  let result = '';
  let end = 0;
  for (const each of found) {
    if (each.start < end || text.startsWith(marker, each.start)) continue;
    keys.add(each.key);
    const newLines = text.slice(each.start, each.end).replace(/[^\r\n]+/g, '');
    result += text.slice(end, each.start) + each.quote + redactedText(each.value) + each.quote + newLines;
    end = each.end;
  }
  return { text: result + text.slice(end), keys: [...keys] };
}
