import { existsSync } from 'node:fs';
import { posix } from 'node:path';

/** Where what stood elsewhere stands now; how paths that name it are rewritten. */
export class Places {
  /** Absolute directory in which the command started. */
  readonly cwd: string;
  /** The one in which it shall start now. */
  readonly newCwd: string;
  readonly #moved = new Map<string, string>();
  readonly #made = new Map<string, string>();
  readonly #named: ReadonlySet<string>;
  readonly #keys: ReadonlySet<string>;

  /**
   * @param moved pairs of a file's or directory's absolute path then and now
   * @param named paths that the settings name and that stay where they are
   * @param keys names of settings that hold paths
   */
  constructor(at: {
    cwd: string;
    into: string;
    moved: Iterable<readonly [from: string, to: string]>;
    named: Iterable<string>;
    keys: Iterable<string>;
  }) {
    this.cwd = at.cwd;
    for (const [from, to] of at.moved) if (!this.#moved.has(from)) this.#moved.set(from, to);
    this.#named = new Set(at.named);
    this.#keys = new Set(at.keys);
    this.newCwd = this.now(at.cwd) ?? at.into;
  }

  /** A file that takes the place of the one that was restored. */
  move(from: string, to: string): void {
    this.#moved.set(from, to);
  }

  /** A directory that the trainer makes: only it itself, nothing of what lies in the old one. */
  make(from: string, to: string): void {
    this.#made.set(from, to);
  }

  /** Where the file or directory with this absolute path stands now; null where it was not restored. */
  now(path: string): string | null {
    const plain = trimmed(posix.normalize(path));
    const made = this.#made.get(plain);
    if (made !== undefined) return made;
    for (let at = plain; ; at = posix.dirname(at)) {
      const to = this.#moved.get(at);
      if (to !== undefined) {
        const place = posix.join(to, posix.relative(at, plain));
        return existsSync(place) ? place : null;
      }
      if (at === posix.dirname(at)) return null;
    }
  }

  /** A setting's value or a word of the command line, so that it means the same from the new directory. */
  rewrite(text: string, key: string | null): string {
    if (text === '' || /[\0\n]/.test(text)) return text;
    if (/\s/.test(text) && !posix.isAbsolute(text)) return this.#rewriteInside(text);
    if (!posix.isAbsolute(text) && !text.includes('/') && !this.#holdsPath(key)) return text;
    const path = posix.resolve(this.cwd, text);
    const to = this.now(path) ?? (key === 'config_file' ? this.now(`${path}.toml`) : null);
    if (to !== null) return to === posix.resolve(this.newCwd, text) ? text : to;
    if (posix.isAbsolute(text)) return this.#rewriteInside(text);
    const stays = this.newCwd !== this.cwd && (this.#named.has(path) || existsSync(path));
    return stays ? path : this.#rewriteInside(text);
  }

  #holdsPath(key: string | null): boolean {
    return key !== null && (this.#keys.has(key) || /(?:^|[._-])(?:dir|directory|path|file|folder)$/i.test(key));
  }

  /** Absolute paths within a longer text: a list of directories, `name=/path`, a line for a shell. */
  #rewriteInside(text: string): string {
    return text.replace(/(?<=^|[\s'":;,=(])\/[^\s'":;,=()]+/g, (path) => this.now(path) ?? path);
  }
}

function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
