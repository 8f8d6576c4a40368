import { expect, test } from 'vitest';
import type { Progress } from './facts.ts';
import { progressMark, stallOf } from './stall.ts';

const training: Progress = {
  step: 40,
  total: 100,
  epoch: 1,
  epochs: 2,
  loss: 0.1,
  rate: 0.1,
  phase: 'training',
  within: null,
  stepSeconds: 8,
  eta: 480,
  barEta: 600,
};
const after = (seconds: number, progress: Progress, times?: number) => stallOf(progress, 0, seconds * 1000, times);

test('a training stalls when no step came for ten times as long as steps took of late', () => {
  expect(after(80, training)).toBeNull();
  expect(after(81, training)).toEqual({ phase: 'training', silent: 81, usual: 8, limit: 80 });
  expect(after(81, training, 20)).toBeNull();
});

test('quick steps may pause for a minute', () => {
  expect(after(59, { ...training, stepSeconds: 0.1 })).toBeNull();
  expect(after(61, { ...training, stepSeconds: 0.1 })?.limit).toBe(60);
});

test("where no step was timed, the bar's own rate counts, and before the first step half an hour", () => {
  const { stepSeconds: _, ...untimed } = training;
  expect(after(101, untimed)).toMatchObject({ usual: 10, limit: 100 });
  expect(after(1700, { ...untimed, step: 0, rate: null })).toBeNull();
  expect(after(1801, { ...untimed, step: 0, rate: null })?.usual).toBeNull();
});

test.each(['sampling', 'caching', 'saving', 'loading'] as const)(
  '%s is no stall for what steps would take',
  (phase) => {
    expect(after(500, { ...training, phase })).toBeNull();
    expect(after(3600, { ...training, phase })).toMatchObject({ phase });
  },
);

test('what the phase counts sets its pace', () => {
  const slow = { ...training, phase: 'sampling' as const, within: { done: 2, total: 12, item: 1, left: 1000 } };
  expect(after(999, slow)).toBeNull();
  expect(after(1001, slow)).toMatchObject({ usual: 100, limit: 1000 });
});

test('a mark changes with the step, the phase and what the phase counts, and with nothing that only ages', () => {
  const sampling: Progress = { ...training, phase: 'sampling', within: { done: 1, total: 30, item: 1, left: 9 } };
  const marks = [
    training,
    { ...training, step: 41 },
    sampling,
    { ...sampling, within: { done: 2, total: 30, item: 1, left: 8 } },
  ].map(progressMark);
  expect(new Set(marks).size).toBe(4);
  expect(progressMark({ ...training, eta: 1, barEta: 2 })).toBe(progressMark(training));
});
