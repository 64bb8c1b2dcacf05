/**
 * What an instance of a destination keeps beyond its process: renewed tokens, learned types. It survives restarts and
 * edits; an edit of credentials or an address starts with empty state.
 */
export interface InstanceState {
  get(key: string): string | undefined;
  /** All stored values. */
  all(): Readonly<Record<string, string>>;
  /** Stores strings, all or none, durable when it returns; undefined removes one. False when they exceed the limit. */
  set(entries: Readonly<Record<string, string | undefined>>): boolean;
  /**
   * Runs work exclusively for this state, across lanes and processes. It sees what others stored before it, and its own
   * values are durable when this resolves. For what must be done only once, such as using a refresh token.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/** State that ends with the process, for callers without a store. */
export function volatileState(): InstanceState {
  const held = new Map<string, string>();
  return {
    inTurn: oneByOne(),
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

/** Runs work one after the other, in the order of the calls. */
export function oneByOne(): InstanceState['inTurn'] {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = before.then(work);
    before = mine.catch(() => undefined);
    return mine;
  };
}
