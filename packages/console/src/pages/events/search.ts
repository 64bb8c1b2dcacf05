import type { QueryOf } from '@waybill/api';

/** The search in the URL of the page: filters, and how they are shown. */
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
  /** Paths of custom columns, separated by commas. */
  readonly columns?: string;
  /** Whether new events are followed live. */
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

/** Parses the search of a URL; drops invalid parts. */
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

/** Returns the query for the API. */
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
  // The API refuses unknown values with its own messages.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Query;
}

/** Returns the custom columns. */
export function columnsOf(columns = ''): readonly string[] {
  return [...new Set(columns.split(',').map((one) => one.trim()))].filter((one) => one !== '');
}

/** Whether a search has any filter. */
export function isNarrow(search: EventsSearch): boolean {
  return Object.keys(queryOf(search)).length > 0;
}
