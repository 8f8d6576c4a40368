import type { Kysely } from 'kysely';
import { errorText } from '../../model/errors.ts';
import type { Database } from '../schema.ts';
import { runs } from './001-runs.ts';
import { made } from './002-made.ts';
import { words } from './003-words.ts';
import { claims } from './004-claims.ts';
import { use } from './005-use.ts';
import { stars } from './006-stars.ts';

export interface Migration {
  /** 1, 2, 3, … */
  id: number;
  /** Whether an older Spoor must not use the catalog after it. */
  breaking: boolean;
  up(db: Kysely<never>): Promise<void>;
}

const migrations: readonly Migration[] = [runs, made, words, claims, use, stars];

/** Whether this Spoor can read the catalog as it is: `old` needs `migrate`, `newer` is refused. */
export async function schemaState(db: Database): Promise<'current' | 'old' | 'newer'> {
  const applied = await appliedTo(db);
  if (applied === null) return 'old';
  const known = new Set(migrations.map((each) => each.id));
  if (applied.some(({ id, breaking }) => breaking !== 0 && !known.has(id))) return 'newer';
  const done = new Set(applied.map(({ id }) => id));
  return migrations.every((each) => done.has(each.id)) ? 'current' : 'old';
}

/** Null where there is no such table: to ask for all tables first would take 4 ms of each list. */
async function appliedTo(db: Database): Promise<{ id: number; breaking: number }[] | null> {
  try {
    return await db.selectFrom('migrations').select(['id', 'breaking']).execute();
  } catch (error) {
    if (/no such table: migrations/.test(errorText(error))) return null;
    throw error;
  }
}

/**
 * Brings the schema up to date, each step in a transaction of its own. A step's number is inserted
 * first, so that of two who migrate at once one fails before it changes anything.
 */
export async function migrate(db: Database): Promise<void> {
  await db.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('breaking', 'integer', (column) => column.notNull())
    .addColumn('applied_at', 'text', (column) => column.notNull())
    .execute();
  const done = new Set((await db.selectFrom('migrations').select('id').execute()).map(({ id }) => id));
  for (const { id, breaking, up } of migrations) {
    if (done.has(id)) continue;
    await db.transaction().execute(async (step) => {
      const row = { id, breaking: Number(breaking), applied_at: new Date().toISOString() };
      await step.insertInto('migrations').values(row).execute();
      await up(step as unknown as Kysely<never>);
    });
  }
}
