/** Bytes kept of one line; the rest of a longer one is dropped, so that a log without line ends costs no memory. */
const longest = 64 * 1024;
const lineFeed = 10;
const carriageReturn = 13;

/**
 * Cuts a byte stream at `\r` and `\n`, whatever pieces it comes in. Empty lines are passed over.
 * The view handed to `onLine` is only valid during the call.
 */
export class LineCutter {
  readonly #onLine: (line: Buffer) => void;
  #kept = Buffer.allocUnsafe(256);
  #length = 0;

  constructor(onLine: (line: Buffer) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte !== lineFeed && byte !== carriageReturn) continue;
      if (this.#length > 0) {
        this.#keep(bytes, start, at);
        this.#onLine(this.#kept.subarray(0, this.#length));
        this.#length = 0;
      } else if (at > start) this.#onLine(bytes.subarray(start, Math.min(at, start + longest)));
      start = at + 1;
    }
    this.#keep(bytes, start, bytes.length);
  }

  /** What has come since the last line end. */
  get pending(): Buffer {
    return this.#kept.subarray(0, this.#length);
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    const end = Math.min(to, from + longest - this.#length);
    if (end <= from) return;
    const wanted = this.#length + end - from;
    if (wanted > this.#kept.length) {
      const grown = Buffer.allocUnsafe(Math.min(longest, Math.max(wanted, this.#kept.length * 2)));
      this.#kept.copy(grown, 0, 0, this.#length);
      this.#kept = grown;
    }
    bytes.copy(this.#kept, this.#length, from, end);
    this.#length = wanted;
  }
}

const escapes =
  // CSI; OSC up to BEL or ST (hyperlinks, titles); two-character sequences; what is left of a cut one.
  /\x1b(?:\[[0-?]*[ -/]*[@-~]?|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~]?)/g;

/** Text without terminal control: colours, links, cursor movements, stray control characters. */
export function stripTerminal(text: string): string {
  if (!/[\x00-\x08\x0b-\x1f\x7f]/.test(text)) return text;
  return text.replace(escapes, '').replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}
