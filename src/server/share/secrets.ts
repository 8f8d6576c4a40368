/** Likely secrets in what is about to be written. */
import { isSecretKey, redactText } from '../../model/secrets.ts';

export interface FoundSecret {
  /** `the log of noob-wolf-v3, line 12` */
  place: string;
  kind: string;
}

/** In a text by lines. */
export function secretsInText(text: string, place: string): FoundSecret[] {
  const [kind] = kindsIn(text);
  if (kind === undefined) return [];
  const lines = text.split('\n').flatMap((line, at) => {
    const [found] = kindsIn(line);
    return found === undefined ? [] : [{ place: `${place}, line ${at + 1}`, kind: found }];
  });
  // One that goes over several lines.
  return lines.length > 0 ? lines : [{ place, kind }];
}

/** In every text of a document, with the key that it stands under. */
export function secretsInDocument(value: unknown, place: string, key = ''): FoundSecret[] {
  if (typeof value === 'string') {
    const [kind] = isSecretKey(key) && !isHidden(value) ? [key] : kindsIn(value);
    return kind === undefined ? [] : [{ place: key === '' ? place : `${place} (${key})`, kind }];
  }
  if (Array.isArray(value)) return value.flatMap((each) => secretsInDocument(each, place, key));
  if (typeof value !== 'object' || value === null) return [];
  // `{ key: 'wandb_api_key', value: … }` of a list of settings.
  const named = value as { key?: unknown };
  return Object.entries(value).flatMap(([name, each]) =>
    secretsInDocument(each, place, name === 'value' && typeof named.key === 'string' ? named.key : name),
  );
}

/** What is redacted where it is recorded: by the names of keys, by shapes. */
const kindsIn = (text: string) => redactText(text, 'text').keys;

const isHidden = (value: string) => value === '' || value.includes('redacted');
