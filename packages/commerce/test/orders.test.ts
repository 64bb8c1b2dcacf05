import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changesOf } from '@waybill/commerce';
import type { OrderState, ShopState, SourceEvent } from '@waybill/core';
import { contextOf } from './support.ts';

type Order = { readonly kind: 'order' } & OrderState;

/** What is reported once per order, in any sequence. */
const FACTS = new Set([
  'Order Completed',
  'Order Cancelled',
  'Order Refunded',
  'Order Shipped',
  'Order Delivered',
]);

const day = (number: number): string => new Date(Date.UTC(2026, 1, number)).toISOString();

/** A lifecycle of an order: each step is a change by the shop. */
const steps = fc.array(fc.constantFrom('pay', 'edit', 'refund', 'ship', 'deliver', 'cancel', 'silent'), {
  maxLength: 12,
});

function lived(life: readonly string[]): readonly Order[] {
  let order: Order = {
    kind: 'order',
    id: '1',
    status: 'open',
    currency: 'EUR',
    total: 10_000,
    updatedAt: day(1),
  };
  const versions = [order];
  for (const [index, step] of life.entries()) {
    const at = day(index + 2);
    const { refunds = [], shipments = [] } = order;
    const next: Partial<Order> =
      step === 'pay' && order.status === 'open'
        ? { status: 'placed', placedAt: at }
        : step === 'edit'
          ? { total: order.total + 100 }
          : step === 'refund' && order.placedAt !== undefined
            ? { refunds: [...refunds, { id: `r${refunds.length}`, at, amount: 10 }] }
            : step === 'ship' && order.placedAt !== undefined
              ? { shipments: [...shipments, { id: `s${shipments.length}`, at }] }
              : step === 'deliver'
                ? { shipments: shipments.map((one) => ({ deliveredAt: at, ...one })) }
                : step === 'cancel'
                  ? { status: 'cancelled', cancelledAt: order.cancelledAt ?? at }
                  : {};
    order = { ...order, ...next, updatedAt: at };
    versions.push(order);
  }
  return versions;
}

/** The log after these versions arrived in this order: the runtime keeps the newest, the log one event per ID. */
function told(versions: readonly Order[]): ReadonlyMap<string, SourceEvent> {
  const log = new Map<string, SourceEvent>();
  let kept: ShopState | undefined;
  for (const version of versions) {
    if (kept?.kind === 'order' && kept.updatedAt! > version.updatedAt!) continue;
    for (const event of changesOf(kept, version, contextOf())) {
      if (!log.has(event.messageId)) log.set(event.messageId, event);
    }
    kept = version;
  }
  return log;
}

const factsOf = (log: ReadonlyMap<string, SourceEvent>): readonly string[] =>
  [...log.values()]
    .filter(({ event }) => FACTS.has(event ?? ''))
    .map(({ messageId }) => messageId)
    .sort();

it('R83: for any versions, in any order and with duplicates, the facts of an order are the same, and each is reported once', () => {
  fc.assert(
    fc.property(steps, fc.array(fc.nat({ max: 12 }), { maxLength: 20 }), (life, arrival) => {
      const versions = lived(life);
      const before = structuredClone(versions);
      const inOrder = told(versions);
      // The newest arrives last, because of a poll.
      const some = [...arrival.flatMap((index) => versions[index] ?? []), versions.at(-1)!];
      const mixed = told(some);
      expect(factsOf(mixed)).toEqual(factsOf(inOrder));
      const completed = [...mixed.values()].filter(({ event }) => event === 'Order Completed');
      expect(completed.length).toBe(versions.at(-1)!.placedAt === undefined ? 0 : 1);
      expect(versions).toEqual(before);
    }),
    { numRuns: 300 },
  );
});

it('a change back to an earlier value is a change: its event has a separate id', () => {
  const base: Order = {
    kind: 'order',
    id: '1',
    status: 'placed',
    currency: 'EUR',
    total: 100,
    placedAt: day(1),
  };
  const other: Order = { ...base, total: 200 };
  const ids = [
    [undefined, base],
    [base, other],
    [other, base],
    [base, other],
  ].flatMap(([before, after], now) =>
    changesOf(before, after!, { ...contextOf(), now }).map(({ messageId }) => messageId),
  );
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
});

it('ids that are long, or contain the separator, stay distinct and short', () => {
  const order = (id: string): Order => ({ kind: 'order', id, status: 'placed', currency: 'EUR', total: 1 });
  const idOf = (id: string): string => changesOf(undefined, order(id), contextOf())[0]!.messageId;
  const long = 'x'.repeat(120);
  expect(idOf(long).length).toBeLessThanOrEqual(100);
  expect(new Set([idOf(long), idOf(`${long}y`), idOf('a|b'), idOf('a%7Cb'), idOf('a')]).size).toBe(5);
});
