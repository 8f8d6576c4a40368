import { expect, test } from 'vitest';
import type { Progress } from '../../model/facts.ts';
import { etaText, percentText, phaseText, rateText, sparkline } from './progress-text.ts';

const training: Progress = {
  step: 620,
  total: 1000,
  epoch: 1,
  epochs: 2,
  loss: 0.1,
  rate: 2,
  phase: 'training',
  within: null,
  stepSeconds: 0.4,
  eta: 152,
};

test('a phase is told with how far it is, and a sample with which one it is', () => {
  const within = (done: number, total: number | null, item: number | null) => ({ done, total, item, left: null });
  expect(phaseText(training)).toBe('training');
  expect(phaseText({ ...training, phase: 'caching', within: within(40, 120, null) })).toBe('caching 40/120');
  expect(phaseText({ ...training, phase: 'sampling', within: within(12, 30, 2) })).toBe('sampling 2: 12/30');
  expect(phaseText({ ...training, phase: 'sampling', within: within(0, null, 2) })).toBe('sampling 2');
});

test('a rate is of late, else of the whole, in steps a second or seconds a step', () => {
  expect(rateText(training)).toBe('2.5 it/s');
  expect(rateText({ ...training, stepSeconds: null })).toBe('2.0 it/s');
  expect(rateText({ ...training, stepSeconds: 7.32 })).toBe('7.3 s/it');
  expect(rateText({ ...training, stepSeconds: 25 })).toBe('25 s/it');
  expect(rateText({ ...training, stepSeconds: 1 / 40 })).toBe('40 it/s');
  expect(rateText({ ...training, stepSeconds: null, rate: null })).toBe('');
});

test('time left is a guess while the training pauses, and nothing before the first step or after the last', () => {
  expect(etaText(training)).toBe('2 m 32 s');
  expect(etaText({ ...training, phase: 'sampling' })).toBe('~2 m 32 s');
  expect(etaText({ ...training, eta: null })).toBe('');
  expect(etaText({ ...training, step: null })).toBe('');
  expect(etaText({ ...training, eta: 0, phase: 'finished' })).toBe('');
});

test('a percentage is never rounded up to the end', () => {
  expect(percentText({ step: 999, total: 1000 })).toBe('99%');
  expect(percentText({ step: 1000, total: 1000 })).toBe('100%');
  expect(percentText({ step: 3, total: null })).toBe('');
});

test('a line of blocks goes where the values went', () => {
  const falling = Array.from({ length: 64 }, (_, i) => 64 - i);
  expect(sparkline(falling)).toBe('█▇▆▅▄▃▂▁');
  expect(sparkline(Array(16).fill(0.1))).toBe('▄▄▄▄▄▄▄▄');
  expect(sparkline([1, 2, 3])).toBe('');
  expect(sparkline([...falling, 'NaN'])).toBe('');
});
