import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Warning } from '../model/facts.ts';
import { Catalog, type CatalogOptions, openCatalog } from './catalog.ts';
import { loadEngine, openDatabase } from './database.ts';
import { allRecords, schemaDump } from './queries.ts';
import { parseQuery } from './query/parse.ts';
import { created, ended, MemoryRuns, runId } from './test-rows.ts';

const everything = parseQuery('', new Date());
const held = async () => null;

function setting(options: Partial<CatalogOptions> = {}): CatalogOptions & { runs: MemoryRuns; notices: Warning[] } {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-catalog-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const notices: Warning[] = [];
  return {
    file: join(directory, 'catalog.db'),
    runs: new MemoryRuns(),
    lock: async () => ({ release: async () => {} }),
    onNotice: (notice: Warning) => notices.push(notice),
    notices,
    ...options,
  } as never;
}

async function names(options: CatalogOptions, query = ''): Promise<string[]> {
  const catalog = await openCatalog(options);
  const rows = await catalog.list(parseQuery(query, new Date()));
  await catalog.close();
  return rows.map((row) => row.name);
}

async function records(file: string) {
  const { db, close } = await openDatabase(file, false, loadEngine);
  const all = await allRecords(db);
  await close();
  return all;
}

describe('the catalog', () => {
  it('reads every folder once, and then only those that changed', async () => {
    const options = setting();
    const ids = [0, 1, 2].map((hour) => options.runs.add(hour, `wolf-v${hour}`));
    expect(await names(options)).toEqual(['wolf-v2', 'wolf-v1', 'wolf-v0']);
    expect(options.runs.read.splice(0)).toEqual(ids);
    expect(await names(options)).toHaveLength(3);
    expect(options.runs.read).toEqual([]);

    options.runs.tell(ids[1] as string, { type: 'tags', add: ['good'], remove: [] });
    options.runs.runs.delete(ids[0] as string);
    const added = options.runs.add(3, 'cat-v1');
    expect(await names(options)).toEqual(['cat-v1', 'wolf-v2', 'wolf-v1']);
    expect(await names(options, 'tag:good')).toEqual(['wolf-v1']);
    expect(options.runs.read).toEqual([ids[1], added]);
  });

  it('reads a run that has not ended every time, since its recorder may be dead', async () => {
    const options = setting();
    const id = runId(1);
    options.runs.tell(id, created(id, 'wolf'));
    expect(await names(options, 'status:running')).toEqual(['wolf']);
    const run = options.runs.runs.get(id);
    run?.facts.push({ v: 1, at: '2026-05-03T10:00:00.000Z', host: 'lair', ...ended('failed', 0.5) } as never);
    expect(await names(options, 'status:failed loss>0.4')).toEqual(['wolf']);
  });

  it('caught up step by step equals one that is rebuilt', async () => {
    const options = setting();
    for (let hour = 0; hour < 30; hour++) {
      const id = options.runs.add(hour, `wolf-v${hour}`, hour / 100);
      if (hour % 3 === 0) options.runs.tell(id, { type: 'note', text: `note ${hour}` });
      if (hour % 7 === 0) options.runs.runs.delete(runId(hour - 5));
      if (hour % 4 === 0) await names(options);
    }
    await names(options);
    const before = await records(options.file);
    const catalog = new Catalog(options);
    expect(await catalog.reindex()).toBe(options.runs.runs.size);
    await catalog.close();
    expect(await records(options.file)).toEqual(before);
    const fresh = { ...options, file: `${options.file}.fresh` };
    await names(fresh);
    expect(await records(fresh.file)).toEqual(before);
  });

  it.each([
    ['another process holds the lock', { lock: held }],
    ['the lock cannot even be made', { lock: () => Promise.reject(new Error('read-only')) }],
    ['the database cannot be loaded', { engine: () => Promise.reject(new Error('no such binary')) }],
    ['its directory is gone', { file: '/nowhere/catalog.db' }],
  ] as [string, Partial<CatalogOptions>][])('answers from the folders when %s', async (_, trouble) => {
    const options = setting(trouble);
    options.runs.add(1, 'wolf-v1');
    options.runs.add(2, 'wolf-v2');
    expect(await names(options)).toEqual(['wolf-v2', 'wolf-v1']);
    const catalog = await openCatalog(options);
    expect(await catalog.find('wolf-v1')).toBe(runId(1));
    expect(await catalog.find('@~1')).toBe(runId(1));
    await expect(catalog.find('wolf-v3')).rejects.toMatchObject({ hint: expect.stringContaining('wolf-v2') });
    await expect(catalog.reindex()).rejects.toMatchObject({ kind: expect.stringMatching(/busy|unavailable/) });
    await catalog.close();
  });

  it('without the lock answers from the stale catalog and the folders that changed', async () => {
    const options = setting();
    for (let hour = 0; hour < 6; hour++) options.runs.add(hour, `wolf-v${hour}`);
    await names(options);
    options.runs.read.length = 0;
    options.runs.tell(runId(1), { type: 'verdict', verdict: 'worked', why: null });
    options.runs.runs.delete(runId(5));
    options.runs.add(7, 'cat-v7');
    const catalog = await openCatalog({ ...options, lock: held });
    expect(options.runs.read).toEqual([runId(1), runId(7)]);
    const listed = await catalog.list(everything, { limit: 3 });
    expect(listed.map(({ name }) => name)).toEqual(['cat-v7', 'wolf-v4', 'wolf-v3']);
    expect(await catalog.list(parseQuery('verdict:worked', new Date()))).toMatchObject([{ name: 'wolf-v1' }]);
    expect(await catalog.find('cat-v7')).toBe(runId(7));
    await expect(catalog.find('wolf-v5')).rejects.toMatchObject({ code: 'run-not-found' });
    await catalog.close();
  });

  it('never waits while another process writes', async () => {
    const options = setting();
    options.runs.add(1, 'wolf-v1');
    await names(options);
    const writer = new BetterSqlite(options.file);
    writer.exec('begin immediate; delete from runs');
    options.runs.add(2, 'wolf-v2');
    const begun = performance.now();
    expect(await names(options)).toEqual(['wolf-v2', 'wolf-v1']);
    expect(performance.now() - begun).toBeLessThan(2000);
    writer.close();
  });

  it.each([
    ['garbage', (file: string) => writeFileSync(file, 'not a database at all, only text'.repeat(300))],
    ['cut short', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, 5000))],
    [
      'overwritten inside',
      (file: string) => {
        const bytes = readFileSync(file);
        writeFileSync(file, bytes.fill('wolf', 4096, bytes.length));
      },
    ],
    [
      'without its table',
      (file: string) => {
        const db = new BetterSqlite(file);
        db.exec('drop table runs');
        db.close();
      },
    ],
    [
      'with rows that are no JSON',
      (file: string) => {
        const db = new BetterSqlite(file);
        db.exec("update runs set tags = '[\"wo'");
        db.close();
      },
    ],
  ])('that is %s is set aside and rebuilt unasked', async (_, damage) => {
    const options = setting();
    for (let hour = 0; hour < 40; hour++) options.runs.add(hour, `wolf-v${hour}`);
    const before = await names(options);
    damage(options.file);
    expect(await names({ ...options, lock: held })).toEqual(before);
    expect(await names(options)).toEqual(before);
    expect(options.notices.map(({ code }) => code)).toEqual(['catalog-corrupt']);
    expect(readdirSync(join(options.file, '..')).some((name) => name.startsWith('catalog.db.corrupt-'))).toBe(true);
    options.runs.read.length = 0;
    expect(await names(options)).toEqual(before);
    expect(options.runs.read).toEqual([]);
  });

  it('knows stars and verdicts by merit, also of runs that an older Spoor read', async () => {
    const options = setting();
    const ids = [0, 1, 2].map((hour) => options.runs.add(hour, `wolf-v${hour}`));
    const star = (step: number) => ({ type: 'star' as const, step, epoch: null, starred: true });
    options.runs.tell(ids[0] as string, star(3), star(6), { type: 'verdict', verdict: 'mixed', why: null });
    options.runs.tell(ids[1] as string, star(3), { type: 'verdict', verdict: 'worked', why: null });
    await names(options);
    const db = new BetterSqlite(options.file);
    db.exec('alter table runs drop column stars; delete from migrations where id = 6');
    db.close();
    expect(await names(options, 'stars>0')).toEqual(['wolf-v1', 'wolf-v0']);
    const catalog = await openCatalog(options);
    const sorted = async (by: 'stars' | 'verdict') =>
      (await catalog.list(everything, { sort: { by, descending: true } })).map(({ name }) => name);
    expect(await sorted('stars')).toEqual(['wolf-v0', 'wolf-v1', 'wolf-v2']);
    expect(await sorted('verdict')).toEqual(['wolf-v1', 'wolf-v0', 'wolf-v2']);
    await catalog.close();
  });

  it('of a newer Spoor is left alone', async () => {
    const options = setting();
    options.runs.add(1, 'wolf-v1');
    await names(options);
    const db = new BetterSqlite(options.file);
    db.exec("insert into migrations values (99, 1, '2030-01-01')");
    db.close();
    const before = readFileSync(options.file);
    options.runs.add(2, 'wolf-v2');
    expect(await names(options)).toEqual(['wolf-v2', 'wolf-v1']);
    expect(options.notices.map(({ code }) => code)).toEqual(['catalog-newer']);
    expect(readFileSync(options.file).equals(before)).toBe(true);
  });

  it('shows a run whose folder cannot be read as one of which nothing is known', async () => {
    const options = setting();
    options.runs.add(1, 'wolf-v1');
    const id = runId(2);
    options.runs.tell(id, { type: 'dataset', dataset: { roots: [null] } } as never);
    expect(await names(options)).toEqual([id, 'wolf-v1']);
  });

  it('killed at any step is caught up to the same rows', async () => {
    const options = setting();
    for (let hour = 0; hour < 1100; hour++) options.runs.add(hour, `wolf-v${hour}`);
    const described = `${options.file}.json`;
    writeFileSync(described, JSON.stringify([...options.runs.runs]));
    const child = fileURLToPath(new URL('./test-crash-child.ts', import.meta.url));
    let killed = 0;
    for (let step = 0; ; step++) {
      rmSync(options.file, { force: true });
      if (step % 2 === 1) writeFileSync(options.file, 'corrupt'.repeat(1000));
      const { signal, stderr } = spawnSync(process.execPath, [child, options.file, described, `${step}`]);
      expect(stderr.toString()).toBe('');
      expect(await names(options)).toHaveLength(1100);
      if (signal !== 'SIGKILL') break;
      killed++;
    }
    expect(killed).toBeGreaterThanOrEqual(4);
    const fresh = { ...options, file: `${options.file}.fresh` };
    await names(fresh);
    expect(await records(options.file)).toEqual(await records(fresh.file));
  });

  it('has the schema that is committed (`vitest -u` writes it anew)', async () => {
    const { db, close } = await openDatabase(':memory:', true, loadEngine);
    await expect(await schemaDump(db)).toMatchFileSnapshot('schema.sql');
    await close();
  });
});
