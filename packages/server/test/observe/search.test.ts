import { expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import { openStores } from '@waybill/delivery';
import { searchEvents } from '../../src/observe/search.ts';
import { createTurns } from '../../src/observe/turns.ts';

const AT = '2026-01-15T12:00:00.000Z';

function event(messageId: string): Event {
  return { type: 'track', event: 'Done', messageId, timestamp: AT, receivedAt: AT };
}

it('a search ends at its limit, and continues where it ended', async () => {
  const stores = await openStores('sqlite:', { writes: ['log', 'state'] });
  await stores.log.append(
    Array.from({ length: 3_000 }, (_, n) => ({ sourceId: 's', event: event(`m${n}`) })),
  );
  const where = ({ messageId }: Readonly<Record<string, unknown>>): boolean => messageId === 'm0';
  const limits = { events: 1_000, milliseconds: 60_000, bytes: 1_000_000 };
  const seen: number[] = [];
  const found: string[] = [];
  let before: number | undefined = Number.MAX_SAFE_INTEGER;
  while (before !== undefined) {
    const search = { where, limit: 10, before };
    const { events, next, scanned, complete } = await searchEvents(stores, search, limits);
    found.push(...events.map((one) => one.event.messageId));
    seen.push(scanned);
    expect(complete).toBe(next === undefined);
    before = next;
  }
  expect([found, seen]).toEqual([['m0'], [1_000, 1_000, 1_000, 0]]);
  const { events, complete } = await searchEvents(stores, { limit: 1_000 }, { ...limits, bytes: 2_000 });
  expect([complete, events.length < 50, events[0]?.event.messageId]).toEqual([false, true, 'm2999']);
  await stores.close();
});

it('searches run one after the other, and only a few wait', async () => {
  const turns = createTurns(2);
  const order: string[] = [];
  const slow = turns.take(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push('slow');
  });
  const failing = turns.take(async () => {
    order.push('failing');
    throw new Error('no');
  });
  expect(turns.take(async () => undefined)).toBeUndefined();
  await slow;
  await expect(failing).rejects.toThrow('no');
  await turns.take(async () => void order.push('after'));
  expect(order).toEqual(['slow', 'failing', 'after']);
});
