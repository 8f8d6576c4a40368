import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Catalog, openCatalog } from '../src/catalog/catalog.ts';
import { parseQuery } from '../src/catalog/query/parse.ts';
import { created, ended, runId } from '../src/catalog/test-rows.ts';
import { type Home, openHome } from '../src/store/home.ts';
import { type Lock, tryLock } from '../src/store/lock.ts';

let directory: string;
let home: Home;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spoor-catalog-'));
  home = await openHome(join(directory, 'home'), 'lair');
});
afterEach(() => rm(directory, { recursive: true }));

const self = { pid: process.pid, startTicks: null, bootId: null, pidNamespace: null, host: 'lair' };
const lock = (): Promise<Lock | null> => tryLock(join(home.directory, 'catalog.lock'), self, () => 'unknown');
const open = (): Promise<Catalog> => openCatalog({ file: home.catalogFile, runs: home.runs, lock });

async function matching(query: string): Promise<string[]> {
  const catalog = await open();
  const rows = await catalog.list(parseQuery(query, new Date()));
  await catalog.close();
  return rows.map(({ name }) => name);
}

async function record(hour: number, name: string): Promise<string> {
  const id = runId(hour);
  home.runs.create(id);
  const log = home.runs.openLog(id, 'journal');
  await log.append(created(id, name), ended('succeeded', 0.1));
  await log.close();
  return id;
}

it('the catalog sees what is told of a run that ended long ago', async () => {
  const id = await record(1, 'wolf-v1');
  await record(2, 'wolf-v2');
  expect(await matching('')).toEqual(['wolf-v2', 'wolf-v1']);
  const log = home.runs.openLog(id, 'annotations');
  await log.append({ type: 'verdict', verdict: 'worked', why: 'sharp ears' });
  await log.close();
  expect(await matching('verdict:worked "sharp ears"')).toEqual(['wolf-v1']);
});

it('the catalog sees runs that come and go as folders', async () => {
  const id = await record(1, 'wolf-v1');
  expect(await matching('')).toEqual(['wolf-v1']);
  await rename(home.runs.path(id), join(directory, id));
  expect(await matching('')).toEqual([]);
  await rename(join(directory, id), home.runs.path(id));
  expect(await matching('')).toEqual(['wolf-v1']);
});

it('many readers catch up at once and all answer the same', async () => {
  for (let hour = 0; hour < 50; hour++) await record(hour, `wolf-v${hour}`);
  const answers = await Promise.all(Array.from({ length: 8 }, () => matching('')));
  for (const answer of answers) expect(answer).toEqual(Array.from({ length: 50 }, (_, i) => `wolf-v${49 - i}`));
});
