import type { Peers } from '@waybill/delivery';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { takingTurns } from '../../src/peers/turn.ts';

/** Turns of one name, like those of a database. */
function turnsOf(): Peers {
  let held: { holder: string; epoch: number; until: number } | undefined;
  let epoch = 0;
  const turns: Peers['turns'] = {
    async acquire(key, holder, ttl) {
      if (held !== undefined && held.holder !== holder && held.until > Date.now()) return undefined;
      held = { holder, epoch: (epoch += 1), until: Date.now() + ttl };
      return { key, epoch };
    },
    async renew(lease, ttl) {
      if (held?.epoch !== lease.epoch) return false;
      held.until = Date.now() + ttl;
      return true;
    },
    async release(lease) {
      if (held?.epoch === lease.epoch) held = undefined;
    },
  };
  return { turns } as Peers;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('keeps a turn for as long as its work takes, and then releases it; the turn of endless work expires', async () => {
  const peers = turnsOf();
  const order: string[] = [];
  const hook = Promise.withResolvers<void>();
  const long = takingTurns(peers, 'hooks', 'one')(() => hook.promise);
  await vi.advanceTimersByTimeAsync(60_000);
  const next = takingTurns(peers, 'hooks', 'two')(async () => void order.push('two'));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(order).toEqual([]);
  order.push('one');
  hook.resolve();
  await long;
  await vi.advanceTimersByTimeAsync(100);
  await next;
  expect(order).toEqual(['one', 'two']);

  void takingTurns(peers, 'hooks', 'one')(() => new Promise(() => undefined));
  await vi.advanceTimersByTimeAsync(6 * 60_000);
  await takingTurns(peers, 'hooks', 'two')(async () => void order.push('goes on'));
  expect(order.at(-1)).toBe('goes on');
});
