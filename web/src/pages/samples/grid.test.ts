import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellKey, nearest, placeAt, sampleGrid } from './grid.ts';
import { sample } from './testing.ts';

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

  it('has a row for each wording of a prompt that was edited while the run went on', () => {
    const samples = [
      sample({ step: 2, text: 'a white wolf', at: '2026-01-01T00:00:02.000Z' }),
      sample({ step: 1, text: 'a wolf', at: '2026-01-01T00:00:01.000Z' }),
      sample({ step: 2, prompt: 1, text: 'a cat', at: '2026-01-01T00:00:02.000Z' }),
    ];
    const { rows } = sampleGrid([{ id: 'A', name: 'a', samples }]);
    expect(rows.map(({ index, text }) => [index, text])).toEqual([
      [0, 'a wolf'],
      [2, 'a white wolf'],
      [1, 'a cat'],
    ]);
  });

  it('takes samples without known words for those of their prompt', () => {
    const samples = [sample({ step: 1, text: null }), sample({ step: 2, text: 'a wolf' })];
    const { rows } = sampleGrid([{ id: 'A', name: 'a', samples }]);
    expect(rows.map(({ text, cells }) => [text, cells.size])).toEqual([['a wolf', 2]]);
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

  it('goes by how far into its run each was drawn where runs of different days are beside each other', () => {
    const first = [
      sample({ epoch: 1, at: '2026-01-01T00:00:00.000Z' }),
      sample({ epoch: 2, at: '2026-01-01T00:09:00.000Z' }),
    ];
    const second = [
      sample({ step: 5, at: '2026-03-01T00:00:00.000Z' }),
      sample({ step: 9, at: '2026-03-01T00:05:00.000Z' }),
    ];
    const { places } = sampleGrid([
      { id: 'A', name: 'a', samples: first },
      { id: 'B', name: 'b', samples: second },
    ]);
    expect(places.map(({ key }) => key)).toEqual(['e1', 's5', 's9', 'e2']);
  });
});

describe('prompts of several runs', () => {
  const of = (id: string, prompts: readonly (readonly [string | null, number | null])[]) => ({
    id,
    name: id,
    samples: prompts.map(([text, seed], prompt) => sample({ step: 1, prompt, text, seed })),
  });
  const rows = (...runs: ReturnType<typeof of>[]) =>
    sampleGrid(runs).rows.map(({ index, text, cells }) => [index, text, [...cells.keys()].map((key) => key[0])]);

  it('stand in one row by their words and seed, wherever in the file they stand', () => {
    const found = rows(
      of('A', [
        ['a wolf', 1],
        ['a wolf', 2],
        ['a cat', 3],
      ]),
      of('B', [
        ['a cat', 3],
        ['a wolf', 2],
        ['a fox', 4],
      ]),
    );
    expect(found).toEqual([
      [0, 'a wolf', ['A']],
      [1, 'a wolf', ['A', 'B']],
      [2, 'a cat', ['A', 'B']],
      [3, 'a fox', ['B']],
    ]);
  });

  it('stand in one row by their words where the seed is another one', () => {
    expect(rows(of('A', [['a wolf', 1]]), of('B', [['a wolf', 9]]))).toEqual([[0, 'a wolf', ['A', 'B']]]);
  });

  it('go by their place where the words are not known', () => {
    const found = rows(
      of('A', [
        ['a wolf', 1],
        ['a cat', 1],
      ]),
      of('B', [
        [null, 1],
        [null, 1],
      ]),
    );
    expect(found).toEqual([
      [0, 'a wolf', ['A', 'B']],
      [1, 'a cat', ['A', 'B']],
    ]);
  });

  it('lose no sample and have numbers of their own, whatever they are', () => {
    const prompt = fc.tuple(fc.constantFrom('a wolf', 'a cat', null), fc.constantFrom(1, 2, null));
    const run = fc.array(prompt, { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 4 }), (runs) => {
        const { rows } = sampleGrid(runs.map((prompts, at) => of(`${at}`, prompts)));
        expect(new Set(rows.map(({ index }) => index)).size).toBe(rows.length);
        for (const [at, prompts] of runs.entries()) {
          const own = rows.flatMap(({ cells }) => cells.get(cellKey(`${at}`, 's1')) ?? []);
          expect(own).toHaveLength(prompts.length);
        }
      }),
    );
  });
});

describe('a step that a run has no sample of', () => {
  const grid = sampleGrid([
    { id: 'A', name: 'a', samples: [100, 200, 300].map((step) => sample({ step })) },
    { id: 'B', name: 'b', samples: [90, 260].map((step) => sample({ step })) },
  ]);
  const [row] = grid.rows;
  const at = (step: number) => grid.places.find((place) => place.step === step);

  it('is stood for by the nearest one, and that is said', () => {
    const found = (step: number) => {
      const place = at(step);
      const near = row && place && nearest(grid, row, 'B', place);
      return near && [near.place.step, near.exact];
    };
    expect(found(90)).toEqual([90, true]);
    expect(found(100)).toEqual([90, false]);
    expect(found(300)).toEqual([260, false]);
  });

  it('leads from an address to the nearest that there is, and to the last without one', () => {
    expect(placeAt(grid, { step: 210 })?.step).toBe(200);
    expect(placeAt(grid, {})?.step).toBe(300);
    const epochs = sampleGrid([{ id: 'A', name: 'a', samples: [1, 2, 3].map((epoch) => sample({ epoch })) }]);
    expect(placeAt(epochs, { epoch: 2 })?.epoch).toBe(2);
  });
});
