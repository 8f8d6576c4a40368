import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { objectAt, picture } from '../artefacts/play.ts';
import { shown, spoor } from '../support/spoor.ts';
import { imported, importedRun, layOut, world } from './play.ts';

const A = 'A-good-lora-pty';

async function trained() {
  const made = world();
  const directory = layOut(made, A, { 'kumo.safetensors': {} });
  const samples = join(directory, 'output', 'sample');
  mkdirSync(samples);
  for (const [step, prompt] of [
    ['000008', '00'],
    ['000008', '01'],
    ['000016', '00'],
  ] as const) {
    writeFileSync(join(samples, `kumo_${step}_${prompt}_20261123205507_42.png`), await picture(600));
  }
  writeFileSync(join(samples, 'kumo_000016_01_20261123205507_42.png'), 'broken');
  return { made, directory, samples };
}

describe('samples of an imported training', () => {
  it('have previews that outlast them, made once, and prompts that are a guess', async () => {
    const { made, directory, samples } = await trained();
    const run = await importedRun(made, directory);
    const found = run.artifacts.filter(({ kind }) => kind === 'sample');
    expect(found.map(({ step, preview }) => [step, preview?.width])).toEqual([
      [8, 512],
      [8, 512],
      [16, 512],
      [16, undefined],
    ]);
    expect(found[0]?.prompted).toMatchObject({ prompt: expect.stringContaining('cat'), certainty: 'guessed' });
    for (const { preview } of found) if (preview) expect(existsSync(objectAt(made, preview.object))).toBe(true);
    const facts = () => {
      const folder = join(made.spoorHome, 'runs', run.id);
      return readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => readFileSync(join(folder, name), 'utf8'));
    };
    const before = facts();
    expect((await imported(made, directory)).runs[0]?.outcome).toBe('unchanged');
    expect(facts()).toEqual(before);
    rmSync(samples, { recursive: true });
    expect((await spoor(made, ['samples', run.id, '--contact-sheet', 'sheet.png'])).stderr).toContain('3 pictures in');
    expect((await spoor(made, ['verify'])).exitCode).toBe(0);
  });

  it('have none where none are wanted', async () => {
    const { made, directory } = await trained();
    const { id } = (await imported(made, directory, '--no-previews')).runs[0]!;
    expect((await shown(made, id)).artifacts.some(({ preview }) => preview)).toBe(false);
    expect((await imported(made, directory)).runs[0]?.outcome).toBe('unchanged');
    expect((await shown(made, id)).artifacts.filter(({ preview }) => preview)).toHaveLength(3);
  });
});
