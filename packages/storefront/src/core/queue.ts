import type { Store } from './store.ts';

/** A queued event. */
export interface Waiting {
  readonly messageId: string;
  readonly [member: string]: unknown;
}

/** Events that wait to be sent, in the store, so that they survive the page and an outage. */
export interface Queue {
  add(event: Waiting): void;
  /** Sends waiting events. */
  flush(): void;
}

const KEPT = 'queue';
const MOST_EVENTS = 200;
const MOST_CHARACTERS = 300_000;
const MOST_OF_EVENT = 30_000;
/** The limits of a batch: browsers send at most 64 KB after a page is left. */
const BATCH_EVENTS = 50;
const BATCH_BYTES = 56_000;
const GATHER = 1_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;

/**
 * Sends events in batches. They leave the queue only when the server has answered, so some are sent twice: the server drops
 * duplicates. When the queue is full the oldest are dropped.
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
    // Jitter, so that not all visitors retry at once.
    const grown = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++) * (0.5 + Math.random());
    later(Math.max(wait, grown));
  };
  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    const { batch, body } = batchOf(read(), key);
    if (sending.size > 0 || batch.length === 0 || !allowed()) return;
    sending = new Set(batch.map(({ messageId }) => messageId));
    // Plain text, so that browsers send no preflight.
    const request = { method: 'POST', body, keepalive: true, credentials: 'omit' } as const;
    fetch(`${address}/v1/batch`, request).then(
      ({ status, headers }) =>
        ended(batch, isLater(status) ? 1_000 * Number(headers.get('retry-after') ?? 0) : undefined),
      () => ended(batch, 0),
    );
  }
  /** The page is left: unsent events go as a beacon. They stay in the queue, because the answer is lost. */
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
