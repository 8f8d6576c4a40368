import { describe, expect, it } from 'vitest';
import type { FileState } from '../../model/facts.ts';
import type { MadeArtifact, Run } from '../../model/run.ts';
import { MemoryObjects } from '../../store/objects/memory.ts';
import { addPrompts } from './prompted.ts';

const at = (minute: number) => `2026-11-23T20:${String(minute).padStart(2, '0')}:00.000Z`;

function sample(step: number, prompt: number, minute: number, more: Partial<MadeArtifact> = {}): MadeArtifact {
  const file = { bytes: 1, sha256: null, tensorSha256: null, sessionId: null, final: false, goneAt: null };
  const path = `/out/sample/wolf_${step}_${prompt}.png`;
  return { kind: 'sample', path, step, epoch: null, prompt, seed: null, modifiedAt: at(minute), ...file, ...more };
}

async function prompted(
  versions: [text: string, writtenAt: number | null][],
  artifacts: MadeArtifact[],
  imported = false,
) {
  const objects = new MemoryObjects();
  const files: FileState[] = [];
  for (const [text, minute] of versions) {
    const { sha256, bytes } = await objects.put(Buffer.from(text));
    const changed = minute === null ? {} : { changed: { at: at(minute + 1), step: 1, modifiedAt: at(minute) } };
    const found = { sha1: null, sha256, bytes, object: sha256, ...changed };
    files.push({ role: 'prompts', path: '/data/prompts.txt', key: 'sample_prompts', kind: 'file', ...found });
  }
  const run = { artifacts, files, imported: imported ? {} : null } as unknown as Run;
  await addPrompts(run, objects);
  return run.artifacts.map((each) => each.prompted);
}

describe('the prompt of a sample', () => {
  it('is the line of its number, comments and blank lines passed over', async () => {
    const text = '# first\na wolf --n blurry --w 832 --h 1216 --s 28 --l 6.5 --d 7 --ss euler\n\n  \n#\na cat --d 9\n';
    const [wolf, cat, none] = await prompted([[text, null]], [sample(8, 0, 1), sample(8, 1, 1), sample(8, 2, 1)]);
    const size = { width: 832, height: 1216, steps: 28, scale: 6.5, sampler: 'euler', seed: 7 };
    expect(wolf).toMatchObject({ prompt: 'a wolf', negative: 'blurry', ...size, by: 'prompts' });
    expect(wolf).not.toHaveProperty('certainty');
    expect(cat).toMatchObject({ prompt: 'a cat', negative: null, width: null, seed: 9 });
    expect(none).toBeUndefined();
  });

  it('is that of the version which stood when the first sample of its step was made', async () => {
    const versions: [string, number | null][] = [
      ['third', 30],
      ['first', null],
      ['second', 10],
    ];
    const samples = [sample(1, 0, 5), sample(2, 0, 10), sample(3, 0, 29), sample(3, 1, 31), sample(4, 0, 40)];
    const texts = (await prompted(versions, samples)).map((each) => each?.prompt);
    expect(texts).toEqual(['first', 'second', 'second', undefined, 'third']);
  });

  it('of an import is a guess, and of an image that tells it is what the image says', async () => {
    expect((await prompted([['a wolf', null]], [sample(1, 0, 1)], true))[0]).toMatchObject({ certainty: 'guessed' });
    const parameters = 'a wolf,\nat night\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5';
    const image = { width: 64, height: 32, format: 'png', texts: { parameters } };
    const [told] = await prompted([], [sample(1, 0, 1, { image })]);
    const asked = { prompt: 'a wolf,\nat night', negative: 'blurry', steps: 20, scale: 7, sampler: 'Euler a', seed: 5 };
    expect(told).toEqual({ ...asked, width: 64, height: 32, by: 'image' });
  });
});
