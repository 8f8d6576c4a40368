/** Drawing with the eight dots of braille characters: 2 × 4 dots in a terminal cell. */

/** Bits of the dots of a cell, by column and row. */
const bits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** Dots and lines of them. The origin is at the top left. */
export class BrailleCanvas {
  readonly columns: number;
  readonly rows: number;
  readonly #dots: Uint8Array;
  /** The highest layer that drew into each cell; 0 where none did. */
  readonly #layers: Uint8Array;

  constructor(columns: number, rows: number) {
    this.columns = Math.max(0, Math.floor(columns));
    this.rows = Math.max(0, Math.floor(rows));
    this.#dots = new Uint8Array(this.columns * this.rows);
    this.#layers = new Uint8Array(this.columns * this.rows);
  }

  get width(): number {
    return this.columns * 2;
  }

  get height(): number {
    return this.rows * 4;
  }

  /**
   * What is outside, or no number, is left out.
   * @param layer from 1: a cell shows its highest alone, for it has one colour
   */
  dot(x: number, y: number, layer: number): void {
    const [left, top] = [Math.round(x), Math.round(y)];
    if (!(left >= 0 && left < this.width && top >= 0 && top < this.height)) return;
    const at = (top >> 2) * this.columns + (left >> 1);
    if (layer < this.#layers[at]!) return;
    if (layer > this.#layers[at]!) this.#dots[at] = 0;
    this.#dots[at]! |= bits[left & 1 ? 1 : 0][top & 3]!;
    this.#layers[at] = layer;
  }

  /** @param every draws each so many-th dot only: a dotted line */
  line(x0: number, y0: number, x1: number, y1: number, layer: number, every = 1): void {
    if (![x0, y0, x1, y1].every(Number.isFinite)) return;
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
    // A line to far outside takes no longer than one across the canvas.
    const [from, to] = this.#inside(x0, y0, x1, y1);
    if (from > to) return;
    // Where numbers are too large to tell places apart, no more than a canvas has.
    const count = Math.min(Math.max(1, Math.ceil(steps * (to - from))), this.width + this.height);
    for (let i = 0; i <= count; i++) {
      const part = from + ((to - from) * i) / count;
      const [x, y] = [x0 + (x1 - x0) * part, y0 + (y1 - y0) * part];
      if (every > 1 && (Math.round(x) + Math.round(y)) % every !== 0) continue;
      this.dot(x, y, layer);
    }
  }

  /** The part of a line that is on the canvas, from 0 to 1; the second is less than the first where none is. */
  #inside(x0: number, y0: number, x1: number, y1: number): [number, number] {
    let [from, to] = [0, 1];
    for (const [start, delta, least, most] of [
      [x0, x1 - x0, -1, this.width],
      [y0, y1 - y0, -1, this.height],
    ] as const) {
      if (delta === 0) {
        if (start < least || start > most) return [1, 0];
        continue;
      }
      const [a, b] = [(least - start) / delta, (most - start) / delta];
      from = Math.max(from, Math.min(a, b));
      to = Math.min(to, Math.max(a, b));
    }
    return [from, to];
  }

  /** The rows as text; `paint` gets neighbours of one layer together, 0 for empty ones (spaces). */
  lines(paint: (text: string, layer: number) => string = (text) => text): string[] {
    return Array.from({ length: this.rows }, (_, row) => {
      let line = '';
      let run = '';
      let layer = 0;
      for (let column = 0; column < this.columns; column++) {
        const at = row * this.columns + column;
        if (this.#layers[at] !== layer && run !== '') {
          line += paint(run, layer);
          run = '';
        }
        layer = this.#layers[at]!;
        run += this.#dots[at] === 0 ? ' ' : String.fromCodePoint(0x2800 + this.#dots[at]!);
      }
      return run === '' ? line : line + paint(run, layer);
    });
  }
}
