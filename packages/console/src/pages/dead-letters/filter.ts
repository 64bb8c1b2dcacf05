import type { DeadLetter, DeadLetterGroups, QueryOf } from '@waybill/api';

/** The filter of dead letters of a page, for the API. */
export type Filter = Pick<
  QueryOf<'GET /api/dead-letters'>,
  'destination' | 'mappingId' | 'code' | 'field' | 'sourceId' | 'user' | 'from' | 'to' | 'replayedAt'
>;

/** A group of dead letters. */
export type Group = DeadLetterGroups['groups'][number];

const TEXTS = ['destination', 'mappingId', 'code', 'field', 'sourceId', 'user'] as const;
const TIMES = ['from', 'to'] as const;

/** Returns the filter in the URL of the page. */
export function filterOfSearch(search: Readonly<Record<string, unknown>>): Filter {
  const given = (name: string): boolean => search[name] !== undefined;
  return Object.fromEntries([
    ...TEXTS.filter(given).map((name) => [name, String(search[name])]),
    ...TIMES.filter(given).map((name) => [name, Number(search[name])]),
  ]) as Filter;
}

/** Returns the filter for exactly one group. */
export function filterOfGroup({ destination, mappingId, code, field = '' }: Group | DeadLetter): Filter {
  return { destination, mappingId, code, field };
}

/** Whether a filter matches a single group, whose items can be listed. */
export function isOneGroup({ destination, code, field }: Filter): boolean {
  return destination !== undefined && code !== undefined && field !== undefined;
}

/** Returns the name of a group, or of the group of a dead letter. */
export function nameOf({ destination, mappingId, code, field = '' }: Group | DeadLetter): string {
  return [destination, mappingId, code, field].filter(Boolean).join(' · ');
}
