import { expect, it } from 'vitest';
import { checkVisibility } from './visibility.ts';

it('no reader of a partition passes over a position that four processes append, whatever order their commits end in', async () => {
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
