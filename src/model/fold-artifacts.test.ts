import { describe, expect, it } from 'vitest';
import type { Artifact, Fact, Told } from './facts.ts';
import { foldFacts } from './fold.ts';

const id = '01KATJ0000ABCDEFGHJKMNPQRS';
const sha = (digit: string) => digit.repeat(64);
const checkpoint: Artifact = {
  kind: 'checkpoint',
  path: '/out/wolf-step00000008.safetensors',
  step: 8,
  epoch: null,
  prompt: null,
  seed: null,
  bytes: 9,
  sha256: sha('a'),
  tensorSha256: null,
  sessionId: null,
  modifiedAt: '2026-11-23T20:00:00.000Z',
  final: false,
  goneAt: null,
};
const { path } = checkpoint;
const told = (artifact: Partial<Artifact>): Told => ({ type: 'artifact', artifact: { ...checkpoint, ...artifact } });
const removed = (to: string | null): Told => ({ type: 'artifact.removed', path, to, reason: 'pruned', bytes: 9 });

function fold(...facts: Told[]) {
  const at = (i: number) => `2026-11-23T20:00:0${i}.000Z`;
  return foldFacts(
    id,
    facts.map((fact, i) => ({ v: 1, at: at(i), host: 'h', ...fact }) as Fact),
  ).run;
}
const only = (...facts: Told[]) => fold(...facts).artifacts[0];

describe('what a run made', () => {
  it('has a preview and copy of its own version, not of another', () => {
    const preview = { object: sha('b'), bytes: 3, width: 2, height: 1 };
    const image = { width: 4, height: 2, format: 'png' };
    const looked: Told = { type: 'preview', path, sha256: sha('a'), preview, image, reason: null };
    const kept: Told = { type: 'kept', path, object: sha('a'), kept: true };
    expect(only(told({}), looked, kept)).toMatchObject({ preview, image, object: sha('a') });
    const other = only(told({}), looked, kept, told({ sha256: sha('c') }));
    expect(other).not.toHaveProperty('preview');
    expect(other).not.toHaveProperty('object');
    expect(only(told({}), kept, { ...kept, kept: false })).not.toHaveProperty('object');
    expect(only(told({ sha256: null }), looked)).toHaveProperty('preview');
  });

  it('tells where it was removed to, until it is back or made again', () => {
    expect(only(told({}), removed('/trash/1'))).toMatchObject({ removed: { trash: '/trash/1', reason: 'pruned' } });
    expect(only(told({}), removed('/trash/1'), { type: 'artifact.deleted', path })?.removed?.trash).toBeNull();
    const noticed = told({ goneAt: '2026-11-23T20:00:02.000Z' });
    expect(only(told({}), removed('/trash/1'), noticed)).toHaveProperty('removed');
    const back = only(told({}), removed('/trash/1'), noticed, { type: 'artifact.restored', path });
    expect(back).not.toHaveProperty('removed');
    expect(back?.goneAt).toBeNull();
    expect(only(told({}), removed(null), told({ sha256: sha('d') }))).not.toHaveProperty('removed');
  });

  it('has its stars by step, taken back in any order of telling', () => {
    const star = (step: number | null, epoch: number | null, starred = true): Told => ({
      type: 'star',
      step,
      epoch,
      starred,
    });
    const { stars } = fold(star(16, 2), star(8, 1), star(null, 3), star(16, null, false), star(8, null));
    expect(stars.map(({ step, epoch }) => [step, epoch])).toEqual([
      [null, 3],
      [8, null],
    ]);
  });
});

describe('the prompts of a run', () => {
  it('are all versions in their order, also one that came back, each told once', () => {
    const version = (digit: string, modifiedAt: string | null): Told => {
      const found = { sha1: null, sha256: sha(digit), bytes: 1, object: sha(digit) };
      const changed = modifiedAt === null ? {} : { changed: { at: modifiedAt, step: 1, modifiedAt } };
      return {
        type: 'file',
        file: { role: 'prompts', path: '/p.txt', key: 'sample_prompts', kind: 'file', ...found, ...changed },
      };
    };
    const [b, again] = ['2026-11-23T20:10:00.000Z', '2026-11-23T20:20:00.000Z'];
    const told = [version('a', null), version('b', b), version('a', again), version('a', again)];
    expect(fold(...told).files.map(({ sha256, changed }) => [sha256?.[0], changed?.modifiedAt])).toEqual([
      ['a', undefined],
      ['b', b],
      ['a', again],
    ]);
  });
});
