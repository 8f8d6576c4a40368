import { describe, expect, it } from 'vitest';
import { type Change, groupChanges, splitTags, tagChips } from './areas.ts';

const change = (area: Change['area'], subject: string, partOf: string | null = null): Change => ({
  area,
  kind: 'changed',
  subject,
  before: 1,
  after: 2,
  effective: true,
  detail: null,
  partOf,
});

describe('the changes of a comparison', () => {
  it('have the settings first, wherever they are written, and the parts beneath what they are part of', () => {
    const changes = [
      change('code', 'trainer'),
      change('code', 'library/a.py', 'trainer'),
      change('config', 'unet_lr'),
      change('dataset', 'captions'),
      change('dataset', 'wolf/1.txt', 'captions'),
      change('arguments', 'seed'),
    ];
    const groups = groupChanges(changes);
    expect(groups.map(({ name }) => name)).toEqual(['settings', 'dataset', 'code']);
    expect(groups[0]?.changes.map(({ change }) => change.subject)).toEqual(['unet_lr', 'seed']);
    expect(groups[2]?.changes[0]?.parts.map(({ subject }) => subject)).toEqual(['library/a.py']);
  });

  it('lose none whose whole is not among them', () => {
    const groups = groupChanges([change('code', 'library/a.py', 'gone')]);
    expect(groups[0]?.changes[0]?.change.subject).toBe('library/a.py');
  });
});

describe('the tags of a caption that changed', () => {
  it('are told apart by their signs, spaces and minus signs within them kept', () => {
    expect(tagChips('+dark blue sky +semi-realistic −blue light')).toEqual([
      { sign: '+', tag: 'dark blue sky' },
      { sign: '+', tag: 'semi-realistic' },
      { sign: '−', tag: 'blue light' },
    ]);
  });

  it('are none where a sentence changed', () => {
    expect(tagChips('a wolf sits → a wolf stands')).toBeNull();
    expect(tagChips(null)).toBeNull();
  });
});

describe('the counts of tags', () => {
  it('are taken out of the other changes, those of the captions and those that a model tells', () => {
    const count = (subject: string, before: number, after: number, detail: string | null) => ({
      ...change('dataset', subject, detail ? null : 'captions'),
      before,
      after,
      detail,
    });
    const { tags, others } = splitTags([
      change('dataset', 'wolf/1.txt', 'captions'),
      count('caption term dark blue sky', 0, 3, null),
      count('tag solo', 4, 0, 'in 2_wolf, as the models tell'),
      count('tag stars', 1, 2, 'in 2_wolf, as the models tell'),
    ]);
    expect(others.map(({ subject }) => subject)).toEqual(['wolf/1.txt']);
    expect(tags).toEqual([
      { told: null, counts: [{ tag: 'dark blue sky', before: 0, after: 3 }] },
      {
        told: 'in 2_wolf, as the models tell',
        counts: [
          { tag: 'solo', before: 4, after: 0 },
          { tag: 'stars', before: 1, after: 2 },
        ],
      },
    ]);
  });
});
