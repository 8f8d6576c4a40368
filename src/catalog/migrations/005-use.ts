import type { Kysely } from 'kysely';
import type { Migration } from './migrations.ts';

/**
 * What runs took of their machines. Nobody recorded it before this, so that no folder need be read for
 * it; an older Spoor would write rows without it.
 */
export const use: Migration = {
  id: 5,
  breaking: true,
  async up(db: Kysely<never>) {
    await db.schema.alterTable('runs').addColumn('gpu_hours', 'double precision').execute();
    await db.schema.alterTable('runs').addColumn('cost', 'double precision').execute();
    await db.schema.alterTable('runs').addColumn('currency', 'text').execute();
  },
};
