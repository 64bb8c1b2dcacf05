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
  /**
   * Does work while nobody else does any with this state, in whatever process or lane. What others have kept is there when it
   * begins, and what it keeps is durable when this resolves. For what may be done only once, such as using up a refresh token.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/** State that ends with the process, for callers that store none. */
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

/** Does work in the order in which it was asked for, one after the other. */
export function oneByOne(): InstanceState['inTurn'] {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = before.then(work);
    before = mine.catch(() => undefined);
    return mine;
  };
}
