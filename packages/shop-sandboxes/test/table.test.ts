import { expect, it } from 'vitest';
import { createShopSandbox } from '@waybill/shop-sandboxes';
import { plain } from './plain.ts';

it('rows are read in the order of time and id, from one time to another', async () => {
  const sandbox = await createShopSandbox({ platform: plain, start: 0 });
  await sandbox.play('buys-in-yen');
  await sandbox.close();
  const { order } = sandbox.model.tables;
  const rows = order.sorted('updatedAt');
  expect(rows).toHaveLength(3);
  expect(rows.map(({ updatedAt }) => updatedAt)).toEqual(
    rows.map((one) => one.updatedAt).sort((a, b) => a - b),
  );
  expect(order.between('updatedAt')).toEqual(rows);
  const [first, second, third] = rows.map(({ updatedAt }) => updatedAt);
  expect(order.between('updatedAt', second)).toEqual(rows.slice(1));
  expect(order.between('updatedAt', first! + 1, third! - 1)).toEqual(rows.slice(1, 2));
  sandbox.model.orders.comment(rows[0]!.id, 'Late');
  expect(order.sorted('updatedAt').at(-1)!.id).toBe(rows[0]!.id);
});

it('historical orders are placed before the shop is opened', async () => {
  const sandbox = await createShopSandbox({ platform: plain, backlog: 25, now: () => 1_000_000 });
  await sandbox.close();
  const { order, customer } = sandbox.model.tables;
  expect([order.size, customer.size]).toEqual([25, 3]);
  expect(order.sorted('createdAt').at(-1)!.createdAt).toBe(1_000_000);
  expect(order.between('createdAt', -Infinity, 1_000_000 - 20_000)).toHaveLength(5);
  const all = order.all();
  expect(all.map(({ id }) => order.get(id))).toEqual(all);
  expect(all.map(({ uuid }) => order.get(uuid))).toEqual(all);
  expect(all.map(({ customerId }) => customer.get(customerId!).email)).toEqual(all.map(({ email }) => email));
  expect(new Set(all.map(({ number }) => number)).size).toBe(25);
  expect(new Set(all.map(({ total }) => total)).size).toBe(3);
});

it('historical orders come before those of today, and do not change', async () => {
  const sandbox = await createShopSandbox({ platform: plain, backlog: 25, start: 0 });
  await sandbox.play('buys-in-yen');
  await sandbox.close();
  const { order } = sandbox.model.tables;
  const times = order.all().map(({ createdAt }) => createdAt);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(times).toHaveLength(28);
  const rows = order.between('createdAt', times[20], times[26]);
  expect(rows).toHaveLength(7);
  expect(rows.slice(3, 6).map(({ createdAt }) => createdAt)).toEqual(times.slice(23, 26));
  expect(() => order.put(order.all()[3]!)).toThrow('is of the past');
});
