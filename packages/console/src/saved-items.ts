/** Where things are kept: the storage of a browser. */
export type Kept = Pick<Storage, 'getItem' | 'setItem'>;

/** Things that a person has kept in this browser, each under a name. */
export interface SavedItems<T> {
  /** All of them, the last one kept first. */
  all(storage: Pick<Kept, 'getItem'>): readonly T[];
  /** Keeps one; one of the same name gives way. Throws where the browser has no room for it. */
  keep(storage: Kept, one: T): void;
  forget(storage: Kept, name: string): void;
}

/** Things that are kept at one time. */
const MOST = 50;

/** Items under a key of the storage; what is there and is no such thing is skipped. */
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
