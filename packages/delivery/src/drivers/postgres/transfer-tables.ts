import { COPIED, type CopyNoun } from '../../stores/transfer.ts';

/** A column: its name, the type of its values on the way in, and an expression for reading or writing, if needed. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly read?: string;
  readonly write?: string;
}

/** The table of a noun: ordered by the unique `keys`. */
export interface Place {
  readonly table: string;
  readonly keys: readonly Column[];
  /** For each column of the noun, in their order. */
  readonly columns: readonly Column[];
  /** Columns with fixed values for every written row. */
  readonly always?: Readonly<Record<string, string>>;
  readonly where?: string;
}

/** Nouns that are not stored as rows of a table. */
export type Single = 'events' | 'log-position' | 'next-exchange' | 'state-counters' | 'last-change';

/** Parses `name:type` of each column, separated by spaces. */
function columnsOf(text: string): readonly Column[] {
  return text.split(' ').map((one) => {
    const [name = '', type = 'text'] = one.split(':');
    return { name, type };
  });
}

function place(table: string, keys: string, columns: string, more: Partial<Place> = {}): Place {
  return { table, keys: columnsOf(keys), columns: columnsOf(columns), ...more };
}

/** Replaces columns by their names. */
function withColumns(one: Place, ...others: readonly Column[]): Place {
  return {
    ...one,
    columns: one.columns.map((column) => others.find(({ name }) => name === column.name) ?? column),
  };
}

const PARTITION = { partition: '0' };

/** The tables of the nouns that have one. */
export const PLACES: Readonly<Record<Exclude<CopyNoun, Single>, Place>> = {
  owners: place('owners', 'owner', 'owner cursor epoch:bigint'),
  carried: place('carried', 'owner key', 'owner key value:bytea'),
  timers: place('timers', 'owner due:bigint key', 'owner due:bigint key value:bytea'),
  'log-notes': place('log_notes', 'key', 'key value'),
  lanes: withColumns(
    place(
      'lanes',
      'destination partition:smallint',
      'destination cursor:bigint removed:int delivered:bigint skipped:bigint rejected:bigint waiting:bigint dead:bigint epoch:bigint',
      {
        always: {
          ...PARTITION,
          settled: 'cursor IS NOT NULL OR removed = 1 OR delivered + skipped + rejected + waiting + dead > 0',
        },
      },
    ),
    { name: 'removed', type: 'int', read: 'removed::int', write: 'removed::bool' },
  ),
  outcomes: place(
    'outcomes',
    'destination mapping_id first:bigint',
    'destination mapping_id first:bigint last:bigint status attempts:int at:bigint code message field exchange_id:bigint mapping_version:int',
  ),
  gaps: place(
    'gaps',
    'destination partition:smallint first:bigint',
    'destination first:bigint last:bigint code at:bigint',
    { always: PARTITION },
  ),
  waiting: place(
    'retries',
    'seq:bigint destination mapping_id',
    'seq:bigint destination mapping_id position:int user_key attempts:int due_at:bigint first_failed_at:bigint code message exchange_id:bigint',
    { always: PARTITION },
  ),
  heads: place('heads', 'destination partition:smallint user_key', 'destination user_key due_at:bigint', {
    always: PARTITION,
  }),
  'dead-letters': withColumns(
    place(
      'dead_letters',
      'id:bigint',
      'id:bigint destination seq:bigint mapping_id mapping_version:int position:int message_id source_id user_key at:bigint code message field attempts:int payload payload_cut:int exchange_ids replayed_at:bigint',
      { always: PARTITION },
    ),
    { name: 'payload_cut', type: 'int', read: 'payload_cut::int', write: 'payload_cut::bool' },
    {
      name: 'exchange_ids',
      type: 'text',
      read: 'to_json(exchange_ids)::text',
      write: "translate(exchange_ids, '[]', '{}')::bigint[]",
    },
  ),
  exchanges: place(
    'exchanges',
    'id:bigint',
    'id:bigint destination at:bigint duration_ms:float8 request response failure',
  ),
  memory: place('memory', 'id:bigint', 'id:bigint destination space scope key value'),
  kept: place('kept', 'destination key', 'destination key value'),
  conflicts: place(
    'conflicts',
    'id:bigint',
    'id:bigint destination seq:bigint mapping_id user_key field rule source_id kept_source_id at:bigint',
  ),
  corrections: place(
    'corrections',
    'seq:bigint destination mapping_id',
    'seq:bigint destination mapping_id event at:bigint',
  ),
  'state-notes': place('state_notes', 'key', 'key value'),
  items: place('items', 'name', 'name version:int content'),
  changes: place('changes', 'id:bigint', 'id:bigint at:bigint author origin note writes'),
  versions: place(
    'versions',
    'name version:int',
    'name version:int change:bigint at:bigint author origin note characters:int record',
  ),
  sessions: place('sessions', 'name', COPIED.sessions.join(' ')),
};

/** Tables with numbered rows. */
export const NUMBERED = ['dead_letters', 'memory', 'conflicts'] as const;
