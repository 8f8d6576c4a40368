/** The lines of a log in one form, read on as it grows. */
import type { LogForm, LogLine } from '../api/log.ts';
import { CleanLog } from '../follow/clean-log.ts';
import { openRegular, readFully } from '../follow/open-regular.ts';

const chunkBytes = 1 << 20;
/** What is held of a long log is its end. */
const mostLines = 1_500_000;
const mostCharacters = 96 << 20;
const longestLine = 20_000;

/** Lines as they are counted: all, or those that warn. */
export interface LogView {
  /** Number of the first that is held, and how many are held. */
  first: number;
  count: number;
  /** @param index from `first` to before `first + count` */
  at(index: number): LogLine;
}

export class LogLines {
  readonly #path: string;
  readonly #form: LogForm;
  #take: { push(bytes: Uint8Array): void; readonly pending: readonly string[] };
  #lines: string[] = [];
  /** Numbers of the lines that warn or tell of errors. */
  #loud: number[] = [];
  #characters = 0;
  /** How many lines before those held were dropped. */
  #dropped = 0;
  #size = 0;

  constructor(path: string, form: LogForm) {
    this.#path = path;
    this.#form = form;
    this.#take = this.#reader();
  }

  get size(): number {
    return this.#size;
  }

  get cut(): boolean {
    return this.#dropped > 0;
  }

  /** Reads what came since. @returns false where there is no log */
  async poll(): Promise<boolean> {
    const handle = await openRegular(this.#path, 'follow');
    if (!handle) return false;
    try {
      const { size } = await handle.stat();
      // Another log, or one that was cut.
      if (size < this.#size) this.#begin();
      const buffer = new Uint8Array(chunkBytes);
      while (this.#size < size) {
        const read = await readFully(handle, buffer, this.#size);
        if (read === 0) break;
        this.#take.push(buffer.slice(0, read));
        this.#size += read;
        this.#drop();
      }
    } finally {
      await handle.close();
    }
    return true;
  }

  /** Some of all, or of those that warn: what is not finished yet comes last. */
  view(warnings: boolean): LogView {
    const open = this.#take.pending;
    const end = this.#dropped + this.#lines.length;
    const at = (number: number): LogLine => {
      const text = this.#lines[number - this.#dropped] ?? open[number - end] ?? '';
      return { line: number, text, level: levelOf(text) };
    };
    if (!warnings) return { first: this.#dropped, count: this.#lines.length + open.length, at: (i) => at(i) };
    const loud = [...this.#loud, ...open.flatMap((text, i) => (levelOf(text) === 'plain' ? [] : [end + i]))];
    return { first: 0, count: loud.length, at: (i) => at(loud[i] as number) };
  }

  #begin(): void {
    this.#lines = [];
    this.#loud = [];
    [this.#characters, this.#dropped, this.#size] = [0, 0, 0];
    this.#take = this.#reader();
  }

  #add(line: string): void {
    const text = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
    if (levelOf(text) !== 'plain') this.#loud.push(this.#dropped + this.#lines.length);
    this.#lines.push(text);
    this.#characters += text.length;
  }

  #drop(): void {
    if (this.#lines.length <= mostLines && this.#characters <= mostCharacters) return;
    const gone = this.#lines.splice(0, Math.ceil(this.#lines.length / 4));
    this.#characters -= gone.reduce((sum, { length }) => sum + length, 0);
    this.#dropped += gone.length;
    const held = this.#loud.findIndex((number) => number >= this.#dropped);
    this.#loud = held < 0 ? [] : this.#loud.slice(held);
  }

  #reader() {
    if (this.#form !== 'raw') {
      return new CleanLog((text) => this.#add(text.slice(0, -1)), { colours: this.#form === 'coloured' });
    }
    const decoder = new TextDecoder();
    let rest = '';
    return {
      get pending() {
        return rest === '' ? [] : [rest];
      },
      push: (bytes: Uint8Array) => {
        const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
        rest = (lines.pop() ?? '').slice(-chunkBytes);
        for (const line of lines) this.#add(line);
      },
    };
  }
}

/** Without one of these no line is loud: a quick look, for a million of them. */
const maybe = /warn|deprecated|error|exception|fatal|traceback|segmentation|out of memory|killed/i;
const error =
  /\b(?:error|exception|fatal|traceback|segmentation fault|out of memory|killed)\b|\b\w+(?:Error|Exception)\b/i;
const warning = /\bwarn(?:ing)?\b|\bdeprecated\b/i;
/** Words in which nothing went wrong. */
const harmless = /\b(?:0 errors?|no errors?|error[_ ]?rate|huber|min_snr)\b/i;

/** Colours: they glue letters to the words before which they stand. */
export const colours = /\u001b\[[\d;:]*m/g;

function levelOf(line: string): LogLine['level'] {
  if (!maybe.test(line)) return 'plain';
  const text = line.replace(colours, ' ');
  if (warning.test(text)) return 'warning';
  return error.test(text) && !harmless.test(text) ? 'error' : 'plain';
}
