CREATE TABLE "migrations" ("id" integer primary key, "breaking" integer not null, "applied_at" text not null);
CREATE TABLE "runs" ("id" text primary key, "name" text not null, "model" text, "dataset" text, "version" text, "family" text not null, "status" text not null, "exit_code" integer, "started_at" text not null, "ended_at" text, "duration" double precision, "step" double precision, "total" double precision, "loss" double precision, "loss_word" text, "verdict" text, "reason" text, "diagnosis" text, "trainer" text, "host" text not null, "output_dir" text, "tags" text not null, "tag_lines" text not null, "stamp" text not null, "text" text not null, "settings" text not null);
CREATE TABLE "state" ("key" text primary key, "value" text not null);
CREATE INDEX "runs_by_name" on "runs" ("name", "id");
CREATE INDEX "runs_by_start" on "runs" ("started_at", "id");
CREATE INDEX "runs_by_status" on "runs" ("status", "id");
