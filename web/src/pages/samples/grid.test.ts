import { describe, expect, it } from 'vitest';
import type { SampleRow } from '../../../../src/api/index.ts';
import { cellKey, sampleGrid } from './grid.ts';

const sample = (of: Partial<SampleRow>): SampleRow => ({
  id: 'a'.repeat(32),
  name: 'x.png',
  step: null,
  epoch: null,
  bytes: 1,
  at: null,
  goneAt: null,
  prompt: 0,
  seed: null,
  text: null,
  width: 64,
  height: 64,
  preview: true,
  original: true,
  ...of,
});

describe('the matrix of samples', () => {
  it('has the steps of all runs in order, and a prompt a row', () => {
    const grid = sampleGrid([
      { id: 'A', name: 'a', samples: [sample({ step: 800, prompt: 1 }), sample({ step: 400, prompt: 0 })] },
      { id: 'B', name: 'b', samples: [sample({ step: 1200, prompt: 0 })] },
    ]);
    expect(grid.places.map(({ key }) => key)).toEqual(['s400', 's800', 's1200']);
    expect(grid.rows.map(({ index }) => index)).toEqual([0, 1]);
    expect(grid.rows[0]?.cells.has(cellKey('B', 's1200'))).toBe(true);
    expect(grid.rows[0]?.cells.has(cellKey('A', 's1200'))).toBe(false);
  });

  it('has the words that a prompt had last', () => {
    const samples = [
      sample({ step: 2, text: 'a white wolf', at: '2026-01-01T00:00:02.000Z' }),
      sample({ step: 1, text: 'a wolf', at: '2026-01-01T00:00:01.000Z' }),
    ];
    expect(sampleGrid([{ id: 'A', name: 'a', samples }]).rows[0]?.text).toBe('a white wolf');
  });

  it('takes the later one where a step was drawn again', () => {
    const samples = [
      sample({ step: 1, name: 'late.png', at: '2026-01-01T00:00:09.000Z' }),
      sample({ step: 1, name: 'early.png', at: '2026-01-01T00:00:01.000Z' }),
    ];
    const [row] = sampleGrid([{ id: 'A', name: 'a', samples }]).rows;
    expect(row?.cells.get(cellKey('A', 's1'))?.name).toBe('late.png');
  });

  it('goes by time where some bear steps and others epochs', () => {
    const samples = [
      sample({ epoch: 1, at: '2026-01-01T00:00:05.000Z' }),
      sample({ step: 900, at: '2026-01-01T00:00:09.000Z' }),
      sample({ step: 100, at: '2026-01-01T00:00:01.000Z' }),
    ];
    expect(sampleGrid([{ id: 'A', name: 'a', samples }]).places.map(({ key }) => key)).toEqual(['s100', 'e1', 's900']);
  });
});
