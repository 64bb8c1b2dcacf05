import type { Event } from '@waybill/core';
import { digest } from '../../version.ts';
import { orderFacts, said } from '../order-facts.ts';
import { type Line, linesOf } from '../order-lines.ts';
import { greater, joined, type OrderRecord, type Said } from '../order-record.ts';
import { amountIn } from '../values.ts';

/** What is known of an order, and whether it was edited. */
export interface Facts {
  readonly order: OrderRecord;
  /** A short name of lines and total as they were ordered, and as they were last. */
  readonly ordered?: Said<string>;
  readonly edited?: Said<string>;
}

/** What an event says of an order. */
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

/** What two come to. */
export function joinedFacts(one: Facts | undefined, other: Facts | undefined): Facts {
  const ordered = greater(one?.ordered, other?.ordered);
  const edited = greater(one?.edited, other?.edited);
  return {
    order: joined(one?.order ?? {}, other?.order ?? {}),
    ...(ordered === undefined ? {} : { ordered }),
    ...(edited === undefined ? {} : { edited }),
  };
}

/** Whether an order is another one than was ordered. What a page says is not held against what the shop does. */
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
