/** The world as a run that would be started now: all that Spoor reads before a launch, without the launch. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/diff/change.ts';
import type { RunId } from '../../src/model/run-id.ts';
import { defaultSettings } from '../../src/model/settings.ts';
import { openHome } from '../../src/store/home.ts';
import { writeStaged } from '../../src/store/staging.ts';
import { type DiffSide, diffRuns, plannedSide } from '../../src/tracker/diff-runs.ts';
import { prepareRun } from '../../src/tracker/prepare-run.ts';
import { recordToEnd } from '../../src/tracker/recorder.ts';
import type { Recording, RunRequest } from '../../src/tracker/request.ts';
import { makeWorld, type World } from '../support/world.ts';

export interface Planted extends World {
  /** What is appended to the command. */
  words: string[];
  python: string;
  site: string;
}

/** The test world with a virtual environment that has a few packages. */
export function plantedWorld(): Planted {
  const world = makeWorld();
  const site = join(world.root, 'venv/lib/python3.11/site-packages');
  const python = world.write(join(world.root, 'venv/bin/python'), '#!/bin/sh\nexec python3 "$@"\n');
  chmodSync(python, 0o755);
  world.write(
    join(world.root, 'venv/pyvenv.cfg'),
    'home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.2\n',
  );
  const planted = { ...world, words: [], python, site };
  for (const [name, version] of [
    ['torch', '2.6.0'],
    ['diffusers', '0.25.0'],
    ['pip', '24.0'],
    ['lycoris_lora', '3.1.0'],
  ] as const) {
    installed(planted, name, version);
  }
  return planted;
}

/** Metadata of a package as pip leaves it. */
export function installed({ site, write }: Planted, name: string, version: string): void {
  const info = join(site, `${name}-${version}.dist-info`);
  mkdirSync(info, { recursive: true });
  write(join(info, 'METADATA'), `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n\n`);
  write(join(info, 'RECORD'), '');
}

export async function sideOf(world: Planted): Promise<DiffSide> {
  const recording = await recordingOf(world);
  return plannedSide(await prepareRun(requestOf(world), recording), recording);
}

/** The world as a run that has ended: recorded as the recorder does, without the training. */
export async function recordOf(world: Planted): Promise<{ recording: Recording; id: RunId }> {
  const recording = await recordingOf(world);
  const { id, captured } = await prepareRun(requestOf(world), recording);
  const folder = recording.home.runs.create(id);
  writeStaged(folder, captured, recording.host, recording.now());
  writeFileSync(join(folder, 'exit'), `status 0\nended ${new Date().toISOString()}\n`);
  await recordToEnd(recording, id, 'journal');
  return { recording, id };
}

async function recordingOf(world: Planted): Promise<Recording> {
  const home = await openHome(world.spoorHome, 'lair');
  return { home, host: 'lair', env: world.env, now: () => new Date(), version: '0', settings: defaultSettings };
}

function requestOf(world: Planted): RunRequest {
  const command = [world.python, join(world.trainer, 'train_network.py'), '--config_file', world.config];
  return {
    command: [...command, ...world.words],
    cwd: world.root,
    env: world.env,
    userHome: join(world.root, 'user'),
    name: null,
    outputDir: null,
    datasets: [],
    repos: [],
    script: null,
    conda: null,
    reason: null,
    tags: [],
    parent: null,
    clean: true,
    mode: 'attached',
    wrapped: false,
  };
}

export async function changesOf(a: DiffSide, b: DiffSide): Promise<Change[]> {
  return (await diffRuns(a, b)).changes;
}

/** `(config changed config_file)` in parentheses where it has no effect; values and detail behind. */
export function tellAll(changes: readonly Change[]): string[] {
  return changes.map(({ area, kind, subject, before, after, effective, detail }) => {
    const text = `${area} ${kind} ${subject}: ${JSON.stringify(before)} ${JSON.stringify(after)}${detail === null ? '' : ` | ${detail}`}`;
    return effective ? text : `(${text})`;
  });
}
