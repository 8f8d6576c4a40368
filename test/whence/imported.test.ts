/** Files led back to trainings that were only imported: no hash of theirs was taken then. */
import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { imported, layOut, metadataOf, world as newWorld } from '../import/play.ts';
import { spoor } from '../support/spoor.ts';
import { png, safetensors, type World } from '../support/world.ts';

const A = 'A-good-lora-pty';
const tensors = (bytes: number) => createHash('sha256').update(Buffer.alloc(bytes, 7)).digest('hex');
const claim = (bytes: number) => ({ sshs_model_hash: tensors(bytes) });

let world: World;
let output: string;
let id: string;
beforeEach(() => {
  world = newWorld();
});

async function importA(models: Record<string, Record<string, string>>): Promise<void> {
  const directory = layOut(world, A, models);
  output = join(directory, 'output');
  mkdirSync(join(output, 'sample'));
  writeFileSync(join(output, 'sample/kumo_000016_00_20261123205623_42.png'), png('drawn'));
  writeFileSync(join(output, 'sample/kumo_000016_01_20261123205635_43.png'), png('other'));
  id = (await imported(world, directory)).runs[0]!.id;
}

const first = async (...args: string[]) =>
  JSON.parse(String((await spoor(world, ['whence', '--json', ...args])).stdout)).files[0];
const found = (name: string, bytes: Buffer) => world.write(join(world.root, 'found', name), bytes);

test('without metadata or with another header, by the hash that the trainer wrote into the model', async () => {
  await importA({ 'kumo-step00000016.safetensors': { ...claim(512), ss_steps: '16' } });
  for (const metadata of [{}, { ss_session_id: '1', 'modelspec.title': 'stolen' }]) {
    const answer = await first(found('best.safetensors', safetensors(512, metadata)));
    expect(answer).toMatchObject({ run: { id }, step: 16, ground: 'tensor-hash', sure: 'certain' });
  }
  const stranger = await first(found('stranger.safetensors', safetensors(513)));
  expect(stranger).toMatchObject({ run: null, sure: null });
});

test('a render by the digits of the hash that the trainer wrote', async () => {
  await importA({ 'kumo.safetensors': claim(512) });
  const text = `parameters\0<lora:cat:1>\nSteps: 20, Lora hashes: "cat: ${tensors(512).slice(0, 12)}"`;
  const plain = png('render');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(text.length, 0);
  head.write('tEXt', 4);
  const chunk = Buffer.concat([head, Buffer.from(text), Buffer.alloc(4)]);
  const file = found('render.png', Buffer.concat([plain.subarray(0, 33), chunk, plain.subarray(33)]));
  expect((await first(file)).loras).toMatchObject([{ run: { id }, ground: 'hash-prefix', sure: 'certain' }]);
});

test('of LyCORIS by its own word, and by the bytes where the file still stands', async () => {
  const lycoris = { ss_network_module: 'lycoris.kohya', sshs_model_hash: `0x${'ab'.repeat(32)}` };
  await importA({ 'kumo.safetensors': lycoris });
  const renamed = found('lyco.safetensors', readFileSync(join(output, 'kumo.safetensors')));
  expect(await first(renamed)).toMatchObject({ run: { id }, ground: 'tensor-hash', sure: 'certain' });
  appendFileSync(join(output, 'kumo.safetensors'), 'x');
  const claimed = { ...lycoris, ss_session_id: '5' };
  expect(await first(found('lyco.safetensors', safetensors(512, claimed)))).toMatchObject({
    run: { id },
    ground: 'claimed-hash',
    sure: 'likely',
    claims: { modelHash: 'unverifiable' },
  });
});

test('a sample by its bytes where the drawn one still stands as it was found, else by name and time', async () => {
  await importA({ 'kumo.safetensors': {} });
  const drawn = join(output, 'sample/kumo_000016_00_20261123205623_42.png');
  const copy = join(world.root, 'nice.png');
  copyFileSync(drawn, copy);
  expect(await first(copy)).toMatchObject({ run: { id }, step: 16, ground: 'file-hash', sure: 'certain' });
  utimesSync(drawn, 1, 1);
  expect(await first(copy)).toMatchObject({ run: null });
  const edited = found('kumo_000016_01_20261123205635_43.png', png('painted over'));
  expect(await first(edited)).toMatchObject({ run: { id }, step: 16, ground: 'name', sure: 'likely' });
});

test('of a file that no run knows the page tells its arguments and what became of its hashes', async () => {
  const lone = found('lone.safetensors', safetensors(512, { ...metadataOf(A), ...claim(512) }));
  const { stdout } = await spoor(world, ['whence', lone]);
  expect(stdout).toContain('unknown: no run that is recorded here made it');
  expect(stdout).toMatch(/sshs_model_hash +verified against the bytes/);
  expect(stdout).toMatch(/unet_lr +1e-4/);
  expect(stdout).toMatch(/optimizer_type +AdamW\n/);
  expect(stdout).not.toContain('zero_terminal_snr');
});
