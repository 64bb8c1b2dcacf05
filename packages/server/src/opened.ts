/** Opened resources, so that all are closed, also when a later one cannot be opened. */
export interface Opened {
  add(close: () => unknown): void;
  /** Closes everything, newest first; repeated calls return the same promise. */
  close(): Promise<void>;
}

/** Creates an empty list. */
export function createOpened(): Opened {
  const closers: (() => unknown)[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  return {
    add: (close) => void closers.push(close),
    close: () => (closing ??= closeAll()),
  };
}
