import { expect, it } from 'vitest';
import { checkVisibility } from './visibility.ts';

it('no reader of a partition skips a position that four processes append, in any order of their commits', async () => {
  const { events, passedOver, outOfOrder, heldBack } = await checkVisibility({
    events: 8_000,
    writers: 4,
    partitions: 2,
    delay: 40,
  });
  expect([events, passedOver, outOfOrder]).toEqual([8_000, [[], []], 0]);
  // Otherwise there was nothing to skip.
  expect(heldBack).toBeGreaterThan(0);
}, 120_000);
