import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTarget, pause, type Target } from './attacker.ts';
import { full, scale } from './scale.ts';

/*
 * Memory under a steady load: 10,000 events a second for 14 minutes in full, what a shared machine takes for some seconds
 * otherwise. Memory may rise until caches are full; after a third of the time it must stay level.
 */
const SECONDS = scale(9, 14 * 60);
const BATCH = 200;
const BATCHES_A_SECOND = scale(10, 50);

describe('a steady load', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openTarget();
  });
  afterAll(() => target.close());

  it(
    'keeps memory constant',
    async () => {
      let n = 0;
      const event = (): object => ({
        type: 'track',
        messageId: `soak-${(n += 1)}`,
        userId: `u${n % 5_000}`,
        event: 'Product Viewed',
        properties: { product_id: `P-${n % 900}`, price: 19.9, name: 'Plain white shirt', quantity: 1 },
      });
      const memory: number[] = [];
      for (let second = 0; second < SECONDS; second += 1) {
        const due = Date.now() + 1_000;
        for (let sent = 0; sent < BATCHES_A_SECOND; sent += 5) {
          const replies = await Promise.all(
            Array.from({ length: 5 }, () =>
              target.post('batch', JSON.stringify({ batch: Array.from({ length: BATCH }, event) })),
            ),
          );
          expect(replies.map((one) => one.status)).toEqual([200, 200, 200, 200, 200]);
        }
        memory.push(target.memory());
        await pause(Math.max(0, due - Date.now()));
      }
      const third = Math.floor(memory.length / 3);
      const most = (part: readonly number[]): number => Math.max(...part) / 2 ** 20;
      const [early, late] = [most(memory.slice(third, 2 * third)), most(memory.slice(2 * third))];
      if (full) console.log(`${n} events; at most ${early} MB in the middle third, ${late} MB in the last`);
      expect(late - early).toBeLessThan(scale(100, 40));
    },
    (SECONDS + 120) * 1_000 * 2,
  );
});
