import type { Style } from '../../style.ts';
import { cells, pad, shortPath, visibleLines, wrap } from '../../text.ts';

export interface PageOptions {
  style: Style;
  /** Terminal cells in a line; below 20, as 20. */
  columns: number;
  userHome: string;
  now: Date;
  /** Show what is folded by default: settings without effect, every file, package and artifact. */
  all: boolean;
  /** A run that would be: `spoor run --dry-run`. */
  planned?: boolean;
}

const labelWidth = 10;
const indent = '  ';

/** Lines of a page that grow from above; everything that is added fits its width. */
export class Page {
  readonly lines: string[] = [];
  readonly style: Style;
  readonly columns: number;
  readonly userHome: string;
  readonly now: Date;
  readonly all: boolean;
  readonly planned: boolean;

  constructor(options: PageOptions) {
    this.style = options.style;
    this.columns = Math.max(20, options.columns);
    this.userHome = options.userHome;
    this.now = options.now;
    this.all = options.all;
    this.planned = options.planned === true;
  }

  /** Cells in a line of a section. */
  get room(): number {
    return this.columns - indent.length;
  }

  path(path: string): string {
    return shortPath(path, this.userHome);
  }

  /** A label, and beside it a text that is wrapped; on narrow terminals below it. */
  field(label: string, text: string): void {
    const beside = this.columns - labelWidth;
    if (beside < 24) {
      this.lines.push(this.style.dim(label), ...this.wrapped(text));
      return;
    }
    for (const [i, line] of wrap(text, beside).entries()) {
      this.lines.push(`${i === 0 ? this.style.dim(pad(label, labelWidth)) : ' '.repeat(labelWidth)}${line}`);
    }
  }

  /** A title and lines below it; nothing where there are none. */
  section(title: string, lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.lines.push('', this.style.bold(title), ...lines.map((line) => (line === '' ? '' : indent + line)));
  }

  /** Lines of a text inside a section, those after the first with `hanging` before them. */
  wrapped(text: string, hanging = indent): string[] {
    return wrap(text, this.room - hanging.length).map((line, i) => (i === 0 ? line : hanging + line));
  }

  /** What a person wrote, in its own lines. */
  prose(text: string): string[] {
    return visibleLines(text).flatMap((line) => wrap(line, this.room - indent.length));
  }

  /** Parts beside each other, each made visible by its giver; a new line begins between two. */
  parts(parts: readonly (string | null | false | undefined)[], hanging = ''): string[] {
    const lines: string[] = [];
    for (const text of parts.filter((part) => typeof part === 'string' && part !== '') as string[]) {
      const last = lines.at(-1);
      if (last !== undefined && cells(last) + 2 + cells(text) <= this.room) {
        lines[lines.length - 1] = `${last}  ${text}`;
        continue;
      }
      const wrapped = wrap(text, this.room - hanging.length);
      lines.push(...wrapped.map((line, i) => (lines.length === 0 && i === 0 ? line : hanging + line)));
    }
    return lines;
  }
}
