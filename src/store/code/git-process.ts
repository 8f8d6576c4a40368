import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';
import type { GitOptions, GitResult, RunGit } from '../../model/code-port.ts';
import { errorCode } from '../../model/errors.ts';

const defaultMilliseconds = 60_000;
const longestOutput = 512 * 1024 * 1024;
const longestError = 64 * 1024;

/**
 * Starts git where nothing but the configuration of the git directory named counts: no system or
 * user configuration, no attributes of the system, no inherited `GIT_*`, no prompt, no network.
 * @param environment the user's; only `PATH` is taken from it, without relative directories, since git
 *   stands in work trees
 */
export function gitProcess(environment: Readonly<Record<string, string | undefined>>): RunGit {
  const path = (environment.PATH ?? '')
    .split(delimiter)
    .filter((each) => isAbsolute(each))
    .join(delimiter);
  const fixed = {
    PATH: path,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: '',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_PAGER: 'cat',
    GIT_LITERAL_PATHSPECS: '1',
  };
  return (args, options) => run(args, options, fixed);
}

function run(args: readonly string[], options: GitOptions, fixed: Record<string, string>): Promise<GitResult> {
  const env: Record<string, string | undefined> = { ...fixed, GIT_DIR: options.gitDirectory, ...options.variables };
  if (options.workTree !== undefined) env.GIT_WORK_TREE = options.workTree;
  if (options.indexFile !== undefined) env.GIT_INDEX_FILE = options.indexFile;
  return new Promise((resolve) => {
    const out: Buffer[] = [];
    let length = 0;
    let stderr = '';
    let failure: GitResult['failure'] = null;
    const child = spawn('git', args, {
      cwd: options.directory ?? options.workTree ?? options.gitDirectory,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const stop = (why: NonNullable<GitResult['failure']>) => {
      failure ??= why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop('timeout'), options.milliseconds ?? defaultMilliseconds);
    const end = (status: number | null) => {
      clearTimeout(timer);
      if (status === null) failure ??= 'killed';
      resolve({ status: failure === null ? status : null, stdout: Buffer.concat(out), stderr, failure });
    };
    child.on('error', (error) => {
      failure = errorCode(error) === 'ENOENT' ? 'missing' : 'killed';
      stderr ||= error.message;
      end(null);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > longestOutput) stop('too-much-output');
      else out.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < longestError) stderr += text.slice(0, longestError - stderr.length);
    });
    // git may end without reading all of its input.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);
    if (options.idle && child.pid !== undefined) lowerPriority(child.pid);
    child.on('close', end);
  });
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It may have ended already; its priority is a courtesy.
  }
}
