/** What has been opened so far, so that all of it is closed, also when a later part cannot be opened. */
export interface Opened {
  add(close: () => unknown): void;
  /** Closes everything, the newest first; each time it is called, it is the same closing. */
  close(): Promise<void>;
}

/** Nothing yet. */
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
