import type { Kysely } from 'kysely';
import type { Migration } from './migrations.ts';

/** The files that runs made. What was caught up is forgotten, so that every folder is read for them. */
export const made: Migration = {
  id: 2,
  breaking: true,
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('made')
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('path', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('step', 'double precision')
      .addColumn('epoch', 'double precision')
      .addColumn('final', 'integer', (column) => column.notNull())
      .addColumn('bytes', 'double precision')
      .addColumn('sha256', 'text')
      .addColumn('tensor_sha256', 'text')
      .addColumn('session_id', 'text')
      .execute();
    for (const column of ['run', 'name', 'sha256', 'tensor_sha256', 'session_id']) {
      await db.schema.createIndex(`made_by_${column}`).on('made').column(column).execute();
    }
    const emptied = db as unknown as Kysely<{ runs: object; state: object }>;
    await emptied.deleteFrom('state').execute();
    await emptied.deleteFrom('runs').execute();
  },
};
