/** The recorder killed at each step by which it changes the store; the next command settles the run. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { defaultSettings } from '../../src/model/settings.ts';
import { openHome } from '../../src/store/home.ts';
import { launchRun } from '../../src/tracker/launch-run.ts';
import { loadRun } from '../../src/tracker/load-run.ts';
import { prepareRun } from '../../src/tracker/prepare-run.ts';
import { reconcile } from '../../src/tracker/reconcile.ts';
import type { Recording } from '../../src/tracker/request.ts';
import { verifyHome } from '../../src/tracker/verify-home.ts';
import { canTrace, killedAt } from '../support/killed-at.ts';
import { shown, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

const recorder = fileURLToPath(new URL('../../dist/recorder.js', import.meta.url));

let world: World;
let id: string;
let whole: Run;

async function recordingIn({ spoorHome, env }: World): Promise<Recording> {
  const home = await openHome(spoorHome);
  return { home, host: hostname(), env, now: () => new Date(), version: '0', settings: defaultSettings };
}

/** A run whose trainer has ended and whose recorder has not begun. */
async function unattendedRun(): Promise<string> {
  const recording = await recordingIn(world);
  const request = {
    command: training(world),
    cwd: world.root,
    env: world.env,
    userHome: world.env.HOME!,
    name: null,
    outputDir: null,
    datasets: [],
    repos: [],
    script: null,
    conda: null,
    reason: null,
    tags: [],
    parent: null,
    mode: 'attached' as const,
    clean: true,
    wrapped: false,
  };
  const prepared = await prepareRun(request, recording);
  const console = { terminal: null, input: process.stdin, show: () => {}, ignored: [] };
  const launched = await launchRun(prepared, recording, console);
  await launched.ended;
  return prepared.id;
}

const kept = () => [world.spoorHome, world.output].map((path) => [path, `${path}.before`] as const);

function restore(): void {
  for (const [path, copy] of kept()) {
    rmSync(path, { recursive: true, force: true });
    cpSync(copy, path, { recursive: true, preserveTimestamps: true });
  }
}

/** What every command does first, without the start of a process; anything that goes wrong is thrown. */
async function settled(): Promise<Recording> {
  const recording = await recordingIn(world);
  const unexpected = (of: string, error: unknown = 'it got another recorder') => {
    throw new Error(`${of}: ${error}`);
  };
  await reconcile(recording, unexpected, unexpected);
  return recording;
}

/** What a record tells, without what differs between two tellings of the same. */
function told(run: Run) {
  const { artifacts, endedAt: _, ...rest } = run;
  return {
    ...rest,
    artifacts: artifacts.map(({ path, sha256, step, kind }) => ({ path, sha256, step, kind })),
  };
}

beforeAll(async () => {
  if (!canTrace) return;
  world = makeWorld();
  world.write(join(world.trainer, 'library/extra.py'), 'VALUE = 3\n');
  id = await unattendedRun();
  for (const [path, copy] of kept()) renameSync(path, copy);
  restore();
  execFileSync(process.execPath, [recorder, world.spoorHome, id, 'journal'], { env: world.env });
  whole = await shown(world, id);
});
afterAll(() => world?.remove());

describe.skipIf(!canTrace)('a recorder that is killed as it is about to', () => {
  test.each<[string, string, (() => string)?]>([
    // All other files are written under a temporary name, whose renaming is the step.
    [
      'append to the journal',
      'write,pwrite64,writev,pwritev',
      () => join(world.spoorHome, 'runs', id, 'journal.jsonl'),
    ],
    ['rename', 'rename,renameat,renameat2'],
    ['link', 'link,linkat'],
    ['unlink', 'unlink,unlinkat'],
    ['make a directory', 'mkdir,mkdirat'],
  ])('%s leaves a run that the next command completes', { timeout: 240_000 }, async (_, calls, file) => {
    const only = file ? { only: file() } : {};
    const command = [process.execPath, recorder, world.spoorHome, id, 'journal'];
    expect(whole.status).toBe('succeeded');
    let kills = 0;
    for (let at = 1; ; at++) {
      restore();
      if (!killedAt(command, calls, at, world.env, only)) break;
      kills++;
      const where = `killed at ${calls} number ${at}`;
      const recording = await settled();
      expect(told(await loadRun(recording.home, id)), where).toEqual(told(whole));
      expect(await verifyHome(recording, null, () => {}), where).toEqual([]);
      expect(readFileSync(join(world.spoorHome, 'runs', id, 'log')).length).toBeGreaterThan(0);
    }
    expect(kills).toBeGreaterThan(0);
  });
});
