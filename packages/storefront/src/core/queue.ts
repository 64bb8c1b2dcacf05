import type { Store } from './store.ts';

/** An event on its way. */
export interface Waiting {
  readonly messageId: string;
  readonly [member: string]: unknown;
}

/** Events that wait to be sent, in the store, so that they outlive the page and an outage. */
export interface Queue {
  add(event: Waiting): void;
  /** Sends what waits. */
  flush(): void;
}

const KEPT = 'queue';
const MOST_EVENTS = 200;
const MOST_CHARACTERS = 300_000;
const MOST_OF_EVENT = 30_000;
/** Browsers let 64 KB outlive a page. */
const BATCH_EVENTS = 50;
const BATCH_BYTES = 56_000;
const GATHER = 1_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;

/**
 * Sends events in batches. They leave the queue only when the server has answered, so some are sent twice: it drops those that
 * it has. Of more than may wait the oldest are given up.
 */
export function createQueue(input: {
  readonly store: Store;
  readonly address: string;
  readonly key: string;
  readonly allowed: () => boolean;
}): Queue {
  const { store, address, key, allowed } = input;
  let sending: ReadonlySet<string> = new Set();
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = (): readonly Waiting[] => {
    try {
      const kept = JSON.parse(store.get(KEPT) ?? '[]') as unknown;
      return Array.isArray(kept) ? (kept as Waiting[]) : [];
    } catch {
      return [];
    }
  };
  const write = (events: readonly Waiting[]): void => {
    let kept = events.slice(-MOST_EVENTS);
    let text = JSON.stringify(kept);
    while (text.length > MOST_CHARACTERS) {
      kept = kept.slice(Math.ceil(kept.length / 10));
      text = JSON.stringify(kept);
    }
    store.set(KEPT, kept.length === 0 ? undefined : text);
  };
  const later = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  };
  const ended = (batch: readonly Waiting[], wait: number | undefined): void => {
    sending = new Set();
    if (wait === undefined) {
      failures = 0;
      const done = new Set(batch.map(({ messageId }) => messageId));
      write(read().filter(({ messageId }) => !done.has(messageId)));
      if (read().length > 0) later(0);
      return;
    }
    // Not all of a shop's visitors at once.
    const grown = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++) * (0.5 + Math.random());
    later(Math.max(wait, grown));
  };
  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    const { batch, body } = batchOf(read(), key);
    if (sending.size > 0 || batch.length === 0 || !allowed()) return;
    sending = new Set(batch.map(({ messageId }) => messageId));
    // Plain text: a browser asks no leave for it first.
    const request = { method: 'POST', body, keepalive: true, credentials: 'omit' } as const;
    fetch(`${address}/v1/batch`, request).then(
      ({ status, headers }) =>
        ended(batch, isLater(status) ? 1_000 * Number(headers.get('retry-after') ?? 0) : undefined),
      () => ended(batch, 0),
    );
  }
  /** The page is left: what is not on its way goes as a beacon. It stays in the queue, as nobody hears the answer. */
  const leave = (): void => {
    if (document.visibilityState !== 'hidden' || !allowed()) return;
    const { batch, body } = batchOf(
      read().filter(({ messageId }) => !sending.has(messageId)),
      key,
    );
    if (batch.length > 0)
      navigator.sendBeacon(`${address}/beacon/v1/batch?writeKey=${encodeURIComponent(key)}`, body);
  };
  addEventListener('visibilitychange', leave, true);
  addEventListener('pagehide', () => leave());
  addEventListener('online', send);

  return {
    add(event) {
      if (JSON.stringify(event).length > MOST_OF_EVENT) return;
      write([...read(), event]);
      if (timer === undefined) later(GATHER);
    },
    flush: send,
  };
}

function isLater(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function batchOf(
  events: readonly Waiting[],
  writeKey: string,
): { readonly batch: readonly Waiting[]; readonly body: string } {
  let batch = events.slice(0, BATCH_EVENTS);
  for (;;) {
    const body = JSON.stringify({ writeKey, batch, sentAt: new Date().toISOString() });
    if (batch.length <= 1 || new TextEncoder().encode(body).length <= BATCH_BYTES) return { batch, body };
    batch = batch.slice(0, Math.ceil(batch.length / 2));
  }
}
