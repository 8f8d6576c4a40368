import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { event, scalarValue } from '../../formats/tfevents/testing/write-events.ts';
import { findEventFiles, type Writer } from './find-event-files.ts';

const start = 1_795_467_000;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spoor-events-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
});

/** @param after seconds after the start */
function events(directory: string, after: number, pid: number, host = 'lair', count = 0): string {
  const path = join(root, directory, `events.out.tfevents.${start + after}.${host}.${pid}.${count}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  return path;
}

const writer = (more: Partial<Writer> = {}): Writer => ({
  plan: { outputDir: null, loggingDir: root, logPrefix: null },
  directory: null,
  startedAt: start * 1000 + 400,
  endedAt: null,
  host: 'lair',
  ancestor: 100,
  ownerOf: () => 'unknown',
  ...more,
});

const found = async (of: Writer, known: string[] = []) =>
  (await findEventFiles(of, known)).map(({ path }) => relative(root, path));

describe('while the trainer lives', () => {
  test('the files of its own processes are its', async () => {
    events('20261123205507/network_train', 5, 111);
    const own = events('20261123205508/network_train', 6, 222);
    const ownerOf = (pid: number) => (pid === 222 ? 'own' : 'other');
    expect(await found(writer({ ownerOf }))).toEqual([relative(root, own)]);
  });

  test('what nobody proves is left alone, unless it comes from where pids are others', async () => {
    events('a', 5, 111);
    expect(await found(writer())).toEqual([]);
    const container = events('b', 5, 7, 'c0ffee');
    expect(await found(writer())).toEqual([relative(root, container)]);
  });

  test('further files of a process that is known are found with it: rotated, and of parts', async () => {
    const first = events('s/network_train', 5, 222);
    const rotated = events('s/network_train', 900, 222, 'lair', 1);
    const part = events('s/network_train/1795467006.5', 6, 222, 'lair', 2);
    events('s/network_train', 950, 333);
    events('t/network_train', 960, 222);
    const names = [first, part, rotated].map((path) => relative(root, path));
    expect((await found(writer(), [first])).sort()).toEqual(names.sort());
  });
});

describe('when it has ended', () => {
  const ended = { endedAt: (start + 100) * 1000 };

  test('files from before its start and after its end are not its', async () => {
    events('a', -5, 111);
    events('b', 200, 112);
    const own = events('c', 50, 113);
    expect(await found(writer(ended))).toEqual([relative(root, own)]);
  });

  test('of several processes the one whose number comes next after its own is it', async () => {
    events('a', 5, 99);
    const own = events('b', 50, 104);
    events('c', 6, 250);
    expect(await found(writer(ended))).toEqual([relative(root, own)]);
  });

  test('of several processes the one that wrote what the bar showed is it, whatever its number', async () => {
    const next = events('a', 5, 101);
    const own = events('b', 5, 105);
    const other = events('c', 5, 103);
    const averages = (...values: number[]) =>
      Buffer.concat(values.map((value, i) => event(i, i + 1, scalarValue('loss/average', value))));
    writeFileSync(next, averages(0.9, 0.8, 0.7));
    writeFileSync(own, averages(0.9, 0.8124, 0.7, 0.6));
    writeFileSync(other, averages(0.5, 0.4, 0.3, 0.2));
    const bar = { step: 4, losses: [0.9, 0.812, 0.7, 0.6] };
    const files = await findEventFiles(writer(ended), [], bar);
    expect(files.map(({ path }) => path)).toEqual([own]);
  });

  test('a process that is known to be of another run is not', async () => {
    events('b', 50, 104);
    const own = events('c', 6, 250);
    expect(await found(writer({ ...ended, ownerOf: (pid) => (pid === 104 ? 'other' : 'unknown') }))).toEqual([
      relative(root, own),
    ]);
  });

  test('a prefix of the configuration tells its sessions from others', async () => {
    events('fox_20261123205507/network_train', 5, 104);
    const own = events('wolf_20261123205507/network_train', 6, 105);
    const plan = { outputDir: null, loggingDir: root, logPrefix: 'wolf_' };
    expect(await found(writer({ ...ended, plan }))).toEqual([relative(root, own)]);
  });

  test('files whose names have no pid are each by themselves', async () => {
    const path = join(root, `events.out.tfevents.${start + 3}.omaha`);
    writeFileSync(path, '');
    expect(await found(writer(ended))).toEqual([relative(root, path)]);
  });
});
