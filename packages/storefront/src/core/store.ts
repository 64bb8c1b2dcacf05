/** Small values that survive the page. */
export interface Store {
  get(name: string): string | undefined;
  set(name: string, value: string | undefined): void;
  /** Sets whether values may be stored in the browser; otherwise they only last as long as the page. */
  keep(allowed: boolean): void;
}

const PREFIX = 'waybill.';

/** Creates a store in a browser. If the browser stores nothing, values end with the page. */
export function createStore(): Store {
  const memory = new Map<string, string>();
  let kept = false;
  const storage = (act: (storage: Storage) => string | null | void): string | undefined => {
    try {
      return act(localStorage) ?? undefined;
    } catch {
      // Forbidden, or full.
      return undefined;
    }
  };
  const write = (name: string, value: string | undefined): void => {
    storage((one) =>
      value === undefined ? one.removeItem(PREFIX + name) : one.setItem(PREFIX + name, value),
    );
  };
  return {
    get: (name) => (kept ? storage((one) => one.getItem(PREFIX + name)) : undefined) ?? memory.get(name),
    set(name, value) {
      if (value === undefined) memory.delete(name);
      else memory.set(name, value);
      if (kept) write(name, value);
    },
    keep(allowed) {
      if (allowed && !kept) {
        for (const [name, value] of memory)
          if (storage((one) => one.getItem(PREFIX + name)) === undefined) write(name, value);
      }
      if (!allowed) {
        memory.clear();
        storage((one) => {
          for (const name of Object.keys(one)) if (name.startsWith(PREFIX)) one.removeItem(name);
        });
      }
      kept = allowed;
    },
  };
}
