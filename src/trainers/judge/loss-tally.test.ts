import { describe, expect, it } from 'vitest';
import { sdScripts } from '../sd-scripts/sd-scripts.ts';
import { evidence, genuineRun, readLog } from '../testing/genuine-runs.ts';
import { LossTally } from './loss-tally.ts';

function tally(...points: [step: number, value: number][]) {
  const counted = new LossTally();
  for (const point of points) counted.add(...point);
  return counted.result();
}

const nan = Number.NaN;

describe('losses', () => {
  it('are counted by step, of which one NaN makes it NaN', () => {
    expect(tally()).toEqual({ steps: 0, nanStreak: 0 });
    expect(tally([1, nan], [2, 1], [3, nan], [4, nan])).toEqual({ steps: 4, nanStreak: 2 });
    expect(tally([1, nan], [2, 1])).toEqual({ steps: 2, nanStreak: 0 });
    expect(tally([1, 1], [1, nan], [1, 1], [2, nan], [2, nan])).toEqual({ steps: 2, nanStreak: 2 });
    expect(tally([5, nan], [1, nan], [2, nan])).toEqual({ steps: 3, nanStreak: 3 });
  });
});

describe('a training whose average has become NaN', () => {
  const run = genuineRun('F1-nan-loss-pty');
  const judged = (losses: { steps: number; nanStreak: number } | null) =>
    sdScripts.judge(evidence(readLog(sdScripts, run.log), { exitCode: 0, losses }));

  it('is told as useless where its losses were NaN to the end', () => {
    for (const losses of [{ steps: 12, nanStreak: 11 }, null]) {
      expect(judged(losses)).toMatchObject({ status: 'failed', diagnosis: { code: 'nan-loss' } });
    }
  });

  it('is told as unsure where only its last losses were', () => {
    expect(judged({ steps: 100, nanStreak: 3 })).toMatchObject({
      status: 'succeeded',
      diagnosis: { code: 'nan-loss' },
    });
  });

  it('has succeeded where its losses went on, or but one of them was odd', () => {
    expect(judged({ steps: 100, nanStreak: 0 })).toMatchObject({ status: 'succeeded', diagnosis: null });
    expect(judged({ steps: 100, nanStreak: 1 })).toMatchObject({ status: 'succeeded', diagnosis: null });
  });
});
