import { type Kysely, sql } from 'kysely';
import type { Migration } from './migrations.ts';

/** Texts of runs for `spoor search`. An older Spoor passes over them; what it changes is told by the runs' stamps. */
export const words: Migration = {
  id: 3,
  breaking: false,
  async up(db: Kysely<never>) {
    await db.schema
      .createTable('passages')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('place', 'text', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('passages_by_owner').on('passages').column('owner').execute();
    await db.schema
      .createTable('passage_owners')
      .addColumn('run', 'text', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('passage_owners_key', ['run', 'owner'])
      .execute();
    await db.schema.createIndex('passage_owners_by_owner').on('passage_owners').column('owner').execute();
    await db.schema
      .createTable('words_read')
      .addColumn('run', 'text', (column) => column.primaryKey())
      .addColumn('stamp', 'text', (column) => column.notNull())
      .execute();
    await sql`create virtual table words using fts5(text, content='passages', content_rowid='id', tokenize='unicode61 remove_diacritics 2')`.execute(
      db,
    );
    await sql`create trigger passage_comes after insert on passages begin
  insert into words (rowid, text) values (new.id, new.text);
end`.execute(db);
    await sql`create trigger passage_goes after delete on passages begin
  insert into words (words, rowid, text) values ('delete', old.id, old.text);
end`.execute(db);
  },
};
