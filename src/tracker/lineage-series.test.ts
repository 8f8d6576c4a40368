import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { makeRunId, type RunId } from '../model/run-id.ts';
import { type Home, openHome } from '../store/home.ts';
import { MetricsWriter } from '../store/metrics/metrics-writer.ts';
import { readLineage } from './lineage-series.ts';

let home: Home;

beforeEach(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-lineage-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  home = await openHome(join(directory, 'home'), 'lair');
});

let count = 0;

/** A run with a loss at each of the steps, which goes on from a state of another. */
async function run(
  steps: number[],
  from: { run: RunId; step: number | null; epoch?: number } | null = null,
  value = 0,
) {
  const id = makeRunId(1_700_000_000_000 + ++count, new Uint8Array(10));
  const folder = home.runs.create(id);
  const writer = new MetricsWriter(join(folder, 'metrics'), 'events');
  for (const step of steps) writer.add('loss', 'step', step, step, value + step);
  writer.add('loss/epoch', 'epoch', 1, 1, value);
  writer.add('loss/epoch', 'epoch', 2, 2, value);
  writer.close();
  const log = home.runs.openLog(id, 'journal');
  if (from) await log.append({ type: 'resumed', state: '/s', epoch: null, ...from });
  else await log.append({ type: 'captured', milliseconds: 1 });
  await log.close();
  return id;
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('the line of a resumed training', () => {
  it('goes on where its steps begin at 1 again, without what the parent did after the state', async () => {
    const parent = await run(upTo(12));
    const child = await run(upTo(16), { run: parent, step: 8 }, 100);
    const line = await readLineage(home, child, 'loss');
    expect([...line!.points.step]).toEqual(upTo(24));
    expect([...line!.points.value]).toEqual([...upTo(8), ...upTo(16).map((step) => 100 + step)]);
    expect(line!.seams).toEqual([{ at: 9, run: child, from: parent }]);
    expect([...(await readLineage(home, parent, 'loss'))!.points.step]).toEqual(upTo(12));
  });

  it('goes on where it skipped to the step of the state, or of an epoch before it', async () => {
    const parent = await run(upTo(12));
    const skipped = await run(upTo(20, 9), { run: parent, step: 8 });
    expect([...(await readLineage(home, skipped, 'loss'))!.points.step]).toEqual(upTo(20));
    // sd-scripts takes whole epochs from what it counts on from.
    const remainder = await run(upTo(14, 3), { run: parent, step: 8 });
    expect([...(await readLineage(home, remainder, 'loss'))!.points.step]).toEqual(upTo(20));
  });

  it('may be of several runs, of which the range and the resolution are taken together', async () => {
    const first = await run(upTo(100));
    const second = await run(upTo(100), { run: first, step: 50 });
    const third = await run(upTo(100), { run: second, step: 60 });
    const line = await readLineage(home, third, 'loss', { from: 40, to: 200, points: 40 });
    expect(line!.points).toMatchObject({ total: 161, reduced: true });
    expect([line!.points.step[0], line!.points.step.at(-1)]).toEqual([40, 200]);
    expect(line!.seams).toEqual([
      { at: 51, run: second, from: first },
      { at: 111, run: third, from: second },
    ]);
  });

  it('of epochs is counted in epochs', async () => {
    const parent = await run(upTo(4));
    const child = await run(upTo(4), { run: parent, step: 2, epoch: 1 });
    const line = await readLineage(home, child, 'loss/epoch');
    expect([...line!.points.step]).toEqual([1, 2, 3]);
    expect(line!.seams).toEqual([{ at: 2, run: child, from: parent }]);
  });

  it('is its own series where nothing tells where the state stood, or who wrote it', async () => {
    const parent = await run(upTo(4));
    const unknown = await run(upTo(3), { run: parent, step: null });
    expect(await readLineage(home, unknown, 'loss')).toMatchObject({ points: { total: 3 }, seams: [] });
    const orphan = await run(upTo(3), { run: makeRunId(1, new Uint8Array(10)), step: 2 });
    expect(await readLineage(home, orphan, 'loss')).toMatchObject({ points: { total: 3 }, seams: [] });
    expect(await readLineage(home, parent, 'lr')).toBeNull();
  });
});
