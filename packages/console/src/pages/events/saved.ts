import { savedItems } from '../../saved-items.ts';
import type { EventsSearch } from './search.ts';

/** A search that a person has kept under a name. */
export interface SavedSearch {
  readonly name: string;
  readonly search: EventsSearch;
}

/** The searches that are kept in this browser. */
export const savedSearches = savedItems<SavedSearch>(
  'waybill.searches',
  ({ search }) => typeof search === 'object',
);
