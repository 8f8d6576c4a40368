/** Crockford's base 32, as ULIDs use it (https://github.com/ulid/spec). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 26 characters: 48 bits of milliseconds since 1970, then 80 random bits; sorts by time. */
export type RunId = string;

/**
 * @param milliseconds since 1970, below 2^48
 * @param random exactly 10 bytes
 */
export function makeRunId(milliseconds: number, random: Uint8Array): RunId {
  if (!(milliseconds >= 0 && milliseconds < 2 ** 48)) throw new RangeError(`time ${milliseconds} does not fit 48 bits`);
  if (random.length !== 10) throw new RangeError(`a run id needs 10 random bytes, not ${random.length}`);
  let bits = BigInt(Math.floor(milliseconds));
  for (const byte of random) bits = (bits << 8n) | BigInt(byte);
  let id = '';
  for (let i = 0; i < 26; i++) {
    id = alphabet[Number(bits & 31n)] + id;
    bits >>= 5n;
  }
  return id;
}

export function isRunId(text: string): text is RunId {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text);
}

/** Milliseconds since 1970. */
export function runIdTime(id: RunId): number {
  let time = 0;
  for (const letter of id.slice(0, 10)) time = time * 32 + alphabet.indexOf(letter);
  return time;
}
