/** The texts of runs in the database: how they get there, and what holds the words. */
import { sql } from 'kysely';
import type { RunId } from '../../model/run-id.ts';
import type { Database } from '../schema.ts';
import {
  cleanPassage,
  type FoundRun,
  ftsQuery,
  mark,
  mostShown,
  type OwnedPassages,
  type Passage,
  type WordQuery,
} from './passages.ts';

/** Runs whose texts are not read as they are now. */
export async function runsBehind(db: Database): Promise<{ id: RunId; name: string; stamp: string }[]> {
  return db
    .selectFrom('runs')
    .leftJoin('words_read', 'words_read.run', 'runs.id')
    .select(['runs.id', 'runs.name', 'runs.stamp'])
    .where((where) =>
      where.or([where('words_read.stamp', 'is', null), where('words_read.stamp', '!=', where.ref('runs.stamp'))]),
    )
    .execute();
}

/** Writes the texts of one run, all or nothing; those of an owner that is known are not read. */
export async function putWords(
  db: Database,
  run: RunId,
  stamp: string,
  owned: readonly OwnedPassages[],
): Promise<void> {
  const found: { owner: string; passages: Passage[] }[] = [];
  for (const { owner, read } of owned) {
    const known =
      owner !== run &&
      (await db.selectFrom('passage_owners').select('run').where('owner', '=', owner).limit(1).executeTakeFirst());
    found.push({ owner, passages: known ? [] : (await read()).map(cleanPassage) });
  }
  await db.transaction().execute(async (write) => {
    await write.deleteFrom('passages').where('owner', '=', run).execute();
    await write.deleteFrom('passage_owners').where('run', '=', run).execute();
    for (const { owner, passages } of found) {
      for (const passage of passages)
        await write
          .insertInto('passages')
          .values({ owner, ...passage })
          .execute();
      await write.insertInto('passage_owners').values({ run, owner }).execute();
    }
    await write.deleteFrom('words_read').where('run', '=', run).execute();
    await write.insertInto('words_read').values({ run, stamp }).execute();
  });
}

/** Forgets runs that are gone, and texts that no run has any more. */
export async function sweepWords(db: Database): Promise<void> {
  await sql`delete from passage_owners where run not in (select id from runs)`.execute(db);
  await sql`delete from words_read where run not in (select id from runs)`.execute(db);
  await sql`delete from passages where owner not in (select owner from passage_owners)`.execute(db);
}

export async function removeAllWords(db: Database): Promise<void> {
  await db.deleteFrom('passages').execute();
  await db.deleteFrom('passage_owners').execute();
  await db.deleteFrom('words_read').execute();
}

/** Runs with passages that hold all terms, the latest first. */
export async function searchWords(db: Database, { terms, places, limit }: WordQuery): Promise<FoundRun[]> {
  const wanted = ftsQuery(terms);
  const inPlaces = places.length === 0 ? sql`true` : sql`passages.place in (${sql.join(places)})`;
  const hits = sql`from words join passages on passages.id = words.rowid
    join passage_owners on passage_owners.owner = passages.owner`;
  const runs = await sql<{ id: string; name: string; count: number }>`
    select runs.id, runs.name, count(*) as count ${hits} join runs on runs.id = passage_owners.run
    where words match ${wanted} and ${inPlaces}
    group by runs.id order by runs.id desc limit ${limit}`.execute(db);
  const found: FoundRun[] = [];
  for (const run of runs.rows) {
    const { rows } = await sql<Passage & { excerpt: string }>`
      select passages.place, passages.source, passages.text,
        snippet(words, 0, ${mark.begin}, ${mark.end}, '…', 24) as excerpt
      ${hits} where words match ${wanted} and passage_owners.run = ${run.id} and ${inPlaces}
      order by rank limit ${mostShown}`.execute(db);
    found.push({ ...run, passages: rows });
  }
  return found;
}
