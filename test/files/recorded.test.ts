/** The files that a configuration names, as `spoor run` records them. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileState } from '../../src/model/facts.ts';
import type { Run } from '../../src/model/run.ts';
import { recorded, training } from '../support/spoor.ts';
import { makeWorld, safetensors, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const baseOf = (run: Run): FileState => run.files.find(({ role }) => role === 'base-model')!;
const naming = (path: string) => ['--pretrained_model_name_or_path', path];

test('a base model has every hash by which sites and trainers name it', async () => {
  const tensors = 0x120000;
  const whole = safetensors(tensors, { 'modelspec.title': 'base' });
  const path = world.write(join(world.root, 'models/xl.safetensors'), whole);
  const { run } = await recorded(world, training(world, ...naming(path)));
  expect(baseOf(run)).toMatchObject({
    path,
    key: 'pretrained_model_name_or_path',
    bytes: whole.length,
    // Civitai's AutoV2 is its first 10 digits; sd-scripts' `ss_new_sd_model_hash`.
    sha256: sha256(whole),
    sha1: createHash('sha1').update(whole).digest('hex'),
    model: {
      // AutoV3 is its first 12 digits; `sshs_model_hash`.
      tensorSha256: sha256(whole.subarray(whole.length - tensors)),
      // `ss_sd_model_hash`, which tools before AutoV2 showed.
      legacyHash: sha256(whole.subarray(0x100000, 0x110000)).slice(0, 8),
      hub: null,
    },
  });
  // Whoever edits the metadata changes the file's hash, and not that of its tensors.
  writeFileSync(path, safetensors(tensors, { 'modelspec.title': 'renamed' }));
  const edited = baseOf((await recorded(world, training(world, ...naming(path)))).run);
  expect(edited.sha256).not.toBe(sha256(whole));
  expect(edited.model?.tensorSha256).toBe(baseOf(run).model?.tensorSha256);
});

test('a base model that the trainer removes and a VAE that it replaces have the hashes of what it started with', async () => {
  const base = world.write(join(world.root, 'models/xl.safetensors'), safetensors(64));
  const vae = world.write(join(world.root, 'models/vae.safetensors'), safetensors(32));
  const [before, decoder] = [readFileSync(base), readFileSync(vae)];
  const trainer = join(world.trainer, 'train_network.py');
  world.write(trainer, `import os\nos.remove('${base}')\nos.replace('${trainer}', '${vae}')\n`);
  const { run } = await recorded(world, training(world, ...naming(base), '--vae', vae));
  expect(baseOf(run).sha256).toBe(sha256(before));
  expect(run.files.find(({ role }) => role === 'vae')?.sha256).toBe(sha256(decoder));
  expect(run.warnings.filter(({ code }) => code === 'file-changed')).toEqual([]);
});

test('a model in the cache of a Hugging Face hub is known by the name of its blob and by its place on the hub', async () => {
  const hub = join(world.root, 'user/.cache/huggingface/hub/models--acme--wolf-xl');
  const blob = (bytes: Uint8Array, snapshot: string) => {
    const path = join(hub, 'snapshots/0123abcd', snapshot);
    world.write(join(hub, 'blobs', sha256(bytes)), bytes);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join('../'.repeat(snapshot.split('/').length + 1), 'blobs', sha256(bytes)), path);
    return path;
  };
  const weights = safetensors(64);
  const file = blob(weights, 'wolf.safetensors');
  blob(safetensors(32), 'unet/model.safetensors');
  expect(readFileSync(file)).toEqual(weights);

  const single = baseOf((await recorded(world, training(world, ...naming(file)))).run);
  expect(single).toMatchObject({ path: file, sha256: sha256(weights), bytes: weights.length });
  expect(single.model?.hub).toBe('acme/wolf-xl@0123abcd/wolf.safetensors');

  const snapshot = join(hub, 'snapshots/0123abcd');
  const whole = baseOf((await recorded(world, training(world, ...naming(snapshot)))).run);
  expect(whole).toMatchObject({ path: snapshot, kind: 'directory', bytes: weights.length + safetensors(32).length });
  expect(whole.model?.hub).toBe('acme/wolf-xl@0123abcd');
});

test('a named file that is not there is a warning with the nearest name, and the training runs', async () => {
  rmSync(world.prompts);
  const near = world.write(join(world.dataset, 'sample_prompts.txt'), 'a wolf\n');
  const { run, exitCode, stderr } = await recorded(world, training(world));
  expect([exitCode, run.status]).toEqual([0, 'succeeded']);
  expect(run.files.find(({ role }) => role === 'prompts')).toMatchObject({ path: world.prompts, kind: 'missing' });
  const [warning] = run.warnings;
  expect(warning).toMatchObject({ code: 'file-missing', message: expect.stringContaining(world.prompts) });
  expect(warning!.hint).toContain(near.split('/').at(-1));
  expect(stderr).toContain(world.prompts);
});
