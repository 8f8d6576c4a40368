import { existsSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CodePort, ObjectFormat, OwnRepository, RunGit } from '../model/code-port.ts';
import { SpoorError } from '../model/errors.ts';
import { cannotWrite } from './cannot-write.ts';
import { codeName, isCodeName, makeOwnRepository } from './code/layout.ts';
import { loosePath, writeLooseObject } from './code/loose-object.ts';
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
  readonly #scratchDirectory: string;

  constructor(directories: { codeDirectory: string; cacheDirectory: string; scratchDirectory: string }, git: RunGit) {
    this.git = git;
    this.#codeDirectory = directories.codeDirectory;
    this.#cacheDirectory = directories.cacheDirectory;
    this.#scratchDirectory = directories.scratchDirectory;
  }

  /** Finds or makes the repository for a work tree. Errors: `cannot-write`. */
  async open(topDirectory: string, format: ObjectFormat): Promise<OwnRepository> {
    const code = codeName(topDirectory, format);
    const gitDirectory = join(this.#codeDirectory, `${code}.git`);
    if (!existsSync(join(gitDirectory, 'config'))) await makeOwnRepository(gitDirectory, format);
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
      mkdirSync(join(this.#cacheDirectory, 'index'), { recursive: true, mode: 0o700 });
      rmSync(mine, { force: true });
    } catch (error) {
      throw cannotWrite(mine, error);
    }
    // A hard link keeps the index's own time, by which git tells entries that are too fresh to trust;
    // git replaces the file when it writes, so that the shared one stays as it is.
    try {
      linkSync(this.indexFile(own), mine);
    } catch {
      // There is none yet, or the file system has no hard links: all files are read.
    }
    return mine;
  }

  holds(own: OwnRepository, object: string): boolean {
    return existsSync(loosePath(own.gitDirectory, object));
  }

  writeCommit(own: OwnRepository, content: string): Promise<string> {
    return writeLooseObject(own, 'commit', Buffer.from(content));
  }

  async scratch(): Promise<string> {
    const directory = join(this.#scratchDirectory, temporaryName());
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw cannotWrite(directory, error);
    }
    return directory;
  }
}
