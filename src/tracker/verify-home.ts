import { readdir } from 'node:fs/promises';
import type { RunId } from '../model/run-id.ts';
import { verifyCode } from '../store/code/verify.ts';
import { type Problem, verifyStore } from '../store/verify.ts';
import type { Tell } from './events.ts';
import { loadRun } from './load-run.ts';
import { codeOf } from './ports.ts';
import type { Recording } from './request.ts';

export type HomeProblem = Omit<Problem, 'code'> & {
  code: Problem['code'] | 'code-incomplete' | 'code-corrupt' | 'not-checked';
};

/** For one repository of code; what is not read by then is told. */
const patienceMs = 30 * 60_000;

/** Checks objects, facts and code of one run, or of the whole home. @returns what is wrong, empty if nothing is */
export async function verifyHome(recording: Recording, run: RunId | null, tell: Tell): Promise<HomeProblem[]> {
  const { home } = recording;
  const problems: HomeProblem[] = await verifyStore(home, {
    run: run ?? undefined,
    onProgress: (what, done, total) => tell({ type: 'progress', what: `checking ${what}`, done, total }),
  });
  const code = codeOf(home, recording.env);
  const names = run === null ? await codeNames(home.codeDirectory) : await codeOfRun(recording, run);
  for (const [index, name] of names.entries()) {
    tell({ type: 'progress', what: 'checking code', done: index, total: names.length });
    const own = code.named(name);
    const { incomplete, corrupt, complete } = await verifyCode(code.git, own, {
      milliseconds: patienceMs,
      ...(run === null ? {} : { run }),
    });
    for (const { run: of, missing } of incomplete) {
      const message = `the snapshot of run ${of} in ${own.gitDirectory} lacks ${missing} objects`;
      problems.push({ code: 'code-incomplete', run: of, message });
    }
    for (const message of corrupt)
      problems.push({ code: 'code-corrupt', run, message: `${own.gitDirectory}: ${message}` });
    if (!complete)
      problems.push({ code: 'not-checked', run, message: `${own.gitDirectory} could not be read to its end` });
  }
  return problems;
}

async function codeNames(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => name.endsWith('.git')).map((name) => name.slice(0, -'.git'.length));
}

async function codeOfRun({ home }: Recording, run: RunId): Promise<string[]> {
  const { repos } = await loadRun(home, run);
  return [...new Set(repos.flatMap(({ code, snapshot }) => (code !== null && snapshot !== null ? [code] : [])))];
}
