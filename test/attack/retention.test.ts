import { afterEach, describe, expect, it } from '@jest/globals';
import { arrived, track, until } from '../faults/support.ts';
import { demoWorkspace, type House, openHouse } from '../e2e/house.ts';
import { scale } from './scale.ts';

let house: House;
afterEach(() => house.close());

async function send(prefix: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += 100) {
    const batch = Array.from({ length: Math.min(100, count - from) }, (_, n) =>
      track(`${prefix}${from + n}`, `u${n % 10}`),
    );
    expect((await house.track('batch', { batch })).status).toBe(200);
  }
}

describe('a destination that is deleted and added again under the same id', () => {
  it('gets neither the backlog of before nor what came in between', async () => {
    house = await openHouse();
    const [config] = demoWorkspace(house.sandbox.url).destinations;
    await house.track('track', track('first', 'u1'));
    await house.server.idle();
    await house.admin('destinations/iterable', { method: 'PATCH', body: { enabled: false } });
    await send('backlog', 100);
    expect((await house.admin('destinations/iterable', { method: 'DELETE' })).status).toBe(204);
    await until(async () => (await house.admin('stats')).body.lanes.length === 0);
    const metrics = async (): Promise<string> => (await fetch(`${house.server.url}/metrics`)).text();
    expect(await metrics()).not.toMatch(/waybill_lane_\w+\{destination="iterable"/);
    await send('gap', scale(300, 1_000));
    expect((await house.admin('destinations', { method: 'POST', body: config })).status).toBe(201);
    await house.track('track', track('after', 'u1'));
    await house.server.idle();
    expect([...(await arrived(house)).keys()].sort()).toEqual(['after', 'first']);
    expect(await metrics()).toMatch(/waybill_lane_lag_events\{destination="iterable"\} 0/);
    // The same after a restart: nothing of the removed one has been kept back.
    await house.restart();
    await house.server.idle();
    expect((await arrived(house)).size).toBe(2);
  }, 60_000);
});
