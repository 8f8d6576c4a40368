import { type Kysely, sql } from 'kysely';
import type { Migration } from './migrations.ts';

/** What models claim of their tensors, and what finds files that were never hashed. All folders are read for it. */
export const claims: Migration = {
  id: 4,
  breaking: true,
  async up(db: Kysely<never>) {
    await db.schema.alterTable('made').addColumn('claimed_sha256', 'text').execute();
    await db.schema.alterTable('made').addColumn('modified', 'double precision').execute();
    await db.schema.createIndex('made_by_claimed_sha256').on('made').column('claimed_sha256').execute();
    await sql`create index made_unhashed_by_bytes on made (bytes) where sha256 is null`.execute(db);
    const emptied = db as unknown as Kysely<{ runs: object; made: object; state: object }>;
    await emptied.deleteFrom('state').execute();
    await emptied.deleteFrom('made').execute();
    await emptied.deleteFrom('runs').execute();
  },
};
