/** What the page remembers of its user: `ui/ui.json` in the home. Not in the catalog, which may be rebuilt. */
import { hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ui, ui } from '../api/settings.ts';
import { SpoorError } from '../model/errors.ts';
import { writeDurably } from '../store/durable.ts';
import type { Home } from '../store/home.ts';
import { oneByOne } from './guard/gate.ts';

const mostBytes = 4 << 20;

export class UiFile {
  readonly #directory: string;
  readonly #turn = oneByOne();

  constructor({ directory }: Home) {
    this.#directory = join(directory, 'ui');
  }

  /** What is damaged counts as not there. */
  async read(): Promise<{ ui: Ui; revision: string }> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const parsed = ui.safeParse(text.length > mostBytes ? {} : json(text));
    return { ui: parsed.success ? parsed.data : ui.parse({}), revision: hash('sha256', text, 'hex').slice(0, 16) };
  }

  /** Errors: `written-meanwhile`, `cannot-write`. */
  write(next: Ui, revision: string): Promise<{ ui: Ui; revision: string }> {
    return this.#turn.through(async () => {
      if ((await this.read()).revision !== revision) {
        const hint = 'Read it again and repeat the change.';
        throw new SpoorError('busy', 'written-meanwhile', 'another page has written it meanwhile', hint);
      }
      const text = `${JSON.stringify(next, null, 2)}\n`;
      if (text.length > mostBytes) throw new SpoorError('usage', 'too-large', 'more than a page may remember');
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await writeDurably(this.#path, Buffer.from(text), { mode: 0o600 });
      return this.read();
    });
  }

  get #path(): string {
    return join(this.#directory, 'ui.json');
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
