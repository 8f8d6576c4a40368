import { appendFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../model/facts.ts';
import { readFactFile } from './fact-lines.ts';
import { DiskFactLog, stamp } from './fact-log.ts';
import { created, nextRunId, temporaryDirectory, temporaryHome } from './test-home.ts';

const note = (text: string) => ({ type: 'note' as const, text });
const texts = (facts: readonly Fact[]) => facts.map((fact) => (fact.type === 'note' ? fact.text : fact.type));

describe('a fact log', () => {
  it('stamps each fact with version, time and host and writes it as one line', async () => {
    const path = join(temporaryDirectory(), 'journal.jsonl');
    const log = new DiskFactLog(path, 'lair');
    await log.append(note('a\nb'), note('c'));
    await log.close();
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ v: 1, host: 'lair', type: 'note', text: 'a\nb' });
    expect(texts(readFactFile(path).facts)).toEqual(['a\nb', 'c']);
  });

  it('keeps the order of appends that are not awaited', async () => {
    const path = join(temporaryDirectory(), 'journal.jsonl');
    const log = new DiskFactLog(path, 'lair');
    await Promise.all(Array.from({ length: 50 }, (_, i) => log.append(note(`${i}`))));
    await log.close();
    expect(texts(readFactFile(path).facts)).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
  });

  it('ignores a torn last line, and begins a new one after it', async () => {
    const path = join(temporaryDirectory(), 'journal.jsonl');
    const first = new DiskFactLog(path, 'lair');
    await first.append(note('whole'));
    await first.close();
    appendFileSync(path, '{"v":1,"type":"note","te');
    expect(readFactFile(path)).toMatchObject({ facts: [{ text: 'whole' }], unreadable: 0 });
    const second = new DiskFactLog(path, 'lair');
    await second.append(note('after'));
    await second.close();
    expect(texts(readFactFile(path).facts)).toEqual(['whole', 'after']);
    expect(readFactFile(path).unreadable).toBe(1);
  });

  it('loses at most the line that a crash tore, wherever that was, and never what follows', () => {
    const directory = temporaryDirectory();
    let count = 0;
    const lines = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lines, fc.nat(), (written, cut) => {
        const path = join(directory, `${count++}.jsonl`);
        const whole = Buffer.from(
          stamp(written.map(note), 'lair')
            .map((fact) => `${JSON.stringify(fact)}\n`)
            .join(''),
        );
        writeFileSync(path, whole.subarray(0, cut % (whole.length + 1)));
        const before = texts(readFactFile(path).facts);
        expect(before).toEqual(written.slice(0, before.length));
        new DiskFactLog(path, 'lair').appendStamped(stamp([note('last')], 'lair'));
        const after = readFactFile(path);
        expect(texts(after.facts)).toEqual([...before, 'last']);
        expect(after.unreadable).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('takes many processes appending to one file without mixing their lines', async () => {
    const path = join(temporaryDirectory(), 'annotations.00000000.jsonl');
    const logs = Array.from({ length: 8 }, () => new DiskFactLog(path, 'lair'));
    await Promise.all(logs.map((log, i) => log.append(...Array.from({ length: 20 }, () => note(`${i}`.repeat(500))))));
    await Promise.all(logs.map((log) => log.close()));
    expect(readFactFile(path)).toMatchObject({ facts: { length: 160 }, unreadable: 0 });
  });

  it('says which file cannot be written, and why', () => {
    const path = join(temporaryDirectory(), 'missing', 'journal.jsonl');
    expect(() => new DiskFactLog(path, 'lair')).toThrow(path);
  });

  it('reports a full disk and leaves what was written readable', async () => {
    const log = new DiskFactLog('/dev/full', 'lair');
    await expect(log.append(note('x'))).rejects.toMatchObject({ kind: 'cannot-write', hint: /full/ });
  });
});

describe('reading facts', () => {
  it('passes over foreign lines and counts them; newer types are counted apart', () => {
    const path = join(temporaryDirectory(), 'journal.jsonl');
    const envelope = { v: 1, at: '2026-01-01T00:00:00.000Z', host: 'lair' };
    const lines = [
      'hello',
      'null',
      '[]',
      '42',
      '{"v":1}',
      JSON.stringify({ ...envelope, type: 'tags', add: 'x', remove: [] }),
      JSON.stringify({ ...envelope, type: 'file', file: { role: 'config' } }),
      JSON.stringify({ ...envelope, type: 'telepathy' }),
      JSON.stringify({ ...envelope, v: 2, type: 'note' }),
      JSON.stringify({ ...envelope, type: '__proto__' }),
      '',
      JSON.stringify({ ...envelope, type: 'note', text: 'good' }),
    ];
    writeFileSync(path, `${lines.join('\n')}\n`);
    const read = readFactFile(path);
    expect(texts(read.facts)).toEqual(['good']);
    expect(read).toMatchObject({ unreadable: 7, unknown: 3 });
  });

  it('does not hold a line of 40 MB, and reads on after it', () => {
    const path = join(temporaryDirectory(), 'journal.jsonl');
    writeFileSync(path, `${'x'.repeat(40_000_000)}\n${JSON.stringify(stamp([note('after')], 'lair')[0])}\n`);
    expect(readFactFile(path)).toMatchObject({ facts: [{ text: 'after' }], unreadable: 1 });
  });

  it('does not follow links nor read devices and directories', () => {
    const directory = temporaryDirectory();
    symlinkSync('/dev/zero', join(directory, 'journal.jsonl'));
    expect(readFactFile(join(directory, 'journal.jsonl'))).toMatchObject({ facts: [], unreadable: 1 });
    expect(readFactFile('/dev/zero')).toMatchObject({ facts: [], unreadable: 1 });
    expect(readFactFile(directory)).toMatchObject({ facts: [], unreadable: 1 });
    expect(readFactFile(join(directory, 'none'))).toEqual({ facts: [], unreadable: 0, unknown: 0 });
  });
});

describe('run folders', () => {
  it('list run ids only, in order of time', async () => {
    const { runs, directory } = await temporaryHome();
    const ids = [nextRunId(), nextRunId(), nextRunId()];
    for (const id of ids.toReversed()) runs.create(id);
    mkdirSync(join(directory, 'runs', 'lost+found'));
    writeFileSync(join(directory, 'runs', '.tmp'), '');
    expect(await runs.list()).toEqual(ids);
  });

  it('never lead out of the home', async () => {
    const { runs } = await temporaryHome();
    expect(() => runs.path('../../etc')).toThrow('no run id');
  });

  it('merge the facts of all files by time, never against the order within a file', async () => {
    const { runs } = await temporaryHome();
    const id = nextRunId();
    const folder = runs.create(id);
    const line = (at: string, text: string) => `${JSON.stringify({ v: 1, at, host: 'x', type: 'note', text })}\n`;
    writeFileSync(join(folder, 'journal.jsonl'), line('2026-01-02', 'j1') + line('2026-01-01', 'j2, clock set back'));
    writeFileSync(join(folder, 'annotations.aaaaaaaa.jsonl'), line('2026-01-01', 'a1') + line('2026-01-03', 'a2'));
    writeFileSync(join(folder, 'reconciliation.bbbbbbbb.jsonl'), line('2026-01-02', 'r1'));
    writeFileSync(join(folder, 'annotations.jsonl.bak'), line('2026-01-02', 'foreign'));
    const { facts } = await runs.facts(id);
    expect(texts(facts)).toEqual(['a1', 'j1', 'j2, clock set back', 'r1', 'a2']);
  });

  it('have a stamp that every append changes', async () => {
    const { runs } = await temporaryHome();
    const id = nextRunId();
    runs.create(id);
    const stamps = new Set([(await runs.stamps()).get(id)]);
    const log = runs.openLog(id, 'journal');
    for (let i = 0; i < 20; i++) {
      await log.append(created(id));
      stamps.add((await runs.stamps()).get(id));
    }
    await log.close();
    expect(stamps.size).toBe(21);
  });

  it('name files by kind and writer, readable by their owner only', async () => {
    const { runs } = await temporaryHome();
    const id = nextRunId();
    const folder = runs.create(id);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const kind of ['journal', 'reconciliation', 'annotations'] as const) {
      const log = runs.openLog(id, kind);
      await log.append(note(kind));
      await log.close();
    }
    expect(texts((await runs.facts(id)).facts)).toEqual(['journal', 'reconciliation', 'annotations']);
    expect(statSync(join(folder, 'journal.jsonl')).mode & 0o777).toBe(0o600);
  });
});
