import { IDS_COLUMNS, IDS_PARTS, IDS_TABLES } from './event-ids.ts';
import { COMMON_ROWS, COMMON_TABLES } from './common-rows.ts';
import { CARRY_TABLES } from './log-carry.ts';
import { NAMES_TABLE } from './names.ts';

/** The schema history of the log. */
export const LOG_MIGRATIONS = [
  `${NAMES_TABLE}
   ${IDS_TABLES}
   CREATE TABLE events (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     source INTEGER NOT NULL,
     at INTEGER NOT NULL,
     hash INTEGER NOT NULL,
     body TEXT NOT NULL
   );`,
  // One row for many events: a row per event costs more than the event itself.
  `CREATE TABLE blocks (
     first_seq INTEGER PRIMARY KEY,
     last_seq INTEGER NOT NULL,
     source INTEGER NOT NULL,
     at INTEGER NOT NULL,
     hashes TEXT NOT NULL,
     body TEXT NOT NULL
   );
   CREATE INDEX blocks_by_time ON blocks (at);
   INSERT INTO blocks SELECT seq, seq, source, at, '[' || hash || ']', body FROM events ORDER BY seq;
   DROP TABLE events;`,
  'CREATE TABLE small (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;',
  // From here on the hashes of new blocks are bytes with checks; existing blocks are unchanged.
  IDS_COLUMNS,
  CARRY_TABLES,
  IDS_PARTS,
  COMMON_TABLES,
  COMMON_ROWS,
];
