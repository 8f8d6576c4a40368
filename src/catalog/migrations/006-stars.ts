import type { Kysely } from 'kysely';
import type { Migration } from './migrations.ts';

/** How many steps of a run have a star. Every folder is read for them; an older Spoor would write rows without. */
export const stars: Migration = {
  id: 6,
  breaking: true,
  async up(db: Kysely<never>) {
    await db.schema
      .alterTable('runs')
      .addColumn('stars', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    const stale = db as unknown as Kysely<{ runs: { stamp: string }; state: object }>;
    await stale.deleteFrom('state').execute();
    await stale.updateTable('runs').set({ stamp: '' }).execute();
  },
};
