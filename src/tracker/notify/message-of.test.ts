import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact, Told } from '../../model/facts.ts';
import { foldFacts } from '../../model/fold.ts';
import type { Run } from '../../model/run.ts';
import { parseRunName } from '../../model/run-name.ts';
import type { NotifyEvent, Receiver } from '../../model/settings.ts';
import { messageOf } from './message-of.ts';
import { pending } from './pending.ts';

const id = '01KATJ0000ABCDEFGHJKMNPQRS';
const start = '2026-11-23T20:00:00.000Z';
const end = '2026-11-23T21:02:00.000Z';
const now = new Date('2026-11-23T21:05:00.000Z');

function run(...facts: Told[]): Run {
  const created: Told = {
    type: 'run.created',
    id,
    name: parseRunName('noob-wolf-v3s2400'),
    command: ['python', 'train.py', '--secret-prompt'],
    commandSha256: null,
    cwd: '/home/me',
    outputDir: '/home/me/out',
    outputDirExisted: false,
    trainer: 'sd-scripts',
    reason: 'why',
    tags: [],
    parent: null,
    spoor: '0',
    mode: 'attached',
  };
  const stamped = [created, ...facts].map((fact) => ({ v: 1, at: end, host: 'lair', ...fact }) as Fact);
  return foldFacts(id, stamped).run;
}

const ended = (status: Run['status'], diagnosis: Run['diagnosis'] = null): Told => ({
  type: 'ended',
  status,
  exitCode: 0,
  signal: null,
  startedAt: start,
  endedAt: end,
  progress: { step: 2400, total: 2400, epoch: 1, epochs: 1, loss: 0.06674, rate: 1, phase: 'finished' },
  diagnosis,
});
const nan: Told = {
  type: 'event',
  event: { key: 'nan-1', event: 'nan', message: 'The loss was NaN.', step: 12, stops: true },
};
const receiver = (...on: NotifyEvent[]): Receiver => ({
  name: 'r',
  type: 'desktop',
  on,
  contactSheet: true,
  prompts: false,
});
const events = (of: Run, ...on: NotifyEvent[]) => pending(of, receiver(...on), now).map(({ event }) => event);
const told = (of: Run) => {
  const [occasion] = pending(of, receiver('finish', 'failure', 'interrupted', 'nan'), now);
  const { title, text } = messageOf(of, occasion!);
  return `${title}\n${text}`;
};

test('the end is told by what it was', () => {
  expect(told(run(ended('succeeded')))).toBe(
    'noob-wolf-v3s2400 has finished\nstep 2400 of 2400, loss 0.06674, after 1 h 02 m\non lair',
  );
  const diagnosis = { code: 'out-of-memory', message: "The GPU's memory ran out", hint: 'Lower the batch.' };
  expect(told(run(ended('failed', diagnosis)))).toMatch(
    /^noob-wolf-v3s2400 has failed\nThe GPU's memory ran out\nLower the batch\.\nstep 2400/,
  );
  expect(told(run(ended('lost')))).toMatch(/^noob-wolf-v3s2400 ended unseen\n/);
  const stopped = { code: 'stopped-on-nan', message: 'Stopped at step 12', hint: null };
  expect(told(run(ended('interrupted', stopped)))).toMatch(/^noob-wolf-v3s2400 was stopped\nStopped at step 12\n/);
});

test('what happens while it trains is told with its step', () => {
  expect(told(run(nan))).toBe(
    'noob-wolf-v3s2400 has lost its way: NaN\nThe loss was NaN.\nThe training is being stopped.\nstep 12\non lair',
  );
});

test('a receiver is told of what it asked for, once, and of no old news', () => {
  expect(events(run(nan, ended('failed')), 'nan', 'failure')).toEqual(['nan', 'failure']);
  expect(events(run(nan, ended('failed')), 'failure')).toEqual(['failure']);
  expect(events(run(nan), 'failure', 'finish')).toEqual([]);
  expect(events(run(ended('interrupted')), 'failure', 'finish')).toEqual([]);
  expect(events(run(ended('interrupted')), 'interrupted')).toEqual(['interrupted']);
  const sent = (outcome: 'sent' | 'failed', name = 'r'): Told => ({
    type: 'notified',
    notified: { key: 'nan-1', receiver: name, type: 'desktop', outcome, attempts: 1, detail: '' },
  });
  expect(events(run(nan, sent('sent')), 'nan')).toEqual([]);
  expect(events(run(nan, sent('failed')), 'nan')).toEqual([]);
  expect(events(run(nan, sent('sent', 'other')), 'nan')).toEqual(['nan']);
  const later = new Date(now.getTime() + 24 * 3_600_000);
  expect(pending(run(nan), receiver('nan'), later)).toEqual([]);
});

test('an event that was told twice is one', () => {
  expect(run(nan, nan).events).toHaveLength(1);
});

test('no command, no path, no secret and nothing that a screen obeys is in a message, whatever the run says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (noise) => {
      const message = `${noise} WANDB_API_KEY=0123456789abcdef0123456789abcdef01234567 \u001b]0;x\u0007`;
      const of = run(ended('failed', { code: 'exception', message, hint: null }));
      const [occasion] = pending(of, receiver('failure'), now);
      const text = JSON.stringify(messageOf(of, occasion!));
      return !/secret-prompt|\/home\/me|0123456789abcdef0123|\\u001b|\\u0007/.test(text);
    }),
  );
});
