import { describe, expect, it } from 'vitest';
import { createShopSandbox, STORY, type ShopPlatform } from '@waybill/shop-sandboxes';
import { plain } from './plain.ts';

const START = Date.UTC(2026, 2, 2, 8);

async function played(platform: ShopPlatform = plain) {
  const sandbox = await createShopSandbox({ platform, start: START, seed: 7 });
  const changes: string[] = [];
  sandbox.model.onChange(({ kind, what }) => changes.push(`${kind} ${what}`));
  await sandbox.play('all');
  await sandbox.close();
  return { model: sandbox.model, day: sandbox.day, changes };
}

describe('the day', () => {
  it('runs to its end, the same each time', async () => {
    const [one, two] = [await played(), await played()];
    expect(one.model.tables.order.all()).toEqual(two.model.tables.order.all());
    expect(one.changes).toEqual(two.changes);
    expect(one.day.rest).toEqual([]);
    expect(one.model.clock.now() - START).toBeGreaterThan(30 * 86_400_000);
  });

  it('reaches the amounts that were worked out by hand', async () => {
    const { model, day } = await played();
    const ada = model.tables.order.get(day.cast.adasOrder!);
    // 3 mugs of 12.61 and a shirt of 16.76, 10 % off each line; 19 % on each line and on 4.12 of shipping.
    expect(ada).toMatchObject({ subtotal: 4913, discount: 546, shipping: 412, tax: 1012, total: 6337 });
    // A third of 34.05 and of its tax 6.47, then another third of both, and the shipping with its tax of 0.78.
    expect(ada.refunds.map(({ amount, tax }) => [amount, tax])).toEqual([
      [1350, 215],
      [1841, 294],
    ]);
    expect(ada).toMatchObject({ customerId: day.cast.ada, status: 'placed', optIn: true });
    const chiyo = model.tables.order.get(day.cast.chiyosOrder!);
    // In yen there are no cents: 3,000 + 3 x 1,600, 800 of shipping, 10 % tax.
    expect(chiyo).toMatchObject({ currency: 'JPY', subtotal: 7800, tax: 860, total: 9460 });
  });

  it('replaces an edited order where the platform does', async () => {
    const { model, day } = await played({ ...plain, traits: { edits: 'replace', silent: [] } });
    const after = model.tables.order.get(day.cast.adasOrder!);
    const before = model.tables.order.get(after.replacesId!);
    expect(before).toMatchObject({ status: 'cancelled', replacedById: after.id });
    expect(after).toMatchObject({ status: 'placed', number: `${before.number}-1`, total: 6337 });
  });

  it('has uniquely named steps', () => {
    expect(new Set(STORY.map(({ name }) => name)).size).toBe(STORY.length);
  });
});

it('data that a platform lacks is hidden, even when it is reported', async () => {
  const sandbox = await createShopSandbox({ platform: plain, start: START });
  await sandbox.play('order-shipped');
  const { model, day } = sandbox;
  const order = model.tables.order.get(day.cast.adasOrder!);
  const tracked = model.fulfilment.track(order.id, order.shipments[1]!.id, '1');
  expect(tracked.updatedAt).toBe(order.updatedAt);
  expect(tracked.version).toBe(order.version + 1);
  expect(model.fulfilment.deliver(order.id, order.shipments[1]!.id).updatedAt).toBeGreaterThan(
    order.updatedAt,
  );
  await sandbox.close();
});
