import type { EventsSearch } from './search.ts';

/** A search that a person has kept under a name. */
export interface SavedSearch {
  readonly name: string;
  readonly search: EventsSearch;
}

/** Where searches are kept: the storage of a browser. */
interface Kept {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'waybill.searches';
const MOST = 50;

/** The searches that are kept in this browser. */
export function savedSearches(storage: Pick<Kept, 'getItem'>): readonly SavedSearch[] {
  try {
    const list = JSON.parse(storage.getItem(KEY) ?? '[]') as readonly Partial<SavedSearch>[];
    return list.filter(
      (one): one is SavedSearch => typeof one.name === 'string' && typeof one.search === 'object',
    );
  } catch {
    return [];
  }
}

/** Keeps a search; one of the same name gives way. */
export function saveSearch(storage: Kept, saved: SavedSearch): void {
  const others = savedSearches(storage).filter(({ name }) => name !== saved.name);
  storage.setItem(KEY, JSON.stringify([saved, ...others].slice(0, MOST)));
}

/** Forgets a search. */
export function forgetSearch(storage: Kept, name: string): void {
  storage.setItem(KEY, JSON.stringify(savedSearches(storage).filter((one) => one.name !== name)));
}
