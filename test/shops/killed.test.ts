import { expect, it } from 'vitest';
import { liveDay } from '../crash/shop-day.ts';
import { EVERYBODY } from './by-hand.ts';
import { heldAs, reachable, TOLD } from './told.ts';

it('the day has the same result while webhooks are lost, duplicated and reordered and the server is killed', async () => {
  const told = TOLD.bigcommerce;
  const day = await liveDay({ platform: 'bigcommerce', ways: 'mixed', kills: 3, seed: 5 });
  expect([day.kills, day.lost > 0, day.setAside]).toEqual([3, true, 0]);
  expect(day.held.map((one) => reachable(told, one, 'both'))).toEqual(
    EVERYBODY.map((one) => heldAs(told, one, 'both')),
  );
}, 120_000);
