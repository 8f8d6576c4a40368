import { rename } from 'node:fs/promises';
import type BetterSqlite from 'better-sqlite3';
import { errorCode } from '../model/errors.ts';
import { migrate, schemaState } from './migrations/migrations.ts';
import type { Database, Tables } from './schema.ts';

export interface OpenDatabase {
  db: Database;
  close(): Promise<void>;
}

/** Loads the engine; a parameter, since there are machines where it cannot be loaded. */
export type LoadEngine = () => Promise<typeof BetterSqlite>;

export const loadEngine: LoadEngine = async () => (await import('better-sqlite3')).default;

/** Why the catalog cannot be used, for those who then answer from the folders. */
export class CatalogUnusable extends Error {
  /** `corrupt`: set it aside. `old`: whoever holds the lock brings it up to date. */
  readonly reason: 'corrupt' | 'missing' | 'old' | 'newer' | 'unavailable';

  constructor(reason: CatalogUnusable['reason'], cause?: unknown) {
    super(`the catalog is ${reason}`, { cause });
    this.reason = reason;
  }
}

/**
 * Opens the catalog without ever waiting for a lock.
 * @param write make it, and bring its schema up to date
 * @throws CatalogUnusable
 */
export async function openDatabase(file: string, write: boolean, load: LoadEngine): Promise<OpenDatabase> {
  try {
    const Engine = await load();
    const { Kysely, SqliteDialect } = await import('kysely');
    const engine = new Engine(file, { timeout: 0, fileMustExist: !write });
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: engine }) });
    try {
      if (write) {
        // Readers go on while one writes. What a crash of the machine loses is caught up again.
        engine.pragma('journal_mode = WAL');
        engine.pragma('synchronous = NORMAL');
      }
      let state = await schemaState(db);
      if (state === 'old' && write) {
        await migrate(db);
        state = 'current';
      }
      if (state !== 'current') throw new CatalogUnusable(state);
    } catch (error) {
      engine.close();
      throw error;
    }
    return { db, close: () => db.destroy() };
  } catch (error) {
    throw unusable(error);
  }
}

/** What an error of the database means for the use of the catalog. */
export function unusable(error: unknown): CatalogUnusable {
  if (error instanceof CatalogUnusable) return error;
  const code = errorCode(error) ?? '';
  // SQLITE_ERROR: a table or column is not there, though the schema says so. A SyntaxError: JSON in a row is none.
  const damaged = /^SQLITE_(CORRUPT|NOTADB|ERROR$|FORMAT|MISMATCH|CONSTRAINT|IOERR_SHORT_READ)/.test(code);
  if (damaged || error instanceof SyntaxError) return new CatalogUnusable('corrupt', error);
  if (code === 'SQLITE_CANTOPEN') return new CatalogUnusable('missing', error);
  return new CatalogUnusable('unavailable', error);
}

/** Renames a corrupt catalog out of the way, its write-ahead log with it. Returns its new name. */
export async function setAside(file: string, now = new Date()): Promise<string> {
  const target = `${file}.corrupt-${now.toISOString().replace(/[:.]/g, '-')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    await rename(`${file}${suffix}`, `${target}${suffix}`).catch((error) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
  }
  return target;
}
