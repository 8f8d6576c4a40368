/**
 * The name of a blind test: letters that chance gave, which decide order and sides, then letters by which its pairs are
 * known. It stands in the address: what it decides is found by reckoning alone, never by a look at it.
 */
const letters = 'abcdefghijklmnop';
const drawn = 16;
const known = 8;
const name = new RegExp(`^[${letters}]{${drawn + known}}$`);

/** @param keys of its pairs, in any order */
export function newTestName(keys: readonly string[]): string {
  const bytes = crypto.getRandomValues(new Uint8Array(drawn));
  const seed = [...bytes].map((byte) => letters[byte % 16]).join('');
  return seed + knownBy(seed, keys);
}

export const isTestName = (text: string | undefined): text is string => name.test(text ?? '');

/** Whether these are the pairs that the test began with. */
export const isOfPairs = (test: string, keys: readonly string[]): boolean =>
  test.slice(drawn) === knownBy(test.slice(0, drawn), keys);

function knownBy(seed: string, keys: readonly string[]): string {
  const hash = hashOf([seed, ...[...keys].sort()].join('\n'));
  return Array.from({ length: known }, (_, place) => letters[(hash >>> (4 * place)) & 15]).join('');
}

/** 32 bits that a text comes to, each as likely 0 as 1: FNV-1a, mixed as MurmurHash3 does at its end. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
