/** What is asked of the database, and how rows are written to it. */
import { sql } from 'kysely';
import type { RunId } from '../model/run-id.ts';
import type { MadeBy, MadeFile } from './made.ts';
import type { Condition } from './query/condition.ts';
import type { Sort } from './query/sort.ts';
import { orderOf, whereOf } from './query/sql.ts';
import { madeFileOf, summaryColumns, summaryOf } from './record.ts';
import type { RunSummary, Standing } from './row.ts';
import type { Database, MadeRecord, RunRecord } from './schema.ts';

/** Far below the number of parameters that a statement may have, also where a row has thirty. */
const batch = 100;
/** The same of ids alone. */
const manyIds = 1000;

export async function knownRuns(db: Database): Promise<{ id: RunId; stamp: string }[]> {
  return db.selectFrom('runs').select(['id', 'stamp']).execute();
}

/** Runs that had not ended when they were last read. */
export async function runningRuns(db: Database): Promise<RunId[]> {
  const rows = await db.selectFrom('runs').select('id').where('status', '=', 'running').execute();
  return rows.map(({ id }) => id);
}

/** Which state of all folders the rows tell, if catching up was completed. */
export async function caughtUpTo(db: Database): Promise<string | null> {
  const row = await db.selectFrom('state').select('value').where('key', '=', 'caught-up').executeTakeFirst();
  return row?.value ?? null;
}

export async function listRuns(db: Database, condition: Condition, sort: Sort, limit: number): Promise<RunSummary[]> {
  const rows = await db
    .selectFrom('runs')
    .select(summaryColumns)
    .where(whereOf(condition))
    .orderBy(orderOf(sort))
    .$if(Number.isFinite(limit), (query) => query.limit(limit))
    .execute();
  return rows.map(summaryOf);
}

export async function summariesOf(db: Database, ids: readonly RunId[]): Promise<RunSummary[]> {
  const found: RunSummary[] = [];
  for (const some of batches(ids)) {
    const rows = await db.selectFrom('runs').select(summaryColumns).where('id', 'in', some).execute();
    found.push(...rows.map(summaryOf));
  }
  return found;
}

/** Of all runs that a condition finds a little, in no order: by an index, rows lie far apart. */
export async function listStandings(db: Database, condition: Condition): Promise<Standing[]> {
  const rows = await db
    .selectFrom('runs')
    .select(['id', 'family', 'status', 'verdict', 'started_at as startedAt'])
    .where(whereOf(condition))
    .execute();
  return rows as Standing[];
}

export async function countRuns(db: Database, condition: Condition): Promise<number> {
  const count = sql<number>`count(*)`.as('count');
  return (await db.selectFrom('runs').select(count).where(whereOf(condition)).executeTakeFirstOrThrow()).count;
}

export async function listIds(db: Database, condition: Condition): Promise<RunId[]> {
  return (await db.selectFrom('runs').select('id').where(whereOf(condition)).execute()).map(({ id }) => id);
}

/** Of some runs those of which the condition holds. */
export async function idsAmong(db: Database, condition: Condition, ids: readonly RunId[]): Promise<RunId[]> {
  const found: RunId[] = [];
  for (const some of batches(ids)) {
    const rows = db.selectFrom('runs').select('id').where(whereOf(condition)).where('id', 'in', some);
    found.push(...(await rows.execute()).map(({ id }) => id));
  }
  return found;
}

export async function idsNamed(db: Database, name: string): Promise<RunId[]> {
  const rows = await db.selectFrom('runs').select('id').where('name', '=', name).orderBy('id', 'desc').execute();
  return rows.map(({ id }) => id);
}

export async function allNames(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('runs').select('name').distinct().execute();
  return rows.map(({ name }) => name);
}

export async function namesOf(db: Database, ids: readonly RunId[]) {
  const found: Pick<RunSummary, 'id' | 'name' | 'startedAt' | 'endedAt'>[] = [];
  for (const some of batches(ids)) {
    const rows = await db
      .selectFrom('runs')
      .select(['id', 'name', 'started_at as startedAt', 'ended_at as endedAt'])
      .where('id', 'in', some)
      .execute();
    found.push(...rows);
  }
  return found;
}

export async function largestRuns(db: Database, most: number): Promise<{ run: RunId; files: number; bytes: number }[]> {
  const found = await sql<{ run: RunId; files: number; bytes: number }>`
    select run, count(*) as files, coalesce(sum(bytes), 0) as bytes from made
    group by run order by bytes desc limit ${most}`.execute(db);
  return found.rows;
}

/** As JSON. */
export async function settingsOf(db: Database, ids: readonly RunId[]): Promise<{ id: RunId; settings: string }[]> {
  const found: { id: RunId; settings: string }[] = [];
  for (const some of batches(ids, manyIds)) {
    found.push(...(await db.selectFrom('runs').select(['id', 'settings']).where('id', 'in', some).execute()));
  }
  return found;
}

/**
 * Replaces rows and removes others, all or nothing.
 * @param fingerprint of all folders' stamps, if the rows are those folders' now
 */
export async function replaceRuns(
  db: Database,
  rows: readonly { record: RunRecord; made: readonly MadeRecord[] }[],
  removed: readonly RunId[],
  fingerprint: string | null,
): Promise<void> {
  await db.transaction().execute(async (write) => {
    await write.deleteFrom('state').execute();
    const outdated = [...removed, ...rows.map(({ record }) => record.id)];
    for (const ids of batches(outdated)) {
      await write.deleteFrom('runs').where('id', 'in', ids).execute();
      await write.deleteFrom('made').where('run', 'in', ids).execute();
    }
    for (const some of batches(rows)) {
      await write
        .insertInto('runs')
        .values(some.map(({ record }) => record))
        .execute();
    }
    for (const some of batches(rows.flatMap(({ made }) => made))) await write.insertInto('made').values(some).execute();
    if (fingerprint !== null) {
      await write.insertInto('state').values({ key: 'caught-up', value: fingerprint }).execute();
    }
  });
}

export async function removeAll(db: Database): Promise<void> {
  await db.deleteFrom('state').execute();
  await db.deleteFrom('runs').execute();
  await db.deleteFrom('made').execute();
}

/** Files that runs made, by any of the keys. A hash may be the first digits of one. */
export async function madeBy(db: Database, by: MadeBy): Promise<MadeFile[]> {
  const { hashes = [], sessions = [], names = [], unhashedSizes = [] } = by;
  const whole = hashes.filter((hash) => hash.length === 64);
  const short = hashes.filter((hash) => hash.length < 64);
  const found = new Set<string>();
  const files: MadeFile[] = [];
  const add = (records: MadeRecord[]) => {
    for (const record of records) {
      const key = `${record.run} ${record.path}`;
      if (!found.has(key)) files.push(madeFileOf(record));
      found.add(key);
    }
  };
  const all = db.selectFrom('made').selectAll();
  for (const some of batches(whole)) {
    add(await all.where('tensor_sha256', 'in', some).execute());
    add(await all.where('sha256', 'in', some).execute());
    add(await all.where('claimed_sha256', 'in', some).execute());
  }
  for (const column of ['tensor_sha256', 'sha256', 'claimed_sha256'] as const) {
    // `g` stands behind every hex digit.
    for (const hash of short) add(await all.where(column, '>=', hash).where(column, '<', `${hash}g`).execute());
  }
  for (const some of batches(sessions)) add(await all.where('session_id', 'in', some).execute());
  for (const some of batches(names)) add(await all.where('name', 'in', some).execute());
  for (const some of batches(unhashedSizes)) {
    add(await all.where('sha256', 'is', null).where('bytes', 'in', some).execute());
  }
  return files;
}

/** The whole index, for comparing two of them. */
export async function allRecords(db: Database): Promise<RunRecord[]> {
  return db.selectFrom('runs').selectAll().orderBy('id').execute();
}

/** The statements that make the schema, as the database keeps them. */
export async function schemaDump(db: Database): Promise<string> {
  const { rows } = await sql<{ sql: string }>`
    select sql from sqlite_schema where sql is not null order by type desc, name`.execute(db);
  return rows.map((row) => `${row.sql};\n`).join('');
}

function batches<T>(items: readonly T[], size = batch): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
