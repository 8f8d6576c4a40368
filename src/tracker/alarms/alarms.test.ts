import { beforeEach, expect, test } from 'vitest';
import type { Progress, Told } from '../../model/facts.ts';
import { foldFacts } from '../../model/fold.ts';
import { defaultSettings, type StopReason } from '../../model/settings.ts';
import type { Home } from '../../store/home.ts';
import { temporaryHome } from '../../store/test-home.ts';
import type { LogState } from '../../trainers/trainer.ts';
import { startAlarms } from './alarms.ts';

const id = '01KATJ0000ABCDEFGHJKMNPQRS';
let home: Home;
beforeEach(async () => {
  home = await temporaryHome();
});

const progress: Progress = { step: 3, total: 60, epoch: 1, epochs: 2, loss: 0.1, rate: 10, phase: 'training' };
const log = (more: Partial<Progress> = {}, nanStreak = 0): LogState => ({
  progress: { ...progress, ...more },
  series: [],
  announced: {},
  saved: [],
  removed: [],
  anchors: { trainingStarted: true, modelSaved: false, trainingFinished: false },
  nanStreak,
  losses: [],
  tail: ['x'],
});

function alarms({
  stopOn = [],
  diskBelow = 0,
  before = [],
}: {
  stopOn?: StopReason[];
  diskBelow?: number;
  before?: Told[];
} = {}) {
  const told: string[] = [];
  const stopped: string[] = [];
  let delivered = 0;
  let now = 0;
  const ended = new AbortController();
  const settings = { ...defaultSettings, notify: { ...defaultSettings.notify, diskBelow }, stop: { on: stopOn } };
  const recorded = foldFacts(
    id,
    before.map((each) => ({ v: 1, at: '2026-11-23T20:00:00.000Z', host: 'h', ...each }) as never),
  );
  const made = startAlarms({
    recording: {
      home,
      host: 'h',
      env: {},
      now: () => new Date(),
      version: '0',
      settings,
      deliver: () => {
        delivered++;
      },
    },
    recorded,
    active: null,
    tell: async (...facts) => {
      for (const fact of facts)
        if (fact.type === 'event') told.push(`${fact.event.key} ${fact.event.message} ${fact.event.stops}`);
    },
    stop: (reason) => stopped.push(reason),
    ended: ended.signal,
    clock: () => now * 1000,
  });
  const after = (seconds: number, state: LogState) => {
    now += seconds;
    made.look(state);
  };
  return { ...made, after, told, stopped, ended, delivered: () => delivered };
}

test('NaN is told once it comes in a row, once, and again only after it was gone', async () => {
  const { look, told, settle, delivered } = alarms();
  look(log({}, 4));
  expect(told).toEqual([]);
  for (const streak of [5, 6, 7]) look(log({}, streak));
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^nan-1 The average loss has been NaN for 5 steps.* false$/);
  look(log({}, 0));
  look(log({}, 5));
  expect(told[1]).toMatch(/^nan-2 /);
  for (let round = 0; round < 5; round++) for (const streak of [0, 9]) look(log({}, streak));
  expect(told).toHaveLength(3);
  await settle();
  expect(delivered()).toBe(3);
});

test('whoever goes on after a crash does not tell it again', () => {
  const event = { key: 'nan-1', event: 'nan' as const, message: 'm', step: 3, stops: false };
  const { look, told } = alarms({ before: [{ type: 'event', event }] });
  look(log({}, 9));
  expect(told).toEqual([]);
  look(log({}, 0));
  look(log({}, 9));
  expect(told[0]).toMatch(/^nan-2 /);
});

test('a training is stopped for what was asked for, and nothing else', () => {
  const one = alarms({ stopOn: ['nan'] });
  one.look(log({}, 9));
  expect(one.stopped).toEqual(['nan']);
  expect(one.told[0]).toMatch(/ true$/);
  const other = alarms({ stopOn: ['stall'] });
  other.look(log({}, 9));
  expect(other.stopped).toEqual([]);
  const after = alarms({ stopOn: ['nan'] });
  after.ended.abort();
  after.look(log({}, 9));
  expect([after.stopped, after.told]).toEqual([[], []]);
});

test('a disk that is nearly full is told', async () => {
  const { look, told } = alarms({ diskBelow: Number.MAX_SAFE_INTEGER });
  look(log());
  await expect.poll(() => told).toHaveLength(1);
  expect(told[0]).toMatch(/^disk-1 Only \d+\.\d GB are free where the training or Spoor writes\. false$/);
});

test('no progress for many times the usual step is told, whatever else is printed', () => {
  const { after, told, stopped } = alarms({ stopOn: ['stall'] });
  after(1, log({ step: 3, rate: 0.1 }));
  after(100, log({ step: 3, rate: 0.1 }));
  expect(told).toEqual([]);
  after(1, { ...log({ step: 3, rate: 0.1 }), tail: ['a warning'] });
  expect(told).toEqual(['stall-1 No progress for 1 m 41 s, where 10 s is usual (training). true']);
  expect(stopped).toEqual(['stall']);
  after(1, log({ step: 4, rate: 0.1 }));
  after(50, log({ step: 4, rate: 0.1 }));
  expect(told).toHaveLength(1);
  after(100, log({ step: 4, rate: 0.1 }));
  expect(told[1]).toMatch(/^stall-2 /);
});

test('a trainer that tells nothing of its progress is never said to make none', () => {
  const { after, told } = alarms();
  for (let hour = 0; hour < 5; hour++) after(3600, log({ step: null, phase: 'starting' }));
  expect(told).toEqual([]);
});

test('before the first step whatever is printed is a sign of life', () => {
  const { after, told } = alarms();
  for (let i = 0; i < 5; i++) after(1500, { ...log({ step: null, phase: 'loading' }), tail: [`file ${i}`] });
  expect(told).toEqual([]);
  after(1801, { ...log({ step: null, phase: 'loading' }), tail: ['file 4'] });
  expect(told).toEqual(['stall-1 No progress for 30 m 01 s (loading). false']);
});
