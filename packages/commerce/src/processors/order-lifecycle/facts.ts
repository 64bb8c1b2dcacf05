import type { Event } from '@waybill/core';
import { digest } from '../../version.ts';
import { orderFacts, said } from '../order-facts.ts';
import { type Line, linesOf } from '../order-lines.ts';
import { greater, joined, type OrderRecord, type Said } from '../order-record.ts';
import { amountIn } from '../values.ts';

/** The facts of an order, and whether it was edited. */
export interface Facts {
  readonly order: OrderRecord;
  /** Digests of items and total, as ordered and as last seen. */
  readonly ordered?: Said<string>;
  readonly edited?: Said<string>;
}

/** Returns the facts of an event about an order. */
export function factsOf(event: Event): { readonly id: string; readonly facts: Facts } | undefined {
  const found = orderFacts<never>(event);
  if (found === undefined) return undefined;
  const { id, record } = found;
  const content = contentOf(event);
  if (content === undefined) return { id, facts: { order: record } };
  const facts =
    event.event === 'Order Completed'
      ? { order: record, ordered: said(event, 0, content) }
      : { order: record, edited: said(event, 1, content) };
  return { id, facts };
}

/** Merges two sets of facts. */
export function joinedFacts(one: Facts | undefined, other: Facts | undefined): Facts {
  const ordered = greater(one?.ordered, other?.ordered);
  const edited = greater(one?.edited, other?.edited);
  return {
    order: joined(one?.order ?? {}, other?.order ?? {}),
    ...(ordered === undefined ? {} : { ordered }),
    ...(edited === undefined ? {} : { edited }),
  };
}

/** Whether an order differs from what was ordered. Facts of a page are not compared with those of the shop. */
export function isEdited({ ordered, edited }: Facts): boolean {
  if (ordered === undefined || edited === undefined || ordered.by[0] !== edited.by[0]) return false;
  return ordered.value !== edited.value;
}

function contentOf({ event, properties = {} }: Event): string | undefined {
  const total = amountIn(properties['total']);
  if (event === 'Order Refunded' || total === undefined || !Array.isArray(properties['products']))
    return undefined;
  const lines = linesOf(properties['products']).map(
    ({ productId, sku, name, quantity }: Line) => `${quantity} ${productId ?? sku ?? name ?? ''}`,
  );
  return digest([total, lines.sort()]);
}
