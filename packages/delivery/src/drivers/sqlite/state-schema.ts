import { GAPS_TABLE } from './state-gaps.ts';
import { NAMES_TABLE } from './names.ts';
import { SIZES_TABLE } from './state-sizes.ts';
import { RUNS_OF_OUTCOMES } from './state-outcomes.ts';

/** The schema history of the delivery state. Lanes, mappings and codes are numbers of `names`. */
export const STATE_MIGRATIONS = [
  `${NAMES_TABLE}
   CREATE TABLE lanes (
     lane INTEGER PRIMARY KEY,
     cursor INTEGER,
     delivered INTEGER NOT NULL DEFAULT 0,
     skipped INTEGER NOT NULL DEFAULT 0,
     rejected INTEGER NOT NULL DEFAULT 0,
     waiting INTEGER NOT NULL DEFAULT 0,
     dead INTEGER NOT NULL DEFAULT 0
   );
   CREATE TABLE outcomes (
     seq INTEGER NOT NULL,
     lane INTEGER NOT NULL,
     mapping INTEGER NOT NULL,
     status INTEGER NOT NULL,
     attempts INTEGER NOT NULL,
     at INTEGER NOT NULL,
     code INTEGER,
     message TEXT,
     field TEXT,
     exchange INTEGER,
     PRIMARY KEY (seq, lane, mapping)
   ) WITHOUT ROWID;
   CREATE TABLE retries (
     seq INTEGER NOT NULL,
     lane INTEGER NOT NULL,
     mapping INTEGER NOT NULL,
     position INTEGER NOT NULL,
     order_key TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     due_at INTEGER NOT NULL,
     first_failed_at INTEGER,
     code INTEGER,
     message TEXT,
     exchange INTEGER,
     PRIMARY KEY (seq, lane, mapping)
   ) WITHOUT ROWID;
   CREATE INDEX retries_in_order ON retries (lane, order_key, seq, position);
   CREATE TABLE heads (
     lane INTEGER NOT NULL,
     order_key TEXT NOT NULL,
     due_at INTEGER NOT NULL,
     PRIMARY KEY (lane, order_key)
   ) WITHOUT ROWID;
   CREATE INDEX heads_by_time ON heads (lane, due_at);
   CREATE TABLE dead_letters (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     lane INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     mapping INTEGER NOT NULL,
     position INTEGER NOT NULL,
     source INTEGER NOT NULL,
     message_id TEXT NOT NULL,
     order_key TEXT NOT NULL,
     at INTEGER NOT NULL,
     code INTEGER NOT NULL,
     message TEXT NOT NULL,
     field TEXT,
     attempts INTEGER NOT NULL,
     payload TEXT,
     exchanges TEXT NOT NULL,
     replayed_at INTEGER
   );
   CREATE INDEX dead_letters_by_event ON dead_letters (seq);
   CREATE TABLE exchanges (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     lane INTEGER NOT NULL,
     at INTEGER NOT NULL,
     duration REAL NOT NULL,
     request TEXT NOT NULL,
     response TEXT,
     failure TEXT,
     kept INTEGER NOT NULL
   );
   CREATE TABLE small (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
  // A rewritten value gets a new ID, so the lowest IDs are the least recently written.
  `CREATE TABLE memory (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     lane INTEGER NOT NULL,
     space TEXT NOT NULL,
     scope INTEGER NOT NULL,
     key TEXT NOT NULL,
     value TEXT NOT NULL
   );
   CREATE UNIQUE INDEX memory_by_place ON memory (lane, space, scope, key);
   CREATE TABLE conflicts (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     lane INTEGER NOT NULL,
     seq INTEGER NOT NULL,
     mapping INTEGER NOT NULL,
     order_key TEXT NOT NULL,
     field TEXT NOT NULL,
     rule TEXT NOT NULL,
     source INTEGER NOT NULL,
     kept_source INTEGER,
     at INTEGER NOT NULL
   );`,
  // One row for many delivered events: a row for each would be most of the writes of a step.
  RUNS_OF_OUTCOMES,
  // The oldest failure of a lane is read every second; most waiting rows have not failed themselves.
  `CREATE INDEX retries_by_failure ON retries (lane, first_failed_at) WHERE first_failed_at IS NOT NULL;`,
  'ALTER TABLE dead_letters ADD COLUMN payload_cut INTEGER;',
  // Set for a lane whose destination was removed; its dead letters stay, and its counts continue when it is added again.
  'ALTER TABLE lanes ADD COLUMN removed_at INTEGER;',
  SIZES_TABLE,
  GAPS_TABLE,
  // The encrypted values of instances of destinations.
  `CREATE TABLE kept (
     lane INTEGER NOT NULL,
     key TEXT NOT NULL,
     value TEXT NOT NULL,
     PRIMARY KEY (lane, key)
   ) WITHOUT ROWID;`,
  // The version of the mapping; earlier rows have none.
  `ALTER TABLE outcomes ADD COLUMN version INTEGER;
   ALTER TABLE delivered_runs ADD COLUMN version INTEGER;
   ALTER TABLE dead_letters ADD COLUMN version INTEGER;`,
  // The holder of a lane; a settlement under an older epoch is refused.
  `ALTER TABLE lanes ADD COLUMN holder TEXT;
   ALTER TABLE lanes ADD COLUMN held_until INTEGER;
   ALTER TABLE lanes ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;`,
  // The corrected event of an item; and the items of one replay.
  `CREATE TABLE corrections (
     seq INTEGER NOT NULL,
     lane INTEGER NOT NULL,
     mapping INTEGER NOT NULL,
     event TEXT NOT NULL,
     at INTEGER NOT NULL
   );
   CREATE UNIQUE INDEX corrections_by_item ON corrections (seq, lane, mapping);
   CREATE INDEX dead_letters_by_replay ON dead_letters (replayed_at) WHERE replayed_at IS NOT NULL;`,
];
