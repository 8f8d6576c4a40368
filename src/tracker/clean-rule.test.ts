import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generic, trainerById } from '../trainers/registry.ts';
import { decide, type Entry, isWithin, type Leftover } from './clean-rule.ts';

const startedMs = Date.parse('2026-11-23T20:00:00Z');
const directory = '/data/out/wolf-v1';
const events = 'logs/20261123205507/network_train/events.out.tfevents.1763931307.lair.4711.0';
const hash = (digit: string) => digit.repeat(64);

const entry = (path: string, more: Partial<Entry> = {}): Entry => ({
  path,
  kind: 'file',
  bytes: 10,
  modifiedMs: startedMs + 1000,
  sha256: null,
  target: null,
  foreignDevice: false,
  ...more,
});

/** What failed before it made anything: Spoor's files, event files, empty directories. */
const leftover = (more: Partial<Leftover> = {}): Leftover => ({
  directory,
  real: directory,
  created: true,
  status: 'failed',
  alive: false,
  restored: false,
  otherHost: null,
  users: [],
  mountPoints: ['/', '/proc'],
  guarded: [{ path: '/home/wolf', what: 'the home directory' }],
  placed: new Map([
    ['config.toml', [{ sha256: hash('a') }]],
    ['sdscripts.log', [{ link: '/home/user/.local/share/spoor/runs/X/log' }, { sha256: hash('b') }]],
  ]),
  trainer: trainerById('sd-scripts'),
  plan: {
    outputDir: directory,
    outputName: 'wolf',
    loggingDir: `${directory}/logs`,
    logPrefix: null,
    suggestedName: null,
    mustBeEmpty: false,
  },
  startedMs,
  tree: { entries: known, truncated: false },
  ...more,
});

const known: Entry[] = [
  entry('config.toml', { sha256: hash('a') }),
  entry('sdscripts.log', { sha256: hash('b') }),
  entry('sample', { kind: 'directory' }),
  entry('logs', { kind: 'directory' }),
  entry(events),
];
const holding = (...more: Entry[]) => leftover({ tree: { entries: [...known, ...more], truncated: false } });
const reason = (subject: Leftover) => {
  const decision = decide(subject);
  return decision.remove ? null : decision.reason;
};

test('what a failed run made goes if all in it is known', () => {
  expect(decide(leftover())).toEqual({ remove: true, files: 3, bytes: 30 });
  expect(decide(leftover({ status: 'interrupted' }))).toMatchObject({ remove: true });
  expect(decide(leftover({ tree: { entries: [], truncated: false } }))).toEqual({ remove: true, files: 0, bytes: 0 });
});

test('the log counts as Spoor’s while it is a link, and as its copy', () => {
  const link = entry('sdscripts.log', { kind: 'link', target: '/home/user/.local/share/spoor/runs/X/log' });
  expect(reason(leftover({ tree: { entries: [link], truncated: false } }))).toBeNull();
  const elsewhere = { ...link, target: '/home/wolf' };
  expect(reason(leftover({ tree: { entries: [elsewhere], truncated: false } }))).toBe(
    'it holds sdscripts.log, a symbolic link',
  );
});

describe('a directory stays', () => {
  test.each<[string, Partial<Leftover>, string]>([
    ['that the run did not make', { created: false }, 'it was there before the run'],
    ['of a run that succeeded', { status: 'succeeded' }, 'the run is succeeded, neither failed nor interrupted'],
    ['of a run that trains', { status: 'running' }, 'the run is running, neither failed nor interrupted'],
    ['of a run whose end nobody saw', { status: 'lost' }, 'the run is lost, neither failed nor interrupted'],
    ['while a process of the run lives', { alive: true }, 'a process of the run may still write there'],
    ['that was brought back', { restored: true }, 'it was brought back from the trash'],
    ['of another machine', { otherHost: 'den' }, 'the run was recorded on den'],
    ['whose path is a link', { real: '/mnt/big/wolf-v1' }, 'a link has its place, to /mnt/big/wolf-v1'],
    ['that is a mount point', { mountPoints: [directory] }, 'it is a mount point'],
    ['in which something is mounted', { mountPoints: [`${directory}/x`] }, `${directory}/x is mounted in it`],
    ['that is the root', { directory: '/', real: '/' }, 'it is the root directory'],
    ['that is the home directory', { directory: '/home/wolf', real: '/home/wolf' }, 'it is the home directory'],
    ['that holds the home directory', { directory: '/home', real: '/home' }, 'it holds the home directory, /home/wolf'],
    [
      'that lies in a dataset',
      { guarded: [{ path: '/data', what: 'a dataset', within: true }] },
      'it lies in a dataset, /data',
    ],
    [
      'that is too large to be looked through',
      { tree: { entries: known, truncated: true } },
      'it holds too much to look at',
    ],
  ])('%s', (_, more, why) => {
    expect(reason(leftover(more))).toBe(why);
  });

  test.each([
    ['running', ' (running)'],
    ['succeeded', ' (succeeded)'],
    ['lost', ' (lost)'],
    [null, ''],
  ] as const)('that another run uses which is %s', (status, told) => {
    expect(reason(leftover({ users: [{ run: '01K', status }] }))).toBe(`run 01K uses it too${told}`);
  });

  test('but not for another run that failed there, too', () => {
    expect(reason(leftover({ users: [{ run: '01K', status: 'failed' }] }))).toBeNull();
  });

  test.each<[Entry, string]>([
    [entry('wolf.safetensors'), 'wolf.safetensors, a model'],
    [entry('deep/down/other.ckpt'), 'deep/down/other.ckpt, a model'],
    [entry('sample/wolf_000004_00_20261123205507_42.png'), 'sample/wolf_000004_00_20261123205507_42.png, a sample'],
    [entry('wolf-000004.png'), 'wolf-000004.png'],
    [entry('wolf-state', { kind: 'directory' }), 'wolf-state, a training state'],
    [entry('repo/.git', { kind: 'directory' }), 'repo/.git, a repository'],
    [entry('module/.git'), 'module/.git, a repository'],
    [entry('notes.md'), 'notes.md'],
    [entry('config.toml', { sha256: hash('c') }), 'config.toml, changed since Spoor wrote it'],
    [entry('sample/config.toml', { sha256: hash('a') }), 'sample/config.toml'],
    [entry('pipe', { kind: 'other' }), 'pipe, which is no regular file'],
    [entry('there', { kind: 'link', target: '/home/wolf' }), 'there, a symbolic link'],
    [entry('locked', { kind: 'unreadable' }), 'locked, which cannot be read'],
    [entry('disk', { kind: 'directory', foreignDevice: true }), 'disk, on another file system'],
    [entry(events, { modifiedMs: startedMs - 60_000 }), events],
    [entry(events, { kind: 'other' }), `${events}, which is no regular file`],
  ])('that holds %o', (one, told) => {
    expect(reason(holding(one))).toBe(`it holds ${told}`);
  });

  test('and of several the one that is worth most is named', () => {
    expect(reason(holding(entry('a.txt'), entry('wolf.safetensors'), entry('z.txt')))).toBe(
      'it holds wolf.safetensors, a model and 2 more',
    );
  });
});

const name = fc.stringMatching(/^[a-z][a-z0-9 .\n-]{0,12}$/);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const anyEntry: fc.Arbitrary<Entry> = fc.record({
  path,
  kind: fc.constantFrom('file', 'directory', 'link', 'other', 'unreadable'),
  bytes: fc.nat(),
  modifiedMs: fc.integer({ min: 0, max: startedMs * 2 }),
  sha256: fc.constantFrom(null, hash('a'), hash('b'), hash('c')),
  target: fc.constantFrom(null, '/home/wolf', '/'),
  foreignDevice: fc.boolean(),
});

test('whatever else a directory holds that is no plain directory keeps it', () => {
  fc.assert(
    fc.property(fc.array(anyEntry), anyEntry, fc.nat(20), (others, one, at) => {
      fc.pre(one.kind !== 'directory' && !leftover().placed.has(one.path));
      const entries = [...others.slice(0, at), one, ...others.slice(at)];
      return !decide(leftover({ tree: { entries, truncated: false } })).remove;
    }),
  );
});

test('a file under one of Spoor’s names goes only with Spoor’s bytes, and at the top only', () => {
  fc.assert(
    fc.property(fc.constantFrom('config.toml', 'sdscripts.log'), anyEntry, (of, like) => {
      const own = of === 'config.toml' ? hash('a') : hash('b');
      const expected = like.kind === 'directory' ? !like.foreignDevice : like.kind === 'file' && like.sha256 === own;
      const decision = decide(leftover({ tree: { entries: [{ ...like, path: of }], truncated: false } }));
      expect(decision.remove).toBe(expected);
    }),
  );
});

test('one thing that speaks against it is enough, whatever speaks for it', () => {
  const against: Partial<Leftover>[] = [
    { created: false },
    { status: 'succeeded' },
    { alive: true },
    { restored: true },
    { otherHost: 'den' },
    { real: '/elsewhere' },
    { mountPoints: [directory] },
    { guarded: [{ path: `${directory}/x`, what: 'a file' }] },
    { users: [{ run: '01K', status: 'running' }] },
    { tree: { entries: known, truncated: true } },
  ];
  const subset = fc.subarray(known);
  fc.assert(
    fc.property(subset, fc.subarray(against, { minLength: 1 }), (entries, flags) => {
      const subject = leftover({ tree: { entries, truncated: false } });
      return decide(subject).remove && !decide(Object.assign(subject, ...flags)).remove;
    }),
  );
});

test('of a trainer that nobody has read only event files are its own', () => {
  const event = entry('runs/Nov23_lair/events.out.tfevents.1763931307.lair');
  const tree = (...entries: Entry[]) => ({ entries, truncated: false });
  expect(reason(leftover({ trainer: generic, tree: tree(event) }))).toBeNull();
  expect(reason(leftover({ trainer: generic, tree: tree(event, entry('log.txt')) }))).toBe('it holds log.txt');
});

test('a path is within a directory only by whole parts', () => {
  expect(isWithin('/a/b', '/a')).toBe(true);
  expect(isWithin('/a', '/a')).toBe(true);
  expect(isWithin('/ab', '/a')).toBe(false);
  expect(isWithin('/a', '/')).toBe(true);
});
