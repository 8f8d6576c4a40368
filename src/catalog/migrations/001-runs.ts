import type { Kysely } from 'kysely';
import type { Migration } from './migrations.ts';

export const runs: Migration = {
  id: 1,
  breaking: true,
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('runs')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('model', 'text')
      .addColumn('dataset', 'text')
      .addColumn('version', 'text')
      .addColumn('family', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('exit_code', 'integer')
      .addColumn('started_at', 'text', (column) => column.notNull())
      .addColumn('ended_at', 'text')
      .addColumn('duration', 'double precision')
      .addColumn('step', 'double precision')
      .addColumn('total', 'double precision')
      .addColumn('loss', 'double precision')
      .addColumn('loss_word', 'text')
      .addColumn('verdict', 'text')
      .addColumn('reason', 'text')
      .addColumn('diagnosis', 'text')
      .addColumn('trainer', 'text')
      .addColumn('host', 'text', (column) => column.notNull())
      .addColumn('output_dir', 'text')
      .addColumn('tags', 'text', (column) => column.notNull())
      .addColumn('tag_lines', 'text', (column) => column.notNull())
      .addColumn('stamp', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('settings', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('runs_by_name').on('runs').columns(['name', 'id']).execute();
    await db.schema.createIndex('runs_by_start').on('runs').columns(['started_at', 'id']).execute();
    await db.schema.createIndex('runs_by_status').on('runs').columns(['status', 'id']).execute();
    await db.schema
      .createTable('state')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
  },
};
