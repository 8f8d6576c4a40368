/**
 * Seeded random numbers, the same on every machine and Node: sfc32 (Chris Doty-Humphrey, PractRand).
 */
export class Random {
  /** @param {number} seed any integer; the same seed gives the same sequence */
  constructor(seed) {
    const low = seed >>> 0;
    const high = Math.floor(seed / 2 ** 32) >>> 0;
    this.a = low;
    this.b = high;
    this.c = 0x9e3779b9;
    this.counter = 1;
    for (let i = 0; i < 15; i++) this.#word();
  }

  #word() {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  uniform() {
    return this.#word() / 2 ** 32;
  }

  /** Normal, mean 0, standard deviation 1 (Box–Muller). */
  normal() {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * @param {number} length
   * @param {number} deviation
   */
  normals(length, deviation) {
    return Float32Array.from({ length }, () => this.normal() * deviation);
  }

  /**
   * A new array in random order (Fisher–Yates).
   * @template T
   * @param {readonly T[]} items
   */
  shuffled(items) {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = Math.floor(this.uniform() * (i + 1));
      const kept = /** @type {T} */ (result[i]);
      result[i] = /** @type {T} */ (result[j]);
      result[j] = kept;
    }
    return result;
  }
}

/**
 * FNV-1a over the UTF-8 bytes: a seed for a text.
 * @param {string} text
 */
export function hashText(text) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
