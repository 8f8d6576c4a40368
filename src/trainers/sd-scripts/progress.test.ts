/** Progress as it was seen while genuine runs went on: their bytes at the times at which they came. */
import { describe, expect, test } from 'vitest';
import type { Progress } from '../../model/facts.ts';
import { fixture, readLog } from '../testing/genuine-runs.ts';
import { sdScripts } from './sd-scripts.ts';

interface Seen {
  /** Seconds since the start. */
  at: number;
  progress: Progress;
}

function play(name: string, stream = 'tty'): Seen[] {
  const raw = fixture(`kohya/${name}/cap/${stream}.raw`);
  const lines = fixture(`kohya/${name}/cap/${stream}.times`).toString().trim().split('\n');
  const times = lines.map((line) => JSON.parse(line) as [seconds: number, offset: number]);
  const reader = sdScripts.logReader();
  return times.map(([at, offset], i) => {
    reader.push(raw.subarray(offset, times[i + 1]?.[1] ?? raw.length));
    return { at, progress: reader.state().progress };
  });
}

/** Each phase once for every time it began, with the step at which it did. */
function phasesOf(seen: readonly Seen[]): string[] {
  const phases = seen.map(({ progress: { phase, step } }) => (step ? `${phase} at ${step}` : phase));
  const kind = (text: string | undefined) => text?.split(' ')[0];
  return phases.filter((phase, i) => kind(phase) !== kind(phases[i - 1]));
}

describe('the phases of a genuine run', () => {
  test('that samples and saves', () => {
    expect(phasesOf(play('A-good-lora-pty'))).toEqual([
      'loading',
      'training',
      ...['sampling at 8', 'saving at 8', 'training at 8', 'saving at 12', 'training at 12'],
      ...['sampling at 16', 'saving at 16', 'training at 16'],
      ...['sampling at 24', 'saving at 24', 'training at 24', 'saving at 24', 'finished at 24'],
    ]);
  });

  test('whose output came by a pipe, part of it late', () => {
    expect(phasesOf(play('A2-good-lora-pipe', 'combined'))).toEqual([
      ...['loading', 'training', 'sampling at 8', 'training at 8', 'finished at 12'],
    ]);
  });

  test('that caches latents and falls', () => {
    expect(phasesOf(play('C0-lycoris-traceback-pty'))).toEqual(['loading', 'caching', 'loading', 'training']);
  });

  test.each([
    ['B-lr-and-captions-pty', ['loading', 'training', 'sampling at 8'], 'finished at 24'],
    ['D1-missing-model-pty', ['loading'], 'loading'],
    ['D4-oom-midrun-pty', ['loading', 'training'], 'training'],
    ['F1-nan-loss-pty', ['loading', 'training', 'sampling at 6', 'training at 6', 'saving at 8'], 'finished at 12'],
    ['G2-accelerate-fail-pty', ['loading'], 'loading'],
  ])('of whatever end: %s', (name, first, last) => {
    const phases = phasesOf(play(name)).filter((phase) => phase !== 'starting');
    expect(phases.slice(0, first.length)).toEqual(first);
    expect(phases.at(-1)).toBe(last);
  });

  test('that is interrupted', () => {
    expect(phasesOf(play('E1-sigint-pty'))).toEqual(['loading', 'training', 'saving at 4', 'training at 4']);
  });

  test('that resumed', () => {
    const phases = phasesOf(play('H2-resume-pty'));
    expect(phases.slice(0, 4)).toEqual(['loading', 'training', 'saving at 4', 'training at 4']);
    expect(phases.at(-1)).toBe('finished at 16');
  });
});

describe('within a phase', () => {
  const seen = play('A-good-lora-pty');

  test('each image that is sampled is counted by its own bar', () => {
    const sampling = seen.filter(({ progress }) => progress.phase === 'sampling' && progress.step === 8);
    const within = sampling.flatMap(({ progress: { within: part } }) =>
      part?.total ? [`image ${part.item}: ${part.done}/${part.total}`] : [],
    );
    expect([...new Set(within)]).toEqual([
      ...['image 1: 0/2', 'image 1: 1/2', 'image 1: 2/2', 'image 2: 0/2', 'image 2: 1/2', 'image 2: 2/2'],
    ]);
  });

  test('latents that are cached are counted', () => {
    const caching = play('C0-lycoris-traceback-pty').flatMap(({ progress: { phase, within } }) =>
      phase === 'caching' && within ? [within.done] : [],
    );
    expect([...new Set(caching)]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('nothing is counted once the training goes on', () => {
    const training = seen.filter(({ progress }) => progress.phase === 'training');
    expect(training.every(({ progress }) => progress.within === null)).toBe(true);
  });
});

describe('what a step takes and what is left', () => {
  test('leave the pauses for samples out of the step, but not out of what is left', () => {
    const seen = play('A-good-lora-pty');
    const before = seen.findLast(({ progress }) => progress.phase === 'sampling' && progress.step === 8)!.progress;
    const after = seen.find(({ progress }) => progress.phase === 'training' && progress.step === 9)!.progress;
    // The images took 13 s, two steps.
    expect(Math.abs(after.stepSeconds! - before.stepSeconds!)).toBeLessThan(0.5);
    expect(after.eta!).toBeGreaterThan(before.eta!);
  });

  test.each([
    ['A-good-lora-pty', 'about as well as', 1.1],
    ['B-lr-and-captions-pty', 'better than', 0.7],
  ])('tell the end of %s, in its second half, %s its bar', (name, _, part) => {
    const seen = play(name);
    const total = seen.at(-1)!.progress.total!;
    const end = seen.find(({ progress }) => progress.step === total)!.at;
    const half = seen.filter(({ at, progress }) => progress.step! >= total / 2 && at < end);
    const missed = (left: (progress: Progress) => number) =>
      half.reduce((sum, { at, progress }) => sum + Math.abs(left(progress) - (end - at)), 0) / half.length;
    expect(missed(({ eta }) => eta!)).toBeLessThan(part * missed(({ barEta }) => barEta!));
  });

  test('where a resumed run goes past the end of its bar, what is left is told though the bar does not', () => {
    const seen = play('H2-resume-pty').filter(({ progress }) => progress.step !== null);
    expect(new Set(seen.map(({ progress }) => progress.total))).toEqual(new Set([16]));
    expect(new Set(seen.map(({ progress }) => progress.barEta))).toEqual(new Set([null]));
    expect(seen.find(({ progress }) => progress.step === 9)!.progress.eta).toBeGreaterThan(30);
  });

  test('are not told while models load', () => {
    const loading = play('A-good-lora-pty').filter(({ progress }) => progress.phase === 'loading');
    expect(loading.every(({ progress }) => progress.eta === null && progress.stepSeconds === null)).toBe(true);
  });

  test('of steps quicker than the second by which a bar tells, are those of many', () => {
    const bars = Array.from({ length: 300 }, (_, step) => {
      const elapsed = String(Math.floor(step / 10)).padStart(2, '0');
      return `\rsteps: 1%|# | ${step}/1000 [00:${elapsed}<10:00,  3.00it/s, avr_loss=0.${step}]`;
    });
    const { progress } = readLog(sdScripts, ...bars);
    expect(progress.stepSeconds!).toBeCloseTo(0.1, 2);
    expect(progress.eta!).toBeCloseTo(70, -1);
  });
});

test('validation is a phase of its own', () => {
  const bar = (name: string, step: number) => `\r${name}:  10%|#    | ${step}/10 [00:05<00:02,  2.00it/s, avr_loss=1]`;
  const { progress } = readLog(sdScripts, bar('steps', 5), bar('validation steps', 3));
  expect(progress).toMatchObject({ step: 5, phase: 'validating', within: { done: 3, total: 10, left: 2 } });
  const after = readLog(sdScripts, bar('steps', 5), bar('validation steps', 3), bar('steps', 5));
  expect(after.progress).toMatchObject({ phase: 'training', within: null });
});

test('the last losses are told in their order', () => {
  const { losses } = readLog(sdScripts, fixture('kohya/A-good-lora-pty/cap/tty.raw'));
  const expected = JSON.parse(fixture('kohya/A-good-lora-pty/loss-average.json').toString()) as [number, number][];
  expect(losses).toEqual(expected.map(([, value]) => Number(value.toPrecision(3))));
});
