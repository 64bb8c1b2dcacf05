import { savedItems } from '../../saved-items.ts';
import type { EventsSearch } from './search.ts';

/** A saved search with a name. */
export interface SavedSearch {
  readonly name: string;
  readonly search: EventsSearch;
}

/** The saved searches in this browser. */
export const savedSearches = savedItems<SavedSearch>(
  'waybill.searches',
  ({ search }) => typeof search === 'object',
);
