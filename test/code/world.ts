/** A place to capture code in: a home for Spoor, a user with own configuration, and repositories made by real git. */
import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CapturedRepository, captureRepository } from '../../src/capture/git/capture-repository.ts';
import { findRepositories } from '../../src/capture/git/find-repositories.ts';
import { type CodeLimits, codeLimits } from '../../src/capture/git/limits.ts';
import { listUserConfig } from '../../src/capture/git/user-config.ts';
import { gitProcess } from '../../src/store/code/git-process.ts';
import { materialise } from '../../src/store/code/materialise.ts';
import { CodeRepositories } from '../../src/store/code-repositories.ts';

export interface CodeWorld {
  root: string;
  env: Record<string, string>;
  port: CodeRepositories;
  at(...parts: string[]): string;
  git(directory: string, ...args: string[]): string;
  /** Makes a repository with one commit that holds these files. */
  repository(name: string, files?: Record<string, string | Uint8Array>, ...initOptions: string[]): string;
  write(path: string | Buffer, content: string | Uint8Array): void;
  capture(path: string, options?: { run?: string; limits?: Partial<CodeLimits> }): Promise<CapturedRepository>;
  /** The snapshot's files in a new directory. */
  restored(captured: CapturedRepository): Promise<string>;
}

export function codeWorld(): CodeWorld {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'spoor-code-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const at = (...parts: string[]) => join(root, ...parts);
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: at('user'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  mkdirSync(env.HOME);
  const port = new CodeRepositories(
    { codeDirectory: at('home/code'), cacheDirectory: at('home/cache'), scratchDirectory: at('home/cache/git') },
    gitProcess(env),
  );
  let runs = 0;
  const world: CodeWorld = {
    root,
    env,
    port,
    at,
    git: (directory, ...args) =>
      execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
        cwd: directory,
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    repository(name, files = { 'train.py': 'print(1)\n' }, ...initOptions) {
      const top = at(name);
      mkdirSync(top, { recursive: true });
      world.git(top, 'init', '-q', '-b', 'main', ...initOptions);
      for (const [path, content] of Object.entries(files)) world.write(join(top, path), content);
      world.git(top, 'add', '-A');
      world.git(top, 'commit', '-q', '--allow-empty', '-m', 'first');
      return top;
    },
    write(path, content) {
      if (typeof path === 'string') mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    },
    async capture(path, { run = `R${++runs}`, limits } = {}) {
      const [found] = findRepositories([{ path, roles: ['given'] }], env.HOME);
      const users = listUserConfig(port.git, env);
      return captureRepository({
        found: found!,
        run,
        port,
        environment: env,
        users,
        limits: { ...codeLimits, ...limits },
      });
    },
    async restored({ repository }) {
      const into = mkdtempSync(at('restored-'));
      await materialise(port, port.named(repository.code!), repository.snapshot!, into);
      return into;
    },
  };
  return world;
}

/** All files of a tree but git's own, by name (one character a byte): kind, mode and content. */
export function tree(top: string): Record<string, string> {
  const found: Record<string, string> = {};
  visit(top, (path, name) => {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) found[name] = `-> ${readlinkSync(path, 'latin1')}`;
    else if (stat.isFile()) found[name] = `${stat.mode & 0o100 ? 'x' : '-'} ${readFileSync(path, 'latin1')}`;
    return !name.split('/').includes('.git');
  });
  return Object.fromEntries(Object.entries(found).filter(([name]) => !name.split('/').includes('.git')));
}

/** Everything `lstat` tells of everything below a directory, but access times; what was written to differs. */
export function stamps(top: string): string[] {
  const found: string[] = [];
  visit(top, (path, name) => {
    const { mode, size, mtimeNs, ctimeNs, ino, uid, nlink } = lstatSync(path, { bigint: true });
    found.push([name, mode, size, mtimeNs, ctimeNs, ino, uid, nlink].join(' '));
    return true;
  });
  return found;
}

function visit(top: string, see: (path: Buffer, name: string) => boolean): void {
  const walk = (directory: string) => {
    const path = Buffer.from(directory === '' ? top : `${top}/`, 'utf8');
    const here = directory === '' ? path : Buffer.concat([path, Buffer.from(directory, 'latin1')]);
    for (const entry of readdirSync(here, { encoding: 'latin1' as 'utf8' }).sort()) {
      const name = directory === '' ? entry : `${directory}/${entry}`;
      const full = Buffer.concat([Buffer.from(`${top}/`, 'utf8'), Buffer.from(name, 'latin1')]);
      if (see(full, name) && lstatSync(full).isDirectory()) walk(name);
    }
  };
  walk('');
}
