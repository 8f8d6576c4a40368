import { link, mkdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodePort, ObjectFormat, OwnRepository, RunGit } from '../model/code-port.ts';
import { SpoorError } from '../model/errors.ts';
import { cannotWrite } from './cannot-write.ts';
import { codeName, isCodeName, makeOwnRepository } from './code/layout.ts';
import { writeLooseObject } from './code/loose-object.ts';
import { temporaryName } from './temporary.ts';

/**
 * The bare repositories under `code/`, one a work tree, which hold snapshots and history:
 * `refs/spoor/runs/<run>` names a run's snapshot, `refs/spoor/history/<head>` a commit whose history
 * is kept. References stay loose and no objects are borrowed, so that copying files in either
 * direction merges two of them.
 */
export class CodeRepositories implements CodePort {
  readonly git: RunGit;
  readonly #codeDirectory: string;
  readonly #cacheDirectory: string;

  constructor(directories: { codeDirectory: string; cacheDirectory: string }, git: RunGit) {
    this.git = git;
    this.#codeDirectory = directories.codeDirectory;
    this.#cacheDirectory = directories.cacheDirectory;
  }

  /** Finds or makes the repository for a work tree. Errors: `cannot-write`. */
  async open(topDirectory: string, format: ObjectFormat): Promise<OwnRepository> {
    const code = codeName(topDirectory, format);
    const gitDirectory = join(this.#codeDirectory, `${code}.git`);
    const there = await stat(join(gitDirectory, 'config')).catch(() => null);
    if (!there) await makeOwnRepository(gitDirectory, format);
    return { code, gitDirectory, format };
  }

  /** The repository that a fact names; it may not exist. Errors: `bad-code-name`. */
  named(code: string): OwnRepository {
    if (!isCodeName(code)) throw new SpoorError('data', 'bad-code-name', `${code} is no name of a code repository`);
    return {
      code,
      gitDirectory: join(this.#codeDirectory, `${code}.git`),
      format: code.endsWith('-sha256') ? 'sha256' : 'sha1',
    };
  }

  /** Where the stat cache of a repository, or of one run while it needs its own, stands. */
  indexFile(own: OwnRepository, run?: string): string {
    return join(this.#cacheDirectory, 'index', run === undefined ? own.code : `${own.code}.${run}`);
  }

  async takeIndex(own: OwnRepository, run: string): Promise<string> {
    const mine = this.indexFile(own, run);
    try {
      await mkdir(join(this.#cacheDirectory, 'index'), { recursive: true, mode: 0o700 });
      await unlink(mine).catch(() => {});
    } catch (error) {
      throw cannotWrite(mine, error);
    }
    // A hard link keeps the index's own time, by which git tells entries that are too fresh to trust;
    // git replaces the file when it writes, so that the shared one stays as it is.
    await link(this.indexFile(own), mine).catch(() => {});
    return mine;
  }

  writeCommit(own: OwnRepository, content: string): Promise<string> {
    return writeLooseObject(own, 'commit', Buffer.from(content));
  }

  async scratch(): Promise<string> {
    const directory = join(this.#cacheDirectory, 'git', temporaryName());
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw cannotWrite(directory, error);
    }
    return directory;
  }
}
