CREATE TRIGGER passage_comes after insert on passages begin
  insert into words (rowid, text) values (new.id, new.text);
end;
CREATE TRIGGER passage_goes after delete on passages begin
  insert into words (words, rowid, text) values ('delete', old.id, old.text);
end;
CREATE TABLE "made" ("run" text not null, "kind" text not null, "path" text not null, "name" text not null, "step" double precision, "epoch" double precision, "final" integer not null, "bytes" double precision, "sha256" text, "tensor_sha256" text, "session_id" text);
CREATE TABLE "migrations" ("id" integer primary key, "breaking" integer not null, "applied_at" text not null);
CREATE TABLE "passage_owners" ("run" text not null, "owner" text not null, constraint "passage_owners_key" primary key ("run", "owner"));
CREATE TABLE "passages" ("id" integer primary key, "owner" text not null, "place" text not null, "source" text not null, "text" text not null);
CREATE TABLE "runs" ("id" text primary key, "name" text not null, "model" text, "dataset" text, "version" text, "family" text not null, "status" text not null, "exit_code" integer, "started_at" text not null, "ended_at" text, "duration" double precision, "step" double precision, "total" double precision, "loss" double precision, "loss_word" text, "verdict" text, "reason" text, "diagnosis" text, "trainer" text, "host" text not null, "output_dir" text, "tags" text not null, "tag_lines" text not null, "stamp" text not null, "text" text not null, "settings" text not null);
CREATE TABLE "state" ("key" text primary key, "value" text not null);
CREATE VIRTUAL TABLE words using fts5(text, content='passages', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE 'words_config'(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE 'words_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE 'words_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE 'words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE "words_read" ("run" text primary key, "stamp" text not null);
CREATE INDEX "made_by_name" on "made" ("name");
CREATE INDEX "made_by_run" on "made" ("run");
CREATE INDEX "made_by_session_id" on "made" ("session_id");
CREATE INDEX "made_by_sha256" on "made" ("sha256");
CREATE INDEX "made_by_tensor_sha256" on "made" ("tensor_sha256");
CREATE INDEX "passage_owners_by_owner" on "passage_owners" ("owner");
CREATE INDEX "passages_by_owner" on "passages" ("owner");
CREATE INDEX "runs_by_name" on "runs" ("name", "id");
CREATE INDEX "runs_by_start" on "runs" ("started_at", "id");
CREATE INDEX "runs_by_status" on "runs" ("status", "id");
