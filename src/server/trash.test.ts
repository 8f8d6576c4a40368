/** Checkpoints that are pruned through the interface: to the trash and back, or gone for good. */
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { created, ended, sample, serveHome, tell, testId } from './testing/served-home.ts';

const run = testId(5);
const made = new Date('2026-05-01T06:00:00.000Z');

async function pruned() {
  const server = await serveHome(async (home, directory) => {
    const out = join(directory, 'out');
    mkdirSync(out);
    const checkpoint = (step: number) => {
      const path = join(out, `wolf-${step}.safetensors`);
      writeFileSync(path, 'x'.repeat(step));
      utimesSync(path, made, made);
      const modifiedAt = made.toISOString();
      return sample(path, { kind: 'checkpoint', step, bytes: step, modifiedAt, prompt: null, seed: null });
    };
    await tell(home, run, created(run, 'noob-wolf-v1'), ...[10, 20, 30].map(checkpoint), ended());
  });
  const prune = (more: { now?: boolean; dryRun?: boolean } = {}) =>
    server.ask('prune', { body: { run, keep: ['last'], dryRun: false, ...more } });
  const stand = () => [10, 20, 30].filter((step) => existsSync(join(server.directory, `out/wolf-${step}.safetensors`)));
  const trash = async () => (await server.ask('listTrash', {})).entries;
  return { server, prune, stand, trash, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

it('is told before what would go and what stays, and then nothing has happened', async () => {
  await using at = await pruned();
  const { taken, left, bytes } = await at.prune({ dryRun: true });
  expect(taken.map(({ name, step, entry }) => [name, step, entry])).toEqual([
    ['wolf-10.safetensors', 10, null],
    ['wolf-20.safetensors', 20, null],
  ]);
  expect(left).toMatchObject([{ name: 'wolf-30.safetensors', step: 30, why: 'the last', bytes: 30 }]);
  expect([bytes, at.stand()]).toEqual([30, [10, 20, 30]]);
});

it('names the entries of the trash, by which all comes back', async () => {
  await using at = await pruned();
  const { taken } = await at.prune();
  expect(at.stand()).toEqual([30]);
  expect((await at.server.ask('readStorage', {})).outputs).toMatchObject([{ run, files: 1, bytes: 30 }]);
  const entries = taken.flatMap(({ entry }) => entry ?? []);
  expect((await at.trash()).map(({ id }) => id)).toEqual(entries);
  await at.server.ask('restoreTrash', { body: { entries } });
  expect([at.stand(), await at.trash()]).toEqual([[10, 20, 30], []]);
  expect((await at.server.ask('readStorage', {})).outputs).toMatchObject([{ run, files: 3, bytes: 60 }]);
});

it('deletes single entries for good, all that are asked for or none', async () => {
  await using at = await pruned();
  const [first, second] = (await at.prune()).taken.map(({ entry }) => entry ?? '');
  const missing = `${run}.checkpoint.99`;
  const asked = at.server.ask('deleteTrash', { body: { entries: [first!, missing] } });
  await expect(asked).rejects.toMatchObject({ status: 404, code: 'not-in-trash' });
  expect((await at.trash()).map(({ id }) => id)).toEqual([first, second]);
  const { entries } = await at.server.ask('deleteTrash', { body: { entries: [first!] } });
  expect(entries.map(({ id }) => id)).toEqual([first]);
  expect((await at.trash()).map(({ id }) => id)).toEqual([second]);
});

it('deletes past the trash when it is told to', async () => {
  await using at = await pruned();
  const { taken } = await at.prune({ now: true });
  expect(taken.map(({ entry }) => entry)).toEqual([null, null]);
  expect([at.stand(), await at.trash()]).toEqual([[30], []]);
});
