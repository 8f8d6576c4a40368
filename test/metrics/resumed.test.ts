import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunId } from '../../src/model/run-id.ts';
import { openHome } from '../../src/store/home.ts';
import { readLineage } from '../../src/tracker/lineage-series.ts';
import { eventually, held, start, temporaryWorld } from '../run/play.ts';
import { recorded, shown, training } from '../support/spoor.ts';

test("a resumed training is led back to the run that wrote its state, and goes on from that run's curve", async () => {
  const world = temporaryWorld();
  const hold = held(world);
  const logs = ['--logging_dir', join(world.root, 'logs')];
  const first = start(world, ['run', '--', ...training(world, ...logs, '--max_train_steps', '6')], { env: hold.env });
  await eventually(() => hold.ready());
  const state = join(world.output, 'wolf-step00000004-state');
  world.write(join(state, 'train_state.json'), '{"current_epoch": 1, "current_step": 4}');
  hold.go();
  expect(await first.exit).toBe(0);
  const parent = await shown(world, '@');
  expect(parent.artifacts).toContainEqual(expect.objectContaining({ kind: 'state', path: state, step: 4 }));
  expect(parent.resumed).toBeNull();

  const { run } = await recorded(world, training(world, ...logs, '--max_train_steps', '5', '--resume', state));
  expect(run.resumed).toEqual({ state, run: parent.id, step: 4, epoch: 1 });
  const home = await openHome(world.spoorHome);
  const line = await readLineage(home, run.id as RunId, 'loss/current');
  expect([...line!.points.step]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(line!.seams).toEqual([{ at: 5, run: run.id, from: parent.id }]);
});
