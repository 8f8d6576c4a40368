/** The lines of a log in one form, read on as it grows. */
import type { LogForm, LogLine } from '../api/log.ts';
import { CleanLog } from '../follow/clean-log.ts';
import { openRegular, readFully } from '../follow/open-regular.ts';

const chunkBytes = 1 << 20;
/** What is held of a long log is its end. */
const mostLines = 400_000;
const mostCharacters = 64 << 20;
const longestLine = 20_000;

export class LogLines {
  readonly #path: string;
  readonly #form: LogForm;
  #take: { push(bytes: Uint8Array): void; end(): void };
  #lines: string[] = [];
  #characters = 0;
  /** How many lines before those held were dropped. */
  #dropped = 0;
  #size = 0;
  /** The last line, of which more may come. */
  #open: string[] = [];

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

  /** Number of the first line that is held. */
  get first(): number {
    return this.#dropped;
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

  /** All that are held, the unfinished last one among them. */
  all(): readonly string[] {
    return this.#open.length === 0 ? this.#lines : [...this.#lines, ...this.#open];
  }

  #begin(): void {
    this.#lines = [];
    this.#open = [];
    [this.#characters, this.#dropped, this.#size] = [0, 0, 0];
    this.#take = this.#reader();
  }

  #add(line: string): void {
    const text = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
    this.#lines.push(text);
    this.#characters += text.length;
  }

  #drop(): void {
    if (this.#lines.length <= mostLines && this.#characters <= mostCharacters) return;
    const gone = this.#lines.splice(0, Math.ceil(this.#lines.length / 4));
    this.#characters -= gone.reduce((sum, { length }) => sum + length, 0);
    this.#dropped += gone.length;
  }

  #reader() {
    if (this.#form !== 'raw') {
      return new CleanLog((text) => this.#add(text.slice(0, -1)), { colours: this.#form === 'coloured' });
    }
    const decoder = new TextDecoder();
    let rest = '';
    return {
      push: (bytes: Uint8Array) => {
        const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
        rest = (lines.pop() ?? '').slice(-chunkBytes);
        for (const line of lines) this.#add(line);
        this.#open = rest === '' ? [] : [rest];
      },
      end: () => {},
    };
  }
}

const error =
  /\b(?:error|exception|fatal|traceback|segmentation fault|out of memory|killed)\b|\b\w+(?:Error|Exception)\b/i;
const warning = /\bwarn(?:ing)?\b|\bdeprecated\b/i;
/** Words in which nothing went wrong. */
const harmless = /\b(?:0 errors?|no errors?|error[_ ]?rate|huber|min_snr)\b/i;

export function levelOf(text: string): LogLine['level'] {
  if (warning.test(text)) return 'warning';
  return error.test(text) && !harmless.test(text) ? 'error' : 'plain';
}
