import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Setting } from '../../model/facts.ts';
import { MetricsWriter } from '../../store/metrics/metrics-writer.ts';
import { NanWatch, provesNan } from './nan.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spoor-nan-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
});

test('without event files the average of the bar counts', () => {
  const watch = new NanWatch(join(directory, 'metrics'), false, () => 0);
  expect(watch.look({ nanStreak: 0 })).toEqual({ streak: 0, of: 'average' });
  expect(watch.look({ nanStreak: 9 })).toEqual({ streak: 9, of: 'average' });
});

test('where event files are written they are waited for, though not for ever', () => {
  let now = 0;
  const watch = new NanWatch(join(directory, 'metrics'), true, () => now);
  const after = (milliseconds: number, nanStreak: number) => {
    now += milliseconds;
    return watch.look({ nanStreak }).streak;
  };
  expect([after(0, 1), after(170_000, 90), after(20_000, 99)]).toEqual([0, 0, 99]);
  expect([after(1, 0), after(1, 5), after(170_000, 90)]).toEqual([0, 0, 0]);
});

test('where the loss of each step is known, an average that one NaN has spoilt counts no more', () => {
  const metrics = join(directory, 'metrics');
  const writer = new MetricsWriter(metrics, 'events');
  const watch = new NanWatch(metrics, true, () => 0);
  const add = (step: number, value: number) => {
    writer.add('loss/current', 'step', step, step, value);
    writer.add('loss/average', 'step', step, step, Number.NaN);
    writer.flush();
  };
  add(1, 0.1);
  expect(watch.look({ nanStreak: 1 })).toEqual({ streak: 0, of: 'step' });
  for (let step = 2; step < 7; step++) add(step, Number.NaN);
  expect(watch.look({ nanStreak: 6 })).toEqual({ streak: 5, of: 'step' });
  add(7, Number.NaN);
  expect(watch.look({ nanStreak: 7 })).toEqual({ streak: 6, of: 'step' });
  // Whoever begins anew finds the same.
  expect(new NanWatch(metrics, true, () => 0).look({ nanStreak: 7 })).toEqual({ streak: 6, of: 'step' });
  add(8, 0.1);
  expect(watch.look({ nanStreak: 8 })).toEqual({ streak: 0, of: 'step' });
  writer.close();
});

test('an average proves nothing in fp16, where a step that is NaN is skipped', () => {
  const setting = (key: string, value: string): Setting => {
    const source = { kind: 'argument' as const };
    return { key, value, source, effective: true, known: true };
  };
  const average = { streak: 9, of: 'average' as const };
  expect(provesNan(average, [setting('mixed_precision', 'fp16')])).toBe(false);
  expect(provesNan(average, [setting('accelerate.mixed_precision', 'fp16')])).toBe(false);
  expect(provesNan(average, [setting('mixed_precision', 'bf16')])).toBe(true);
  expect(provesNan(average, [])).toBe(true);
  expect(provesNan({ ...average, of: 'step' }, [setting('mixed_precision', 'fp16')])).toBe(true);
});
