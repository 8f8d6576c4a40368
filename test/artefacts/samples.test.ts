import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { eventually, held, start } from '../run/play.ts';
import { shown, spoor, training } from '../support/spoor.ts';
import { picture, studio } from './play.ts';

describe('spoor samples', () => {
  it('lists them below their prompts, with what was asked for', async () => {
    const { world, train } = await studio();
    world.write(world.prompts, '# two\na grey wolf --w 64 --h 64 --d 42 --s 28\n\na red fox --d 7\n');
    await train();
    const { stdout, exitCode } = await spoor(world, ['samples']);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      '0  a grey wolf  seed 42 · 96×96 · 28 steps',
      '  step 3  wolf_000003_00_20261123205507_42.png  kept',
      '  step 6  wolf_000006_00_20261123205507_42.png  kept',
      '1  a red fox  seed 7 · 96×96',
      '  step 3  wolf_000003_01_20261123205507_7.png  kept',
      '  step 6  wolf_000006_01_20261123205507_7.png  kept',
      '',
    ]);
    const json = JSON.parse((await spoor(world, ['samples', '--json'])).stdout);
    expect(json).toHaveLength(1);
    expect(json[0].samples).toHaveLength(4);
    expect(json[0].samples[2]).toMatchObject({
      step: 3,
      prompt: 1,
      seed: 7,
      prompted: { prompt: 'a red fox', by: 'prompts' },
      preview: { width: 96, height: 96 },
      starred: false,
    });
  });

  it('knows which version of an edited prompts file made which', async () => {
    const { world, sample } = await studio();
    const hold = held(world);
    const run = start(world, ['run', '--', ...training(world)], {
      env: { T_SAMPLE: sample, T_STEP: '0.1', ...hold.env },
    });
    await eventually(hold.ready);
    writeFileSync(world.prompts, 'a white wolf --d 1\n');
    hold.go();
    await run.exit;
    const { artifacts, files } = await shown(world, '@');
    const versions = files.filter(({ role }) => role === 'prompts');
    expect(versions).toHaveLength(2);
    expect(versions[1]?.changed?.modifiedAt).toEqual(expect.any(String));
    const prompts = artifacts.flatMap((each) => (each.kind === 'sample' ? [each.prompted?.prompt] : []));
    expect(prompts).toEqual(['a white wolf', 'a white wolf']);
  });

  it('says that there are none', async () => {
    const { world, train } = await studio();
    writeFileSync(world.prompts, '# none\n');
    await train();
    expect(await spoor(world, ['samples'])).toMatchObject({ exitCode: 0, stdout: '', stderr: 'No samples of wolf.\n' });
    const sheet = await spoor(world, ['samples', '--contact-sheet', 'sheet.png']);
    expect(sheet).toMatchObject({ exitCode: 66, stderr: expect.stringContaining('no samples of wolf') });
    expect(existsSync(join(world.root, 'sheet.png'))).toBe(false);
  });
});

describe('a contact sheet', () => {
  it('is a picture of all samples of several runs, also when the files are gone', async () => {
    const { world, train, sample } = await studio();
    await train({ args: ['--name', 'wolf-v1'] });
    writeFileSync(sample, await picture(128));
    rmSync(world.output, { recursive: true });
    await train({ args: ['--name', 'wolf-v2'] });
    rmSync(world.output, { recursive: true });
    const made = await spoor(world, ['samples', 'wolf-v1', 'wolf-v2', '--contact-sheet', 'sheet.png']);
    expect(made).toMatchObject({ exitCode: 0, stdout: '' });
    expect(made.stderr).toBe(`spoor: 4 pictures in ${join(world.root, 'sheet.png')}\n`);
    const found = await sharp(join(world.root, 'sheet.png')).metadata();
    expect(found.format).toBe('png');
    expect(found.width).toBeGreaterThan(4 * 128);
    const before = readFileSync(join(world.root, 'sheet.png'));
    await spoor(world, ['samples', 'wolf-v1', 'wolf-v2', '--contact-sheet', 'sheet.png']);
    expect(readFileSync(join(world.root, 'sheet.png')).equals(before)).toBe(true);
  });

  it('has a name that says what it is', async () => {
    const { world } = await studio();
    const wrong = await spoor(world, ['samples', '--contact-sheet', 'sheet.jpg']);
    expect(wrong).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('sheet.jpg') });
  });
});
