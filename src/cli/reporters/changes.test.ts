import { describe, expect, test } from 'vitest';
import type { Change } from '../../diff/change.ts';
import { cells } from '../text.ts';
import { changesLine } from './changes.ts';

const change = (rest: Partial<Change>): Change => {
  return {
    area: 'arguments',
    kind: 'changed',
    subject: 'x',
    before: 1,
    after: 2,
    effective: true,
    detail: null,
    partOf: null,
    ...rest,
  };
};
const some = [
  change({ subject: 'unet_lr', before: 1e-4, after: 2e-4 }),
  change({ subject: 'network_args.conv_dim', kind: 'added', before: null, after: 8 }),
  change({ area: 'dataset', kind: 'added', subject: 'images', before: null, after: 12 }),
  change({ area: 'dataset', subject: 'captions', before: 3, after: 3 }),
  change({ area: 'code', subject: 'sd-scripts', before: 'v0.10.1', after: 'v0.10.1 (dirty)', detail: 'dirty' }),
  change({ area: 'model', subject: 'vae', before: '/models/a.safetensors', after: '/models/b.safetensors' }),
];

describe('a line of changes', () => {
  test('says them in the words of the field', () => {
    expect(changesLine(some, 200)).toBe(
      'unet_lr 1e-4→2e-4, +conv_dim 8, +12 images, 3 captions changed, sd-scripts dirty, vae a.safetensors→b.safetensors',
    );
  });

  test('fits any width and counts what does not', () => {
    for (let width = 30; width < 120; width++) {
      const line = changesLine(some, width);
      expect(cells(line)).toBeLessThanOrEqual(width);
      const more = Number(/ … and (\d+) more$/.exec(line)?.[1] ?? 0);
      expect(line.replace(/ … and.*/, '').split(', ')).toHaveLength(some.length - more);
    }
  });

  test('leaves out what cannot change the result or is not known, but for prompts', () => {
    const others = [
      change({ effective: false }),
      change({ kind: 'unknown' }),
      change({ area: 'prompts', effective: false }),
    ];
    expect(changesLine(others, 80)).toBe('other sample prompts');
  });

  test('obeys nothing that stands in a value', () => {
    const hostile = change({ subject: 'a\u001b[2J', before: '\u202e', after: '\n' });
    expect(changesLine([hostile], 80)).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});
