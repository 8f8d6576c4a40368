import { expect, test } from 'vitest';
import type { Answer } from './message.ts';
import { backOff, send } from './send.ts';

/** Answers one after another; the last one for ever. */
function receiver(...answers: Answer[]) {
  const times: number[] = [];
  const attempt = async () => {
    times.push(performance.now());
    return answers[Math.min(times.length, answers.length) - 1]!;
  };
  return { attempt, times };
}
const sent: Answer = { outcome: 'sent', detail: 'status 200' };
const later = (after: number | null = null): Answer => ({ outcome: 'later', detail: 'status 503', after });

test('a receiver that fails for a while is tried until it takes the message', async () => {
  const { attempt } = receiver(later(), later(), sent);
  expect(await send(attempt, [1, 2, 3])).toEqual({ outcome: 'sent', attempts: 3, detail: 'status 200' });
});

test('one that never does is given up', async () => {
  const { attempt, times } = receiver(later());
  expect(await send(attempt, [1, 1])).toEqual({ outcome: 'failed', attempts: 3, detail: 'status 503' });
  expect(times).toHaveLength(3);
});

test('one that refuses is not asked again', async () => {
  const { attempt, times } = receiver({ outcome: 'refused', detail: 'status 404' }, sent);
  expect(await send(attempt, [1, 1])).toEqual({ outcome: 'failed', attempts: 1, detail: 'status 404' });
  expect(times).toHaveLength(1);
});

test('one that says when to come again is asked then, and given up where that is too late', async () => {
  const { attempt, times } = receiver(later(80), sent);
  expect(await send(attempt, [1, 100])).toMatchObject({ outcome: 'sent' });
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(75);
  const patient = receiver(later(6 * 3_600_000), sent);
  expect(await send(patient.attempt)).toMatchObject({
    outcome: 'failed',
    attempts: 1,
    detail: expect.stringContaining('360 minutes'),
  });
});

test('all tries take about an hour', () => {
  const sum = backOff.reduce((total, wait) => total + wait, 0);
  expect(sum / 60_000).toBeGreaterThan(50);
  expect(sum / 60_000).toBeLessThan(75);
});
