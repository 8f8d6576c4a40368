/** The terminal as a whole screen: lines that change are written, and what was there before comes back at the end. */
import { writeSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import { cells } from '../text.ts';

/** A picture over the cells of the screen, from 0. */
export interface PlacedPicture {
  row: number;
  column: number;
  /** The escape sequence that draws it. */
  text: string;
}

export interface Frame {
  /** From the top, painted, none wider than the screen. */
  lines: readonly string[];
  pictures: readonly PlacedPicture[];
}

/** Another screen, no cursor, no wrapping at the edge; and all of it back. */
const enter = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const leave = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const removePictures = '\x1b_Ga=d,d=A,q=2\x1b\\';

export interface ScreenOptions {
  stdout: WriteStream;
  stdin: ReadStream;
  /** Whether pictures are drawn at all: else nothing is sent about them. */
  pictures: boolean;
  onInput(text: string): void;
  /** Another size, or back after a stop: all is drawn anew. */
  onResize(): void;
}

export class Screen {
  readonly #options: ScreenOptions;
  #shown: readonly string[] = [];
  #pictures: readonly PlacedPicture[] = [];
  #isOpen = false;
  /** Goes on where nothing stopped; of a stop that is over. */
  #goOn: ReturnType<typeof setTimeout> | undefined;
  readonly #input = (bytes: Buffer) => this.#options.onInput(bytes.toString('utf8'));
  readonly #anew = () => {
    this.#shown = [];
    this.#pictures = [];
    if (this.#isOpen) {
      this.#options.stdout.write(`${this.#options.pictures ? removePictures : ''}\x1b[2J`);
      this.#options.onResize();
    }
  };
  readonly #onExit = () => this.close();
  readonly #onStop = () => this.suspend();
  readonly #onContinue = () => this.#resume();

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  get size(): { columns: number; rows: number } {
    const { columns, rows } = this.#options.stdout;
    return { columns: columns || 80, rows: rows || 24 };
  }

  open(): void {
    this.#enter();
    this.#options.stdout.on('resize', this.#anew);
    process.on('exit', this.#onExit).on('SIGTSTP', this.#onStop).on('SIGCONT', this.#onContinue);
    // Before Node tells of what nobody caught, which would be told to a screen that goes away.
    process.on('uncaughtExceptionMonitor', this.#onExit);
  }

  /** Also where the process ends by itself: what is written then must be written at once. */
  close(): void {
    const { stdout, stdin } = this.#options;
    process.off('exit', this.#onExit).off('SIGTSTP', this.#onStop).off('SIGCONT', this.#onContinue);
    process.off('uncaughtExceptionMonitor', this.#onExit);
    stdout.off('resize', this.#anew);
    clearTimeout(this.#goOn);
    this.#leave();
    stdin.off('data', this.#input).pause();
  }

  draw({ lines, pictures }: Frame): void {
    const { stdout } = this.#options;
    // A terminal that takes no more (a slow line) gets the next state instead of every one.
    if (!this.#isOpen || stdout.writableNeedDrain) return;
    let text = '';
    const { columns, rows } = this.size;
    for (let row = 0; row < rows; row++) {
      const line = lines[row] ?? '';
      if (line === this.#shown[row]) continue;
      // Behind the last cell the cursor stands on it: erasing would take it.
      text += `\x1b[${row + 1};1H${line}\x1b[0m${cells(line) < columns ? '\x1b[K' : ''}`;
    }
    if (this.#options.pictures && !samePictures(pictures, this.#pictures)) {
      text += removePictures;
      for (const picture of pictures) text += `\x1b[${picture.row + 1};${picture.column + 1}H${picture.text}`;
    }
    this.#shown = [...lines];
    this.#pictures = pictures;
    // Terminals that know how show all of it at once.
    if (text !== '') stdout.write(`\x1b[?2026h${text}\x1b[?2026l`);
  }

  redraw(): void {
    this.#anew();
  }

  /** Gives the terminal back and stops, as a program that knows nothing of screens does at Ctrl-Z. */
  suspend(): void {
    if (!this.#isOpen) return;
    this.#leave();
    process.off('SIGTSTP', this.#onStop);
    // The whole group, as the terminal would: whoever started this stops too.
    process.kill(0, 'SIGTSTP');
    // Reached at once where nobody could continue it, as the kernel does not stop it then.
    this.#goOn = setTimeout(this.#onContinue, 100);
  }

  #resume(): void {
    clearTimeout(this.#goOn);
    process.off('SIGTSTP', this.#onStop).on('SIGTSTP', this.#onStop);
    this.#enter();
    this.#anew();
  }

  #enter(): void {
    const { stdin } = this.#options;
    this.#write(enter);
    this.#isOpen = true;
    if (!stdin.isTTY) return;
    // After a stop Node believes it is raw while the shell has set it back.
    stdin.setRawMode(false);
    stdin.setRawMode(true);
    stdin.off('data', this.#input).on('data', this.#input).resume();
  }

  #leave(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      if (this.#options.stdin.isTTY) this.#options.stdin.setRawMode(false);
    } catch {
      // The terminal is gone.
    }
    this.#write(`${this.#options.pictures ? removePictures : ''}${leave}`);
  }

  #write(text: string): void {
    try {
      writeSync(1, text);
    } catch {
      // The terminal is gone, or takes nothing now.
    }
  }
}

function samePictures(some: readonly PlacedPicture[], others: readonly PlacedPicture[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ row, column, text }, i) => {
      const other = others[i]!;
      return row === other.row && column === other.column && text === other.text;
    })
  );
}
