import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MadeArtifact, Run } from '../../model/run.ts';
import { makeStyle } from '../style.ts';
import { cells } from '../text.ts';
import { layOut, type View, type ViewState } from './view.ts';
import type { WatchedSeries } from './watched.ts';

const series = (tag: string, y: number[], seams: number[] = []): WatchedSeries => {
  const step = Float64Array.from(y, (_, i) => i + 1);
  const points = {
    tag,
    axis: 'step' as const,
    step,
    time: step,
    value: Float64Array.from(y),
    total: y.length,
    reduced: false,
  };
  return { tag, points, seams, before: { name: 'wolf-v1', points } };
};

function stateOf(name: string, y: number[], given: Partial<ViewState> = {}): ViewState {
  const run = {
    id: '01M8B2TMT4',
    name: { full: name },
    host: name,
    status: 'running',
    startedAt: '2026-11-26T04:00:00.000Z',
    endedAt: null,
    progress: null,
  } as unknown as Run;
  const progress = { step: 40, total: 90, epoch: 2, epochs: 3, loss: 0.08, rate: 2, phase: 'sampling' as const };
  const gpu = { utilisation: 97, memory: 21.5e9, memoryTotal: 25.8e9, temperature: 71, power: 312 };
  return {
    watched: {
      run,
      running: {
        id: run.id,
        name,
        host: name,
        startedAt: run.startedAt,
        progress,
        losses: [],
        stall: null,
        gpus: [0, 1].map((index) => ({ index, ...gpu })),
        memory: 9e9,
        memoryTotal: 64e9,
        processMemory: null,
      },
      loss: series('loss/current', y, [5]),
      rate: series('lr/unet', y),
      cpu: 12,
      samples: [{ sample: { path: `/${name}` } as MadeArtifact, place: 'step 30' }],
      log: [name, name],
    },
    choices: [
      { id: run.id, name },
      { id: '01M8B2TMT5' as Run['id'], name },
    ],
    view: 'all',
    smoothing: null,
    pictures: true,
    now: new Date('2026-11-26T04:10:00.000Z'),
    host: 'here',
    style: makeStyle(true),
    ...given,
  };
}

test('the screen has its size, whatever is shown of whatever', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.array(fc.oneof(fc.double(), fc.double({ min: 0, max: 1 })), { maxLength: 50 }),
      fc.integer({ min: 1, max: 160 }),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom<View>('all', 'charts', 'log', 'help'),
      fc.boolean(),
      (name, y, columns, rows, view, colour) => {
        // Names and log lines are made safe where they are read.
        const shown = name.replace(/[\p{C}\u2028\u2029]/gu, '.');
        const { lines, room } = layOut(stateOf(shown, y, { view, style: makeStyle(colour) }), columns, rows);
        expect(lines).toHaveLength(rows);
        for (const line of lines) expect(cells(line)).toBeLessThanOrEqual(columns);
        if (!colour) expect(lines.join('')).not.toContain('\x1b');
        if (room) {
          expect(room.row + room.rows).toBeLessThan(rows);
          for (const line of lines.slice(room.row, room.row + room.rows)) expect(line).toBe('');
        }
      },
    ),
  );
});

test('names of the world are made visible, not obeyed', () => {
  const { lines } = layOut(stateOf('a\x1b[2J\u202eb', [1, 2, 3], { style: makeStyle(false) }), 100, 30);
  expect(lines.join('\n')).toContain('a\\e[2J\\u202eb');
  expect(
    lines
      .slice(0, -1)
      .filter((line) => !line.includes('log'))
      .slice(0, 20)
      .join(''),
  ).not.toMatch(/\x1b|\u202e/);
});

test('without colours the version before is dotted and points are left to the smoothed line', () => {
  const y = Array.from({ length: 40 }, (_, i) => (i % 2) + i / 40);
  const plain = layOut(stateOf('wolf', y, { style: makeStyle(false) }), 100, 30).lines.join('\n');
  const coloured = layOut(stateOf('wolf', y), 100, 30).lines.join('\n');
  const dots = (text: string) => [...text].filter((each) => each >= '⠀' && each <= '⣿').length;
  expect(dots(plain)).toBeLessThan(dots(coloured));
  expect(plain).toContain('sampling');
  expect(plain).toContain('GPU 0 97% 21.5/25.8 GB 71 °C 312 W');
});
