/** The files of a home on another machine: what there is, whole files, and the ends of growing ones. */
import type { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { SpoorError } from '../model/errors.ts';
import { quote, type Ssh } from './ssh.ts';

/** Size in bytes by path below the home. */
export type Listing = ReadonlyMap<string, number>;

export interface RemoteFile {
  name: string;
  bytes: number;
  content: AsyncIterable<Uint8Array>;
}

/** Bytes of a listing: a home with a million files. */
const longestListing = 256 * 1024 * 1024;
/** Where a home may be if nobody says. */
const usualPlaces =
  '"$XDG_DATA_HOME/spoor" "$HOME/.local/share/spoor" /workspace/.spoor /runpod-volume/.spoor /storage/.spoor';

export class RemoteHome {
  readonly #ssh: Ssh;
  readonly #path: string;

  private constructor(ssh: Ssh, path: string) {
    this.#ssh = ssh;
    this.#path = path;
  }

  get path(): string {
    return this.#path;
  }

  /** Errors: `no-home-there`, `ssh-failed`. @param path null: wherever one usually is */
  static async open(ssh: Ssh, path: string | null): Promise<RemoteHome> {
    const given = path === null ? usualPlaces : path.startsWith('~') ? `"$HOME"${quote(path.slice(1))}` : quote(path);
    const script = `for d in ${given}; do for e in "$d" "$d/.spoor"; do if [ -f "$e/home.json" ]; then cd "$e" && pwd; exit; fi; done; done`;
    const found = (await ssh.output(script, 65_536)).toString('utf8').replace(/\n$/, '');
    if (found !== '') return new RemoteHome(ssh, found);
    const where = path === null ? 'in any of the usual places' : `at ${path}`;
    const hint = 'On that machine, spoor doctor says where its home is.';
    throw new SpoorError('not-found', 'no-home-there', `there are no records ${where}`, hint);
  }

  /** Regular files below these directories, those that are not there left out. */
  async list(directories: readonly string[]): Promise<Listing> {
    const listing = new Map<string, number>();
    if (directories.length === 0) return listing;
    // `wc` adds lines of totals; a name of ours is never `total`.
    const script = `cd ${quote(this.#path)} && find ${directories.map(quote).join(' ')} -type f -exec wc -c {} + 2>/dev/null; true`;
    const answer = (await this.#ssh.output(script, longestListing)).toString('utf8');
    for (const line of answer.split('\n')) {
      const [, size, name] = /^ *(\d+) (.+)$/.exec(line) ?? [];
      if (name?.includes('/')) listing.set(name, Number(size));
    }
    return listing;
  }

  /**
   * Whole files, in the order in which they come. What has vanished meanwhile is missing.
   *
   * @param take is given each file and must read or abandon its content before the next comes
   */
  async whole(names: readonly string[], take: (file: RemoteFile) => Promise<void>): Promise<void> {
    if (names.length === 0) return;
    // Not tar's own -T, which BusyBox may lack. Several archives may follow each other.
    const command = this.#ssh.start(`cd ${quote(this.#path)} && xargs tar -cf - 2>/dev/null; true`);
    command.stdin.end(names.map((name) => `${name}\n`).join(''));
    const wanted = new Set(names);
    try {
      await eachEntry(command.stdout, async (header, content) => {
        const { name, type, size = 0 } = header;
        // Nothing that was not asked for is taken, whatever the archive says.
        if (type === 'file' && wanted.delete(name)) await take({ name, bytes: size, content });
      });
      await command.ended;
    } catch (error) {
      // A broken connection ends the archive in the middle: what ssh says of it is the cause.
      if (command.stdout.readableEnded) await command.ended;
      command.kill();
      throw error;
    }
  }

  /** The bytes of a file from an offset on, exactly so many; fewer if it has shrunk. */
  async *part(name: string, from: number, bytes: number): AsyncIterable<Uint8Array> {
    const file = quote(`${this.#path}/${name}`);
    const command = this.#ssh.start(`tail -c +${from + 1} ${file} | head -c ${bytes}`);
    command.stdin.end();
    try {
      let left = bytes;
      for await (const chunk of command.stdout as AsyncIterable<Buffer>) {
        if (chunk.length > left)
          throw new SpoorError('data', 'remote-too-large', `more of ${name} comes than there is`);
        left -= chunk.length;
        yield chunk;
      }
      await command.ended;
    } finally {
      command.kill();
    }
  }
}

/** By events: the iterator of tar-stream may wait for ever where an archive is cut off between two files. */
function eachEntry(
  archive: Readable,
  take: (header: Header, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const entries = extract();
  return new Promise<void>((resolve, reject) => {
    entries.on('entry', (header, stream, next) => {
      stream.on('error', () => {});
      take(header, stream as unknown as AsyncIterable<Buffer>).then(
        () => {
          stream.resume();
          next();
        },
        (error) => {
          reject(error);
          entries.destroy();
        },
      );
    });
    entries.once('finish', resolve);
    entries.once('error', () => reject(badArchive()));
    entries.once('close', () => reject(badArchive()));
    archive.pipe(entries);
  });
}

function badArchive(): SpoorError {
  const hint = 'See whether tar works on that machine, then pull again: what came is kept.';
  return new SpoorError('data', 'remote-failed', 'what tar sends from that machine is no whole archive', hint);
}
