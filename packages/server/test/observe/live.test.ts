import { afterEach, expect, it, vi } from 'vitest';
import type { Topic } from '@waybill/api';
import type { LoggedEvent } from '@waybill/delivery';
import { createLive, type Live, type LiveMessage, LIVE_LIMITS } from '../../src/observe/live.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A log of a given length that records reads. */
function watched(): {
  readonly live: Live;
  readonly log: { last: number; reads: number };
  readonly time: { now: number };
  readonly told: LiveMessage[];
  follow(topics: readonly Topic[], tell?: (message: LiveMessage) => boolean): () => void;
  pass(milliseconds: number): Promise<void>;
} {
  vi.useFakeTimers();
  const log = { last: 0, reads: 0 };
  const time = { now: 0 };
  const told: LiveMessage[] = [];
  const event = (seq: number): LoggedEvent => ({
    seq,
    sourceId: 's',
    event: { type: 'track', event: 'E', messageId: `m${seq}`, timestamp: '', receivedAt: '' },
  });
  const live = createLive({
    log: {
      lastSeq: async () => log.last,
      read: async (query) => {
        const { after, limit } = query as { after: number; limit: number };
        const seqs = Array.from({ length: limit }, (_, n) => after + 1 + n).filter((seq) => seq <= log.last);
        log.reads += seqs.length;
        return seqs.map(event);
      },
    },
    state: { stats: async () => [] },
    refusals: { added: 0, list: () => [] },
    now: () => time.now,
    onError: (error) => {
      throw error;
    },
  });
  return {
    live,
    log,
    time,
    told,
    follow(topics, tell = (message) => told.push(message) > 0) {
      return live.follow({ topics: new Set(topics), after: log.last, tell })!;
    },
    async pass(milliseconds) {
      for (let left = milliseconds; left > 0; left -= 10) {
        time.now += 10;
        await vi.advanceTimersByTimeAsync(10);
      }
    },
  };
}

const skippedIn = (told: readonly LiveMessage[]): number =>
  told.reduce((sum, { data }) => sum + ((data as { skipped?: number }).skipped ?? 0), 0);

it('reads nothing without followers', async () => {
  const { live, log, pass } = watched();
  log.last = 1_000;
  live.stored();
  await pass(1_000);
  expect(log.reads).toBe(0);
});

it('reports at most 50 rows within a second, reads few events, and accounts for all', async () => {
  const { live, log, told, follow, pass } = watched();
  const leave = follow(['events']);
  for (let n = 0; n < 100; n += 1) {
    log.last += 280;
    live.stored();
    await pass(10);
  }
  const rows = told.filter(({ kind }) => kind === 'events').length;
  expect(rows).toBeGreaterThan(20);
  expect(rows).toBeLessThanOrEqual(2 * LIVE_LIMITS.rows);
  expect(log.reads).toBeLessThanOrEqual(2 * LIVE_LIMITS.looks + 10);
  // A page renders all rows again for each part of a flood.
  expect(told.filter(({ kind }) => kind === 'skipped').length).toBeLessThanOrEqual(2);
  await pass(2_000);
  expect(told.filter(({ kind }) => kind === 'events').length + skippedIn(told)).toBe(28_000);
  expect(told.at(-1)?.id).toBe(28_000);
  leave();
  live.stop();
});

it('drops rows that a slow reader does not take', async () => {
  const { live, log, follow, pass } = watched();
  const told: LiveMessage[] = [];
  follow(['events'], (message) => message.kind === 'skipped' && told.push(message) > 0);
  log.last = 5;
  live.stored();
  await pass(1_200);
  expect(skippedIn(told)).toBe(5);
  live.stop();
});

it('sums up outcomes that cannot be reported yet, and loses none', async () => {
  const { live, told, follow, pass } = watched();
  follow(['outcomes']);
  const outcomes = [{ mappingId: 'm', status: 'delivered', code: '', count: 2 }] as const;
  for (let n = 0; n < 500; n += 1) {
    live.step({ destination: `d${n % 5}`, events: 2, outcomes, calls: [], durationMs: 1, delays: [] });
    await pass(10);
  }
  await pass(3_000);
  const counts = told.flatMap(({ data }) => (data as { outcomes: readonly { count: number }[] }).outcomes);
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
  expect(told.length).toBeLessThan(300);
  live.stop();
});

it('reports each of the first events at once, and polls less often under load', async () => {
  const { live, log, told, follow, time } = watched();
  follow(['events']);
  await vi.advanceTimersByTimeAsync(0);
  const atOnce = async (): Promise<boolean> => {
    const before = told.length;
    log.last += 1;
    live.stored();
    await vi.advanceTimersByTimeAsync(0);
    return told.length > before;
  };
  time.now = 10_000;
  expect([await atOnce(), await atOnce(), await atOnce()]).toEqual([true, true, true]);
  const more: boolean[] = [];
  for (let n = 0; n < 20; n += 1) more.push(await atOnce());
  expect(more).toContain(false);
  // A clock that was set back must not delay.
  time.now = 0;
  await vi.advanceTimersByTimeAsync(LIVE_LIMITS.flooded);
  expect(told.at(-1)?.id).toBe(log.last);
  live.stop();
});
