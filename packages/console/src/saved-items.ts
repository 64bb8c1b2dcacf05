/** The storage of a browser. */
export type Kept = Pick<Storage, 'getItem' | 'setItem'>;

/** Named items saved in this browser. */
export interface SavedItems<T> {
  /** Returns all, last saved first. */
  all(storage: Pick<Kept, 'getItem'>): readonly T[];
  /** Saves an item, replacing one of the same name. Throws when storage is full. */
  keep(storage: Kept, one: T): void;
  forget(storage: Kept, name: string): void;
}

/** The maximum number of items. */
const MOST = 50;

/** Returns the items under a storage key; skips invalid ones. */
export function savedItems<T extends { readonly name: string }>(
  key: string,
  isOne: (one: Partial<T>) => boolean,
): SavedItems<T> {
  const all = (storage: Pick<Kept, 'getItem'>): readonly T[] => {
    try {
      const list = JSON.parse(storage.getItem(key) ?? '[]') as readonly Partial<T>[];
      return list.filter((one): one is T => typeof one.name === 'string' && isOne(one));
    } catch {
      return [];
    }
  };
  return {
    all,
    keep(storage, one) {
      const others = all(storage).filter(({ name }) => name !== one.name);
      storage.setItem(key, JSON.stringify([one, ...others].slice(0, MOST)));
    },
    forget(storage, name) {
      storage.setItem(key, JSON.stringify(all(storage).filter((one) => one.name !== name)));
    },
  };
}
