import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { eventually, folderOf, held, processesOf, recorders, start } from '../run/play.ts';
import { canMount } from '../support/rights.ts';
import { shown, spoor } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { objectAt, outputs, picture, studio } from './play.ts';

const samplesOf = ({ artifacts }: Run) => artifacts.filter(({ kind }) => kind === 'sample');
const checkpointsOf = ({ artifacts }: Run) => artifacts.filter(({ kind }) => kind === 'checkpoint');
const journal = (world: World) => join(folderOf(world), 'journal.jsonl');
const active = (world: World) => join(world.spoorHome, 'active', folderOf(world).slice(-26));
const names = (artifacts: readonly { path: string }[]) => artifacts.map(({ path }) => path.split('/').at(-1));

describe('samples', () => {
  it('have a preview that lasts, and are kept as they are within the budget', async () => {
    const { world, train, sample } = await studio(1024);
    const run = await train();
    expect(samplesOf(run)).toHaveLength(2);
    for (const { preview, image, object, sha256 } of samplesOf(run)) {
      expect(image).toMatchObject({ width: 1024, height: 1024, format: 'png' });
      expect(preview).toMatchObject({ width: 512, height: 512 });
      expect(await sharp(objectAt(world, preview!.object)).metadata()).toMatchObject({ format: 'webp', width: 512 });
      expect(object).toBe(sha256);
      expect(readFileSync(objectAt(world, sha256!)).equals(readFileSync(sample))).toBe(true);
    }
    expect(run.warnings).toEqual([]);
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
  });

  it('beyond the budget have previews only, the last step kept first', async () => {
    const { world, train, sample } = await studio(64);
    const settings = join(world.env.HOME!, '.config/spoor/config.toml');
    // The test's pictures are one file: different ones do not share an object.
    world.write(settings, `[keep]\nsamples_budget = ${readFileSync(sample).length + 1}\n`);
    const run = await train();
    expect(
      samplesOf(run).map(({ step, preview, object }) => [step, preview !== undefined, object !== undefined]),
    ).toEqual([
      [3, true, false],
      [6, true, true],
    ]);
  });

  it.each(['a bomb', 'another kind', 'a cut one'])('that are %s cost a preview, not the record', async (what) => {
    const { world, train, sample } = await studio();
    const bomb = Buffer.from(await picture(64));
    bomb.writeUInt32BE(50_000, 16);
    bomb.writeUInt32BE(50_000, 20);
    const cut = (await picture(64)).subarray(0, 91);
    writeFileSync(sample, what === 'a bomb' ? bomb : what === 'a cut one' ? cut : 'GIF89a');
    const run = await train();
    expect(run).toMatchObject({ status: 'succeeded', warnings: [] });
    expect(samplesOf(run)).toHaveLength(2);
    for (const each of samplesOf(run)) {
      expect(each.sha256).not.toBeNull();
      expect(each).not.toHaveProperty('preview');
    }
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
  });
});

describe('a recorder that was killed', () => {
  it('leaves previews and copies to the next command', async () => {
    const { world, sample } = await studio();
    const hold = held(world);
    const training = ['python3', join(world.trainer, 'train_network.py'), '--config_file', world.config];
    const env = { T_SAMPLE: sample, ...hold.env };
    const started = start(world, ['run', '--keep-checkpoints', 'last', '--', ...training], { env });
    await eventually(hold.ready);
    const [recorder] = await eventually(() => (recorders(world).length > 0 ? recorders(world) : null));
    process.kill(recorder!, 'SIGKILL');
    hold.go();
    await started.exit;
    await eventually(() => processesOf(world).length === 0);
    const run = await shown(world, '@');
    expect(run.status).toBe('succeeded');
    expect(samplesOf(run).map(({ preview, object }) => [preview?.width, object !== undefined])).toEqual([
      [96, true],
      [96, true],
    ]);
    expect(names(checkpointsOf(run).filter(({ object }) => object))).toEqual(['wolf.safetensors']);
    const facts = readFileSync(journal(world), 'utf8');
    await shown(world, '@');
    expect(readFileSync(journal(world), 'utf8')).toBe(facts);
    expect(existsSync(active(world))).toBe(false);
  });
});

describe.skipIf(!canMount)('on a small disk of the home (skipped where nothing can be mounted)', () => {
  it('originals are left where they lie, which is said once, and previews are kept', async () => {
    const { world, sample, train } = await studio(1024);
    mkdirSync(world.spoorHome);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'none', world.spoorHome]);
    onTestFinished(() => void execFileSync('umount', ['-l', world.spoorHome]));
    // Noise does not compress: each sample takes some three megabytes.
    expect(statSync(sample).size).toBeGreaterThan(2e6);
    writeFileSync(join(world.spoorHome, 'ballast'), Buffer.alloc(7 << 20));
    const run = await train();
    expect(run.status).toBe('succeeded');
    expect(samplesOf(run).map(({ preview, object }) => [preview?.width, object])).toEqual([
      [512, undefined],
      [512, undefined],
    ]);
    expect(run.warnings.filter(({ code }) => code === 'artifact-not-kept')).toHaveLength(1);
  });
});

describe('checkpoints', () => {
  const kept = (run: Run) => names(checkpointsOf(run).filter(({ object }) => object !== undefined));

  it.each([
    ['none', []],
    ['starred', []],
    ['last', ['wolf.safetensors']],
    ['all', ['wolf-step00000003.safetensors', 'wolf-step00000006.safetensors', 'wolf.safetensors']],
  ])('are copied as --keep-checkpoints %s says', async (choice, expected) => {
    const { world, train } = await studio();
    const run = await train({ args: ['--keep-checkpoints', choice] });
    expect(kept(run)).toEqual(expected);
    for (const { object, path } of checkpointsOf(run)) {
      if (object) expect(readFileSync(objectAt(world, object)).equals(readFileSync(path))).toBe(true);
    }
  });

  it('that the trainer deletes are kept, and those that are not copied keep their record', async () => {
    const { world } = await studio();
    const hold = held(world);
    const env = { T_KEEP_LAST: '1', T_HOLD_AT: '4', ...hold.env };
    const training = ['python3', join(world.trainer, 'train_network.py'), '--config_file', world.config];
    const started = start(world, ['run', '--keep-checkpoints', 'all', '--', ...training], { env });
    await eventually(hold.ready);
    await eventually(
      () => existsSync(journal(world)) && readFileSync(journal(world), 'utf8').includes('"type":"kept"'),
    );
    hold.go();
    await started.exit;
    await eventually(() => !existsSync(active(world)));
    const run = await shown(world, '@');
    expect(outputs(world)).not.toContain('wolf-step00000003.safetensors');
    const [first] = checkpointsOf(run);
    expect(first).toMatchObject({ step: 3, goneAt: expect.any(String), object: expect.any(String) });
    expect(existsSync(objectAt(world, first!.object!))).toBe(true);
  });

  it('are kept by a choice in the settings; a wrong one on the command line is refused', async () => {
    const { world, train } = await studio();
    world.write(join(world.env.HOME!, '.config/spoor/config.toml'), '[keep]\ncheckpoints = "last"\n');
    expect(kept(await train())).toEqual(['wolf.safetensors']);
    const wrong = await spoor(world, ['run', '--keep-checkpoints', 'best', '--', 'true']);
    expect(wrong).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('best') });
  });
});
