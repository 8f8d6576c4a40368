import { stripVTControlCharacters } from 'node:util';

/** A progress bar's line: a percentage, a bar and a count, or a count past its end. */
const bar = /(?:\d{1,3}%\|[^|]{0,2000}\|\s*[\d.]+\w?\/[\d.]+\w?\s*\[|^\s*(?:[\w ]+:\s*)?\d+it \[)[^\]]*\]?/;
/** Longer lines are shown in pieces of this many characters. */
const longest = 1 << 20;
/** Labels of bars that are remembered. */
const mostBars = 100;

/**
 * The log as a person would read it: no escape sequences, and of a bar that was drawn again and
 * again only the last state before the next line of text.
 */
export class CleanLog {
  readonly #write: (text: string) => void;
  readonly #colours: boolean;
  readonly #decoder = new TextDecoder();
  #line = '';
  #bar: string | null = null;
  /** What was last written of each bar, by its label: a bar drawn again after other lines says nothing new. */
  readonly #written = new Map<string, string>();

  /** @param options `colours`: escape sequences that only colour stay in lines of text */
  constructor(write: (text: string) => void, { colours = false } = {}) {
    this.#write = write;
    this.#colours = colours;
  }

  push(bytes: Uint8Array): void {
    this.#text(this.#decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.#text(this.#decoder.decode());
    if (this.#line !== '') this.#take(this.#line);
    this.#line = '';
    this.#flushBar();
  }

  /** What is not written yet: the last state of a bar that may be drawn again, and a line of which more may come. */
  get pending(): string[] {
    const lines: string[] = [];
    const open = new CleanLog((text) => lines.push(text.slice(0, -1)), { colours: this.#colours });
    open.#bar = this.#bar;
    for (const [label, bar] of this.#written) open.#written.set(label, bar);
    if (this.#line !== '') open.#take(this.#line);
    open.#flushBar();
    return lines;
  }

  #text(text: string): void {
    const pieces = (this.#line + text).split(/\r\n|\n|\r(?!$)/);
    this.#line = pieces.pop() ?? '';
    for (const piece of pieces) this.#take(piece);
    while (this.#line.length > longest) {
      this.#take(this.#line.slice(0, longest));
      this.#line = this.#line.slice(longest);
    }
  }

  #take(raw: string): void {
    const line = plainLine(raw);
    const found = line.includes('[') ? bar.exec(line) : null;
    if (!found) {
      if (line === '') return;
      this.#flushBar();
      this.#write(`${this.#colours ? colouredLine(raw) : line}\n`);
      return;
    }
    const end = found.index + found[0].length;
    this.#bar = line.slice(0, end).trim();
    // A log line glued on to the bar, as rich writes it on stderr.
    const rest = line.slice(end).trim();
    if (rest !== '') this.#take(rest);
  }

  #flushBar(): void {
    const bar = this.#bar;
    this.#bar = null;
    if (bar === null) return;
    const label = bar.slice(0, bar.search(/\d/)).trim().slice(0, 100);
    if (this.#written.get(label) === bar) return;
    if (this.#written.size >= mostBars) this.#written.clear();
    this.#written.set(label, bar);
    this.#write(`${bar}\n`);
  }
}

/** Most lines of a long log have nothing to take out. */
const odd = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

function plainLine(raw: string): string {
  if (!odd.test(raw)) return raw.trimEnd();
  return stripVTControlCharacters(raw)
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .trimEnd();
}

/** Between its colours, which alone are left, the line is plain. */
function colouredLine(raw: string): string {
  if (!odd.test(raw)) return raw.trimEnd();
  const pieces = raw.split(/(\u001b\[[\d;:]{0,50}m)/);
  return pieces
    .map((piece, at) =>
      at % 2 === 1 ? piece : piece.replace(/\s+$/, (space) => (at === pieces.length - 1 ? '' : space)),
    )
    .map((piece, at) =>
      at % 2 === 1 ? piece : stripVTControlCharacters(piece).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ''),
    )
    .join('');
}
