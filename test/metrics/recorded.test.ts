import { hash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import type { Writer } from '../../src/follow/metrics/find-event-files.ts';
import { followMetrics } from '../../src/follow/metrics/follow-metrics.ts';
import { EventFileReader } from '../../src/formats/tfevents/event-file.ts';
import { MetricsReader } from '../../src/store/metrics/metrics-reader.ts';
import { MetricsWriter } from '../../src/store/metrics/metrics-writer.ts';
import { BarSeriesKeeper } from '../../src/tracker/bar-series.ts';
import { sdScripts } from '../../src/trainers/sd-scripts/sd-scripts.ts';
import { eventually, folderOf, recorders, start, temporaryWorld } from '../run/play.ts';
import { recorded, shown, spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

/** Of whom nothing is known. */
const nobody: Writer = {
  plan: { outputDir: null, loggingDir: null, logPrefix: null },
  directory: null,
  startedAt: 0,
  endedAt: null,
  host: '',
  ancestor: null,
  ownerOf: () => 'unknown',
};

async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await delay(20);
}

type Points = Record<string, [number, number, number][]>;

/** What the event files below a directory hold. */
function written(directory: string): Points {
  const found: Points = {};
  for (const path of globSync(`${directory}/**/events.out.*`).sort()) {
    const reader = new EventFileReader({
      scalar: (tag, step, time, value) => {
        found[tag] ??= [];
        found[tag].push([step, time, value]);
      },
    });
    reader.push(readFileSync(path));
  }
  return found;
}

function stored(world: World, id: string): Points {
  const reader = new MetricsReader(join(world.spoorHome, 'runs', id, 'metrics'));
  const tags = reader.list().map(({ tag }) => tag);
  return Object.fromEntries(
    tags.map((tag) => {
      const { step, time, value } = reader.read(tag)!;
      return [tag, Array.from(step, (each, i): [number, number, number] => [each, time[i]!, value[i]!])];
    }),
  );
}

function bytesOf(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory)
      .sort()
      .map((name) => [name, hash('sha256', readFileSync(join(directory, name)))]),
  );
}

describe('the series of a run', () => {
  it('are those of its event file, to the last bit', async () => {
    const world = temporaryWorld();
    const logs = join(world.root, 'logs');
    const { run } = await recorded(world, training(world, '--logging_dir', logs, '--max_train_steps', '40'));
    expect(stored(world, run.id)).toEqual(written(logs));
    expect(run.warnings).toEqual([]);
    expect(run.series.map(({ tag, points, first, last }) => [tag, points, first, last])).toEqual([
      ['loss/average', 40, 1, expect.closeTo(0.107, 3)],
      ['loss/current', 40, 1, Math.fround(1 / 40)],
    ]);
  });

  it('are those of the bar where there is no event file, with a point a step', async () => {
    const world = temporaryWorld();
    const { run } = await recorded(world, training(world, '--max_train_steps', '12'));
    const points = stored(world, run.id)['loss/average'] ?? [];
    expect(points.map(([step, , value]) => [step, value])).toEqual(
      Array.from({ length: 12 }, (_, i) => [i + 1, Number((1 / (i + 1)).toFixed(4))]),
    );
    const began = Date.parse(run.startedAt) / 1000;
    expect(points.map(([, time]) => Math.round(time - began))).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(run.series).toEqual([{ tag: 'loss/average', points: 12, first: 1, last: 0.0833, min: 0.0833, max: 1 }]);
  });

  it('can be seen while it trains', async () => {
    const world = temporaryWorld();
    const logs = join(world.root, 'logs');
    const env = { T_READY: join(world.root, 'ready'), T_HOLD: join(world.root, 'go') };
    const run = start(world, ['run', '--', ...training(world, '--logging_dir', logs)], { env });
    await eventually(() => existsSync(env.T_READY));
    await until(async () => (await shown(world, '@')).series.length === 2);
    const { series } = await shown(world, '@');
    expect(series.map(({ tag, points }) => [tag, points])).toEqual([
      ['loss/average', 1],
      ['loss/current', 1],
    ]);
    world.write(env.T_HOLD, '');
    expect(await run.exit).toBe(0);
  });
});

test('eight runs that share a logging directory at once keep their own series each', async () => {
  const world = temporaryWorld();
  const logs = join(world.root, 'logs');
  const go = join(world.root, 'go');
  const names = Array.from({ length: 8 }, (_, i) => `wolf-v${i}`);
  const runs = names.map((name, i) =>
    start(
      world,
      [
        'run',
        '--name',
        name,
        '--',
        ...training(
          world,
          '--output_dir',
          join(world.root, name),
          '--logging_dir',
          logs,
          '--max_train_steps',
          String(10 + i),
        ),
      ],
      { env: { T_READY: join(world.root, `ready${i}`), T_HOLD: go } },
    ),
  );
  await eventually(() => globSync(`${logs}/**/events.out.*`).length === 8);
  world.write(go, '');
  expect(await Promise.all(runs.map(({ exit }) => exit))).toEqual(names.map(() => 0));
  await eventually(() => recorders(world).length === 0);
  for (const [i, name] of names.entries()) {
    const run = await shown(world, name);
    expect(run.series.map(({ tag, points }) => [tag, points])).toEqual([
      ['loss/average', 10 + i],
      ['loss/current', 10 + i],
    ]);
    expect(stored(world, run.id)['loss/current']?.map(([step]) => step)).toEqual(
      Array.from({ length: 10 + i }, (_, k) => k + 1),
    );
  }
});

test('a recorder killed again and again, and restarted, ends with the same store as one that was left alone', async () => {
  const world = temporaryWorld();
  const logs = join(world.root, 'logs');
  const run = start(world, ['run', '--', ...training(world, '--logging_dir', logs, '--max_train_steps', '800')], {
    env: { T_STEP: '0.01' },
  });
  const count = () => written(logs)['loss/current']?.length ?? 0;
  for (let kill = 0; kill < 4; kill++) {
    await eventually(() => recorders(world).length > 0);
    const before = count();
    await eventually(() => count() > before + 10 * kill || count() === 800);
    for (const pid of recorders(world)) process.kill(pid, 'SIGKILL');
    await spoor(world, ['ls']);
  }
  expect(await run.exit).toBe(0);
  await spoor(world, ['ls']);
  await until(async () => (await shown(world, '@')).status === 'succeeded');
  const { id } = await shown(world, '@');
  expect(stored(world, id)).toEqual(written(logs));

  // From zero: nothing is left but the facts, the log and the event file.
  const again = join(world.root, 'again');
  const [file = ''] = globSync(`${logs}/**/events.out.*`);
  const openSink = (source: string) => new MetricsWriter(again, source);
  for await (const _ of followMetrics({ writer: nobody, known: [file], openSink, ended: AbortSignal.abort() }));
  const { startedAt } = await shown(world, '@');
  const bar = new BarSeriesKeeper(again, Date.parse(startedAt) / 1000);
  const reader = sdScripts.logReader(bar.begin());
  reader.push(readFileSync(join(folderOf(world), 'log')));
  reader.end?.();
  bar.close();
  expect(Object.keys(bytesOf(again))).toHaveLength(6);
  expect(bytesOf(join(folderOf(world), 'metrics'))).toEqual(bytesOf(again));
});

describe('NaN', () => {
  it('in one loss poisons the average only: the run has succeeded', async () => {
    const world = temporaryWorld();
    const { run } = await recorded(
      world,
      training(world, '--logging_dir', join(world.root, 'logs'), '--max_train_steps', '20'),
      {
        env: { T_NAN: '5' },
      },
    );
    expect(run).toMatchObject({ status: 'succeeded', diagnosis: null });
    expect(run.series).toMatchObject([
      { tag: 'loss/average', points: 20, last: 'NaN' },
      { tag: 'loss/current', points: 20, last: Math.fround(1 / 20) },
    ]);
  });

  it('in all the last losses is what the diagnosis says', async () => {
    const world = temporaryWorld();
    const last = Array.from({ length: 8 }, (_, i) => i + 13).join(' ');
    const { run } = await recorded(
      world,
      training(world, '--logging_dir', join(world.root, 'logs'), '--max_train_steps', '20'),
      {
        env: { T_NAN: `3 ${last}` },
      },
    );
    expect(run).toMatchObject({ status: 'succeeded', diagnosis: { code: 'nan-loss' } });
    expect(run.diagnosis?.message).toContain('in the last 8 of 20 steps');
  });
});
