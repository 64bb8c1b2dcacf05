/**
 * What an instance of a destination keeps beyond its process: renewed tokens, learned types. It outlives restarts and edits,
 * but not one of the credentials or of an address: that begins with nothing.
 */
export interface InstanceState {
  get(key: string): string | undefined;
  /** Everything that is kept. */
  all(): Readonly<Record<string, string>>;
  /** Keeps texts, all or none, durable when it returns; undefined forgets one. False when it is more than is kept. */
  set(entries: Readonly<Record<string, string | undefined>>): boolean;
}

/** State that ends with the process, for whoever keeps none. */
export function volatileState(): InstanceState {
  const held = new Map<string, string>();
  return {
    get: (key) => held.get(key),
    all: () => Object.fromEntries(held),
    set(entries) {
      for (const [key, value] of Object.entries(entries)) {
        if (value === undefined) held.delete(key);
        else held.set(key, value);
      }
      return true;
    },
  };
}
