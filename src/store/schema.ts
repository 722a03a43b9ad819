import type { Schema } from './database.ts'

/**
 * The tables of a run's ledger. Only its owner migrates it; whoever reads it beside the owner knows the version before too.
 */
export const LEDGER: Schema = {
  version: 1,
  create: `
    PRAGMA application_id = 0x6f707366;
    CREATE TABLE plan(hash TEXT NOT NULL, run TEXT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE owner(epoch INTEGER NOT NULL, pid INTEGER NOT NULL, boot TEXT NOT NULL, start INTEGER NOT NULL,
      name TEXT NOT NULL, at INTEGER NOT NULL, inbox_row INTEGER NOT NULL);
    CREATE TABLE events(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL, sum BLOB NOT NULL);
    INSERT INTO owner VALUES(0, 0, '', 0, '', 0, 0);`,
  migrations: [],
}

/** What many processes write for one run to read; see `inbox.ts` for why it is no part of the ledger. */
export const INBOX: Schema = {
  version: 1,
  create: `
    PRAGMA application_id = 0x6f707362;
    CREATE TABLE inbox(row INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, name TEXT NOT NULL, uid INTEGER,
      kind TEXT NOT NULL, target TEXT NOT NULL, data TEXT NOT NULL);`,
  migrations: [],
}

/**
 * The tables of the index that all runs of a store share. Nothing in it is worth a sync: the run list is made again from
 * the folders, locks die with their owners, and durations are only hints.
 */
export const INDEX: Schema = {
  version: 1,
  create: `
    PRAGMA application_id = 0x6f707369;
    CREATE TABLE runs(run TEXT PRIMARY KEY, created INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE durations(pipeline TEXT NOT NULL, step TEXT NOT NULL, ms REAL NOT NULL, PRIMARY KEY(pipeline, step)) WITHOUT ROWID;
    CREATE TABLE locks(id INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, token TEXT NOT NULL, held INTEGER NOT NULL,
      at INTEGER NOT NULL);
    CREATE INDEX locks_run ON locks(run);
    CREATE TABLE lock_keys(key TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(key, id)) WITHOUT ROWID;
    CREATE TRIGGER lock_keys_follow AFTER DELETE ON locks BEGIN DELETE FROM lock_keys WHERE id = old.id; END;
    CREATE INDEX lock_keys_id ON lock_keys(id);`,
  migrations: [],
}
