/** Bytes kept of one line; the rest of a longer one is dropped, so that a log without line ends costs no memory. */
const longestLine = 64 * 1024;
/** Bytes handed over at once; whoever keeps one line of a piece keeps all of it in memory. */
const longestPiece = 16 * 1024;
const lineFeed = 10;
const carriageReturn = 13;

/**
 * Cuts a byte stream into pieces of whole lines, each ended by `\r` or `\n`, in whatever pieces it
 * comes. They are read as Latin-1, where a character is a byte, which is what makes it fast.
 */
export class LineCutter {
  readonly #onLines: (lines: string) => void;
  #kept = Buffer.allocUnsafe(256);
  #length = 0;

  constructor(onLines: (lines: string) => void) {
    this.#onLines = onLines;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length; at += longestPiece) this.#piece(bytes.subarray(at, at + longestPiece));
  }

  /** What has come since the last line end. */
  get pending(): Buffer {
    return this.#kept.subarray(0, this.#length);
  }

  #piece(bytes: Buffer): void {
    const end = Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn)) + 1;
    if (end > 0) {
      let start = 0;
      if (this.#length > 0) {
        while (bytes[start] !== lineFeed && bytes[start] !== carriageReturn) start++;
        this.#keep(bytes.subarray(0, start));
        this.#onLines(`${this.pending.toString('latin1')}\n`);
        this.#length = 0;
      }
      if (end > start) this.#onLines(bytes.toString('latin1', start, end));
    }
    this.#keep(bytes.subarray(end));
  }

  #keep(bytes: Buffer): void {
    const added = bytes.subarray(0, longestLine - this.#length);
    const wanted = this.#length + added.length;
    if (wanted > this.#kept.length) {
      const grown = Buffer.allocUnsafe(Math.min(longestLine, Math.max(wanted, this.#kept.length * 2)));
      this.#kept.copy(grown, 0, 0, this.#length);
      this.#kept = grown;
    }
    added.copy(this.#kept, this.#length);
    this.#length = wanted;
  }
}

/** Tells each line of a piece by where it begins and ends; empty lines are passed over. */
export function eachLine(lines: string, tell: (from: number, to: number) => void): void {
  let feed = -1;
  let back = -1;
  for (let from = 0; from < lines.length; ) {
    if (feed < from) feed = indexOrEnd(lines, '\n', from);
    if (back < from) back = indexOrEnd(lines, '\r', from);
    const to = Math.min(feed, back);
    if (to > from) tell(from, to);
    from = to + 1;
  }
}

function indexOrEnd(text: string, part: string, from: number): number {
  const at = text.indexOf(part, from);
  return at < 0 ? text.length : at;
}

const escapes =
  // CSI; OSC up to BEL or ST (hyperlinks, titles); two-character sequences; what is left of a cut one.
  /\x1b(?:\[[0-?]*[ -/]*[@-~]?|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~]?)/g;

/** Text without terminal control: colours, links, cursor movements, stray control characters. */
export function stripTerminal(text: string): string {
  if (!/[\x00-\x08\x0b-\x1f\x7f]/.test(text)) return text;
  return text.replace(escapes, '').replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}
