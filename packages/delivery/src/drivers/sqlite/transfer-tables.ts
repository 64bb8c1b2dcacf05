import type { SQLInputValue } from 'node:sqlite';
import { COPIED, type CopyNoun, type CopyRow, type CopyValue } from '../../stores/transfer.ts';
import { valuesIn } from './common-rows.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import { STATUSES } from './state-rows.ts';

/** The table of a noun: ordered by the unique `keys`. */
export interface Segment {
  readonly table: string;
  readonly keys: readonly string[];
  /** An expression for reading each column of the noun. */
  readonly read: readonly string[];
  readonly where?: string;
  /** Returns the rows of the noun in one of the table. */
  readonly expand?: (row: CopyRow, names: Names) => readonly CopyRow[];
}

/** Writes a row; called within a transaction. */
export type WriteRow = (row: CopyRow) => void;

/** The number of a word in `names`. */
const word = (column: string): string => `(SELECT text FROM names WHERE id = ${column})`;
const LAST_RUN = `'delivered'`;
const STATUS = `CASE status ${STATUSES.map((name, index) => `WHEN ${index} THEN '${name}'`).join(' ')} END`;

/** Notes of the log and the state with their own noun. */
export const START_AFTER = 'start after';
const NEXT_EXCHANGE = 'next exchange';
const COUNTED = ['dead_letters', 'memory', 'conflicts'];

/** The tables of each noun, except events. */
export const SEGMENTS: Readonly<Record<Exclude<CopyNoun, 'events'>, readonly Segment[]>> = {
  'log-position': [
    {
      table: `(SELECT max(coalesce((SELECT last_seq FROM blocks ORDER BY first_seq DESC LIMIT 1), 0),
        coalesce((SELECT CAST(value AS INTEGER) FROM small WHERE key = '${START_AFTER}'), 0)) AS last)`,
      keys: ['last'],
      read: ['last'],
      where: 'last > 0',
    },
  ],
  owners: [{ table: 'owners', keys: ['owner'], read: ['owner', 'cursor', 'epoch'] }],
  carried: [
    { table: 'carried', keys: ['owner', 'key'], read: ['owner', 'key', 'value'] },
    {
      table: 'common_rows',
      keys: ['key'],
      read: ['key', 'layout', 'bytes'],
      expand: ([key, layout, bytes], names) =>
        valuesIn({ layout: String(layout), bytes: bytes as Uint8Array }).flatMap(({ owners, value }) =>
          owners.map((owner) => [names.text(owner), key!, value]),
        ),
    },
  ],
  timers: [{ table: 'timers', keys: ['owner', 'due', 'key'], read: ['owner', 'due', 'key', 'value'] }],
  'log-notes': [small(`key <> '${START_AFTER}'`)],
  lanes: [
    {
      table: 'lanes',
      keys: ['lane'],
      read: [
        ...[word('lane'), 'cursor', 'removed_at IS NOT NULL'],
        ...['delivered', 'skipped', 'rejected', 'waiting', 'dead', 'epoch'],
      ],
    },
  ],
  outcomes: [
    {
      table: 'outcomes',
      keys: ['seq', 'lane', 'mapping'],
      read: [
        ...[word('lane'), word('mapping'), 'seq', 'seq', STATUS, 'attempts', 'at'],
        ...[word('code'), 'message', 'field', 'exchange', 'version'],
      ],
    },
    {
      table: 'delivered_runs',
      keys: ['lane', 'mapping', 'first_seq'],
      read: [
        ...[word('lane'), word('mapping'), 'first_seq', 'last_seq', LAST_RUN, 'attempts', 'at'],
        ...['NULL', 'NULL', 'NULL', 'exchange', 'version'],
      ],
    },
  ],
  gaps: [
    {
      table: 'gaps',
      keys: ['lane', 'first_seq'],
      read: [word('lane'), 'first_seq', 'last_seq', word('code'), 'at'],
    },
  ],
  waiting: [
    {
      table: 'retries',
      keys: ['seq', 'lane', 'mapping'],
      read: [
        ...['seq', word('lane'), word('mapping'), 'position', 'order_key', 'attempts', 'due_at'],
        ...['first_failed_at', word('code'), 'message', 'exchange'],
      ],
    },
  ],
  heads: [{ table: 'heads', keys: ['lane', 'order_key'], read: [word('lane'), 'order_key', 'due_at'] }],
  'dead-letters': [
    {
      table: 'dead_letters',
      keys: ['id'],
      read: [
        ...['id', word('lane'), 'seq', word('mapping'), 'version', 'position', 'message_id', word('source')],
        ...['order_key', 'at', word('code'), 'message', 'field', 'attempts', 'payload'],
        ...['payload_cut IS NOT NULL', 'exchanges', 'replayed_at'],
      ],
    },
  ],
  exchanges: [
    {
      table: 'exchanges',
      keys: ['id'],
      read: ['id', word('lane'), 'at', 'duration', 'request', 'response', 'failure'],
    },
  ],
  memory: [
    { table: 'memory', keys: ['id'], read: ['id', word('lane'), 'space', word('scope'), 'key', 'value'] },
  ],
  kept: [{ table: 'kept', keys: ['lane', 'key'], read: [word('lane'), 'key', 'value'] }],
  conflicts: [
    {
      table: 'conflicts',
      keys: ['id'],
      read: [
        ...['id', word('lane'), 'seq', word('mapping'), 'order_key', 'field', 'rule'],
        ...[word('source'), word('kept_source'), 'at'],
      ],
    },
  ],
  corrections: [
    {
      table: 'corrections',
      keys: ['seq', 'lane', 'mapping'],
      read: ['seq', word('lane'), word('mapping'), 'event', 'at'],
    },
  ],
  'next-exchange': [
    {
      table: `(SELECT max(coalesce((SELECT CAST(value AS INTEGER) FROM small WHERE key = '${NEXT_EXCHANGE}'), 1),
        coalesce((SELECT max(id) FROM exchanges), 0) + 1) AS id)`,
      keys: ['id'],
      read: ['id'],
      where: 'id > 1',
    },
  ],
  'state-counters': [
    {
      table: 'sqlite_sequence',
      keys: ['name'],
      read: ['name', 'seq'],
      where: `seq > 0 AND name IN (${COUNTED.map((name) => `'${name}'`).join(', ')})`,
    },
  ],
  'state-notes': [small(`key <> '${NEXT_EXCHANGE}'`)],
  items: [{ table: 'items', keys: ['name'], read: COPIED.items }],
  changes: [{ table: 'changes', keys: ['id'], read: COPIED.changes }],
  versions: [{ table: 'versions', keys: ['name', 'version'], read: COPIED.versions }],
  sessions: [{ table: 'sessions', keys: ['name'], read: COPIED.sessions }],
  'last-change': [
    { table: 'sqlite_sequence', keys: ['seq'], read: ['seq'], where: `seq > 0 AND name = 'changes'` },
  ],
};

function small(where: string): Segment {
  return { table: 'small', keys: ['key'], read: ['key', 'value'], where };
}

/** Returns the writers of each noun, except events; `state` stores words as numbers. */
export function rowWriters(
  database: Database,
  names: Names | undefined,
  now: () => number,
): Readonly<Record<Exclude<CopyNoun, 'events'>, WriteRow>> {
  const number = (value: CopyValue | undefined): SQLInputValue =>
    value === null || value === undefined ? null : names!.id(String(value));
  /** Inserts into columns; those that begin with `#` contain words. */
  const into =
    (table: string, columns: string, change: (row: CopyRow) => CopyRow = (row) => row): WriteRow =>
    (row) => {
      const list = columns.split(' ');
      const values = change(row).map((value, index) =>
        list[index]!.startsWith('#') ? number(value) : value,
      );
      database.run(
        `INSERT INTO ${table} (${list.map((name) => name.replace('#', '')).join(', ')})
         VALUES (${list.map(() => '?').join(', ')})`,
        ...values,
      );
    };
  const setSmall =
    (key: string): WriteRow =>
    ([value]) =>
      database.run('INSERT OR REPLACE INTO small (key, value) VALUES (?, ?)', key, String(value));
  const counter: WriteRow = ([name, last]) => {
    database.run('DELETE FROM sqlite_sequence WHERE name = ?', name!);
    database.run('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', name!, last!);
  };
  return {
    'log-position': setSmall(START_AFTER),
    owners: into('owners', 'owner cursor epoch'),
    carried: into('carried', 'owner key value'),
    timers: into('timers', 'owner due key value'),
    'log-notes': into('small', 'key value'),
    lanes: into(
      'lanes',
      '#lane cursor removed_at delivered skipped rejected waiting dead epoch',
      ([lane, cursor, removed, ...rest]) => [lane!, cursor!, removed === 1 ? now() : null, ...rest],
    ),
    outcomes: outcomeWriter(into, database, number),
    gaps: into('gaps', '#lane first_seq last_seq #code at'),
    waiting: into(
      'retries',
      'seq #lane #mapping position order_key attempts due_at first_failed_at #code message exchange',
    ),
    heads: into('heads', '#lane order_key due_at'),
    'dead-letters': into(
      'dead_letters',
      'id #lane seq #mapping version position message_id #source order_key at #code message field attempts payload payload_cut exchanges replayed_at',
      (row) => row.with(15, row[15] === 1 ? 1 : null),
    ),
    // Its dead letters are counted at the end.
    exchanges: into('exchanges', 'id #lane at duration request response failure kept', (row) => [...row, 0]),
    memory: into('memory', 'id #lane space #scope key value'),
    kept: into('kept', '#lane key value'),
    conflicts: into('conflicts', 'id #lane seq #mapping order_key field rule #source #kept_source at'),
    corrections: into('corrections', 'seq #lane #mapping event at'),
    'next-exchange': setSmall(NEXT_EXCHANGE),
    'state-counters': counter,
    'state-notes': into('small', 'key value'),
    items: into('items', COPIED.items.join(' ')),
    changes: into('changes', COPIED.changes.join(' ')),
    versions: into('versions', COPIED.versions.join(' ')),
    sessions: into('sessions', COPIED.sessions.join(' ')),
    'last-change': ([id]) => counter(['changes', id!]),
  };
}

/** A row for one position, or a run of them. */
function outcomeWriter(
  into: (table: string, columns: string) => WriteRow,
  database: Database,
  number: (value: CopyValue | undefined) => SQLInputValue,
): WriteRow {
  const single = into(
    'outcomes',
    '#lane #mapping seq status attempts at #code message field exchange version',
  );
  const run = into('delivered_runs', '#lane #mapping first_seq last_seq attempts at exchange version');
  return ([lane, mapping, first, last, status, attempts, at, code, message, field, exchange, version]) => {
    if (first === last) {
      const index = STATUSES.findIndex((name) => name === status);
      single([
        ...[lane!, mapping!, first!, index, attempts!, at!],
        ...[code!, message!, field!, exchange!, version!],
      ]);
      return;
    }
    database.run(
      'INSERT OR IGNORE INTO run_kinds (lane, mapping) VALUES (?, ?)',
      number(lane),
      number(mapping),
    );
    run([lane!, mapping!, first!, last!, attempts!, at!, exchange!, version!]);
  };
}
