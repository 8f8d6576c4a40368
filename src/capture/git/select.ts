import type { BigIntStats } from 'node:fs';
import { lstatSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Omitted } from '../../model/facts.ts';
import { looksSecret } from '../../model/secrets.ts';
import type { FileVersion } from './index-file.ts';
import type { CodeLimits } from './limits.ts';
import { asText, type ByteName, pathBelow, shownName } from './names.ts';

/** Why a file may be in the snapshot: git tracks it, git shows it as untracked, or it is ignored and source. */
export type Standing = 'tracked' | 'untracked' | 'ignored';

/** A file that is recorded but not copied, before it is hashed. */
export interface LeftOut {
  name: ByteName;
  reason: Omitted['reason'];
  stat: BigIntStats | null;
}

/** Files between which no other work gets its turn. */
const chunk = 500;

/** Decides, file by file, what a snapshot holds. Only names and sizes are looked at. */
export class Selection {
  readonly files: ByteName[] = [];
  /** The version of each of `files` that was there when it was selected. */
  readonly versions: FileVersion[] = [];
  readonly leftOut: LeftOut[] = [];
  /** Ignored files that are kept. */
  ignoredKept = 0;
  readonly #top: string;
  readonly #limits: CodeLimits;
  readonly #seen = new Set<ByteName>();
  readonly #directories = new Map<ByteName, boolean>();
  #files: number;
  #bytes: number;

  /** @param top the snapshot's work tree */
  constructor(top: string, limits: CodeLimits) {
    this.#top = top;
    this.#limits = limits;
    this.#files = limits.files;
    this.#bytes = limits.bytes;
  }

  /** @param names relative to the snapshot's work tree */
  async add(names: readonly ByteName[], standing: Standing): Promise<void> {
    for (let i = 0; i < names.length; i++) {
      if (i % chunk === chunk - 1) await setImmediate();
      this.#addOne(names[i]!, standing);
    }
  }

  /** A file that git found it could not read after all. */
  drop(names: readonly ByteName[]): void {
    const gone = new Set(names);
    for (let i = this.files.length - 1; i >= 0; i--) {
      if (!gone.has(this.files[i]!)) continue;
      this.files.splice(i, 1);
      this.versions.splice(i, 1);
    }
    for (const name of names) this.leftOut.push({ name, reason: 'unreadable', stat: this.#stat(name) });
  }

  #addOne(name: ByteName, standing: Standing): void {
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    // Git takes no name with a part `.git`, in any case of letters.
    if (/(^|\/)\.git(\/|$)/i.test(name)) return;
    const end = name.lastIndexOf('/');
    if (end >= 0 && !this.#isDirectory(name.slice(0, end))) return;
    const stat = this.#stat(name);
    if (stat === null || stat.isDirectory()) return;
    const reason = this.#refusal(name, stat, standing);
    if (reason === 'no') return;
    if (reason !== null) {
      this.leftOut.push({ name, reason, stat });
      return;
    }
    if (standing !== 'tracked') {
      this.#files--;
      this.#bytes -= Number(stat.size);
    }
    if (standing === 'ignored') this.ignoredKept++;
    this.files.push(name);
    this.versions.push(versionOf(stat));
  }

  /** Why a file stays out: a reason to record, or `no` for what is not worth a word. */
  #refusal(name: ByteName, stat: BigIntStats, standing: Standing): Omitted['reason'] | 'no' | null {
    if (!stat.isFile() && !stat.isSymbolicLink()) return standing === 'ignored' ? 'no' : 'special';
    if (standing === 'tracked') return stat.size > this.#limits.trackedFileBytes ? 'too-large' : null;
    if (stat.isFile() && looksSecret(asText(name) ?? '')) return 'secret';
    if (standing === 'ignored' && stat.size > this.#limits.ignoredFileBytes) return 'no';
    if (stat.size > this.#limits.untrackedFileBytes) return 'too-large';
    return this.#files <= 0 || this.#bytes < stat.size ? 'budget' : null;
  }

  #stat(name: ByteName): BigIntStats | null {
    try {
      return lstatSync(pathBelow(this.#top, name), { bigint: true });
    } catch {
      return null;
    }
  }

  /** Whether all parts are real directories: what lies behind a symbolic link is not of this work tree. */
  #isDirectory(name: ByteName): boolean {
    const known = this.#directories.get(name);
    if (known !== undefined) return known;
    const end = name.lastIndexOf('/');
    const is = (end < 0 || this.#isDirectory(name.slice(0, end))) && (this.#stat(name)?.isDirectory() ?? false);
    this.#directories.set(name, is);
    return is;
  }
}

function versionOf(stat: BigIntStats): FileVersion {
  const { ctimeNs, mtimeNs, ino, size, mode } = stat;
  return {
    changedNs: ctimeNs,
    modifiedNs: mtimeNs,
    inode: Number(BigInt.asUintN(32, ino)),
    size: Number(BigInt.asUintN(32, size)),
    mode: stat.isSymbolicLink() ? 0o120000 : mode & 0o100n ? 0o100755 : 0o100644,
  };
}

export function omittedOf({ name, reason, stat }: LeftOut): Omitted {
  const bytes = stat?.isFile() ? Number(stat.size) : null;
  return { path: shownName(name), reason, bytes, sha256: null };
}
