import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { processIdentity } from '../../launch/identity.ts';
import type { Told } from '../../model/facts.ts';
import type { Home } from '../../store/home.ts';
import { nextRunId, temporaryHome } from '../../store/test-home.ts';
import type { ActiveRun } from '../active.ts';
import { readStop } from '../stop-run.ts';
import { stopFor } from './stop-for.ts';

let home: Home;
let id: string;
let told: Told[];
beforeEach(async () => {
  home = await temporaryHome();
  id = nextRunId();
  home.runs.create(id);
  told = [];
});

/** A process that takes the signals so, and is ready. */
async function trainer(script: string): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', `${script}; echo ready; while :; do sleep 0.02; done`]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout!, 'data');
  return child;
}

const activeOf = (child: ChildProcess): ActiveRun => {
  const waiter = processIdentity(child.pid!)!;
  return { main: waiter, waiter, pty: true, startedAt: null, warnings: [], preparedMs: 0 };
};
const stop = (active: ActiveRun | null, ended = new AbortController().signal) =>
  stopFor(home, id, active, 'nan', async (...facts) => void told.push(...facts), ended, 300);

test('a trainer that hears SIGINT is asked with that alone, and the reason stands in the run', async () => {
  const child = await trainer("trap 'exit 3' INT");
  const exit = once(child, 'exit');
  await stop(activeOf(child));
  expect(await exit).toEqual([3, null]);
  expect(await readStop(home.runs.path(id))).toEqual({ asked: true, reason: 'nan' });
  expect(told).toEqual([]);
});

test('one that does not is asked harder', async () => {
  const child = await trainer("trap '' INT; trap 'exit 4' TERM");
  const exit = once(child, 'exit');
  await stop(activeOf(child));
  expect(await exit).toEqual([4, null]);
  const deaf = await trainer("trap '' INT TERM");
  const end = once(deaf, 'exit');
  await stop(activeOf(deaf));
  expect(await end).toEqual([null, 'SIGKILL']);
});

test('what a trainer that has ended leaves running is let be', async () => {
  const child = await trainer("trap '' INT");
  await stop(activeOf(child), AbortSignal.abort());
  expect(child.exitCode).toBeNull();
});

test('a training that had ended, or has no process, is not said to have been stopped', async () => {
  const child = await trainer(':');
  const active = activeOf(child);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await stop(active);
  expect(await readStop(home.runs.path(id))).toEqual({ asked: false, reason: null });
  await stop(null);
  expect(told).toMatchObject([{ type: 'warning', warning: { code: 'not-stopped' } }]);
  expect(await readStop(home.runs.path(id))).toEqual({ asked: false, reason: null });
});
