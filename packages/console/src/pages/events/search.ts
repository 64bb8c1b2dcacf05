import type { QueryOf } from '@waybill/api';

/** What the address of the page says: what is looked for, and how it is shown. */
export interface EventsSearch {
  readonly where?: string;
  readonly source?: string;
  readonly type?: string;
  readonly event?: string;
  readonly user?: string;
  readonly destination?: string;
  readonly mapping?: string;
  readonly outcome?: string;
  readonly code?: string;
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
  /** Paths of columns of one's own, with commas between them. */
  readonly columns?: string;
  /** Whether new events are shown as they come. */
  readonly tail?: boolean;
}

type Query = QueryOf<'GET /api/events'>;

const TEXTS = [
  'where',
  'source',
  'type',
  'event',
  'user',
  'destination',
  'mapping',
  'outcome',
  'code',
  'columns',
] as const;

/** Reads the search of an address; what is none is left out. */
export function readSearch(given: Readonly<Record<string, unknown>>): EventsSearch {
  const texts = TEXTS.flatMap((name) => {
    const value = given[name];
    return (typeof value === 'string' || typeof value === 'number') && value !== ''
      ? [[name, String(value)]]
      : [];
  });
  const times = (['from', 'to'] as const).flatMap((name) => {
    const value = Number(given[name]);
    return given[name] !== undefined && Number.isFinite(value) && value > 0 ? [[name, value]] : [];
  });
  const tail = given['tail'] === true || given['tail'] === 'true' ? { tail: true } : {};
  return { ...Object.fromEntries([...texts, ...times]), ...tail } as EventsSearch;
}

/** What the API is asked for. */
export function queryOf(search: EventsSearch): Query {
  const { where, source, type, event, user, destination, mapping, outcome, code, from, to } = search;
  const members = {
    where,
    sourceId: source,
    type,
    event,
    user,
    destination,
    mappingId: mapping,
    outcome,
    code,
    from,
    to,
  };
  // Values of another kind than the API knows are refused by it, with words of its own.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Query;
}

/** The columns of one's own. */
export function columnsOf(columns = ''): readonly string[] {
  return [...new Set(columns.split(',').map((one) => one.trim()))].filter((one) => one !== '');
}

/** Whether anything is looked for. */
export function isNarrow(search: EventsSearch): boolean {
  return Object.keys(queryOf(search)).length > 0;
}
