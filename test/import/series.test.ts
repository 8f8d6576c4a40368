import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunId } from '../../src/model/run-id.ts';
import { openHome } from '../../src/store/home.ts';
import { MetricsReader } from '../../src/store/metrics/metrics-reader.ts';
import { readLineage } from '../../src/tracker/lineage-series.ts';
import { shown } from '../support/spoor.ts';
import { fixtures, imported, importedRun, layOut, world } from './play.ts';

/** [step, value, wall time], NaN as text. */
type Expected = Record<string, Record<string, [number, number | string, number][]>>;

test.each(['A-good-lora-pty', 'F1-nan-loss-pty', 'H2-resume-pty', 'E1-sigint-pty'])(
  "an imported run's series are those of its event files, to the last bit: %s",
  async (name) => {
    const made = world();
    const run = await importedRun(made, layOut(made, name));
    const [tags] = Object.values(
      JSON.parse(readFileSync(join(fixtures, 'kohya', name, 'expected-series.json'), 'utf8')) as Expected,
    );
    const reader = new MetricsReader(join(made.spoorHome, 'runs', run.id, 'metrics'));
    expect(reader.list().map(({ tag, axis }) => [tag, axis])).toEqual(
      Object.keys(tags!)
        .sort()
        .map((tag) => [tag, tag.includes('epoch') ? 'epoch' : 'step']),
    );
    for (const [tag, points] of Object.entries(tags!)) {
      const found = reader.read(tag)!;
      expect(Array.from(found.step)).toEqual(points.map(([step]) => step));
      expect(Array.from(found.value)).toEqual(points.map(([, value]) => (value === 'nan' ? Number.NaN : value)));
      expect(Array.from(found.time)).toEqual(points.map(([, , time]) => time));
    }
  },
);

test('what was imported without its series gets them when it is imported again', async () => {
  const made = world();
  const directory = layOut(made, 'A-good-lora-pty');
  const { id } = await importedRun(made, directory);
  const metrics = join(made.spoorHome, 'runs', id, 'metrics');
  const before = new MetricsReader(metrics).list();
  rmSync(metrics, { recursive: true });
  expect((await imported(made, directory)).runs).toMatchObject([{ id, outcome: 'unchanged' }]);
  expect(new MetricsReader(metrics).list()).toEqual(before);
});

test('of a training that left its log alone the bar gives the series', async () => {
  const made = world();
  const without = layOut(made, 'A2-good-lora-pipe');
  rmSync(join(without, 'logs'), { recursive: true });
  const { id } = await importedRun(made, without);
  const series = new MetricsReader(join(made.spoorHome, 'runs', id, 'metrics')).list();
  expect(series).toMatchObject([{ tag: 'loss/average', points: 12, firstStep: 1, lastStep: 12 }]);
});

test('a training that went on from a state is led back to the one that wrote it, and their curves join', async () => {
  const made = world();
  const parent = layOut(made, 'A-good-lora-pty', { 'kumo.safetensors': {} });
  const state = join(parent, 'output', 'kumo-step00000008-state');
  made.write(join(state, 'train_state.json'), '{"current_epoch": 1, "current_step": 8}');
  const child = layOut(made, 'H2-resume-pty');
  const config = join(child, 'config.toml');
  const text = readFileSync(config, 'utf8');
  made.write(config, text.replace(/^resume = .*$/m, `resume = ${JSON.stringify(state)}`));
  const { runs } = await imported(made, parent, child);
  const [first, second] = runs.map(({ id }) => id as RunId);
  expect((await shown(made, first!)).resumed).toBeNull();
  // The state was laid out after the training of long ago: of it only the name counts.
  expect((await shown(made, second!)).resumed).toEqual({ state, run: first, step: 8, epoch: null });
  const home = await openHome(made.spoorHome);
  const line = await readLineage(home, second!, 'loss/current');
  expect([...line!.points.step]).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  expect(line!.seams).toEqual([{ at: 9, run: second, from: first }]);
  expect((await imported(made, parent, child)).runs.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
});

test('the state of a training that is not here, or lay elsewhere, is told by its name', async () => {
  const made = world();
  const run = await importedRun(made, layOut(made, 'H2-resume-pty'));
  expect(run.resumed).toMatchObject({ run: null, step: 8, epoch: null });
  expect(run.resumed!.state).toMatch(/\/kumo-step00000008-state$/);
});
