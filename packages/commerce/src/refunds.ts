import { type OrderState, type ShopLine, withoutAbsent } from '@waybill/core';

type Refund = NonNullable<OrderState['refunds']>[number];

/**
 * Adds the refund that an increased total implies. Some shops only have the total of refunds: the new total identifies the
 * refund, so that repeated reads give the same one.
 */
export function withGrowth<S extends OrderState>(before: S | undefined, after: S): S {
  const { refundedTotal, refundedAt, refundReason, refunds = [] } = after;
  const grown = (refundedTotal ?? 0) - (before?.refundedTotal ?? 0);
  if (refundedTotal === undefined || grown <= 0) return after;
  const lines = growthOf(before?.lines ?? [], after.lines ?? []);
  const refund: Refund = {
    id: String(refundedTotal),
    amount: grown,
    ...withoutAbsent({
      at: refundedAt,
      shipping: partOfGrowth(before, after, 'refundedShipping'),
      tax: partOfGrowth(before, after, 'refundedTax'),
      reason: refundReason,
    }),
    ...(lines.length === 0 ? {} : { lines }),
  };
  return { ...after, refunds: [...refunds, refund] };
}

/** The part of the increase for shipping, or tax; unknown where the previous part was unknown. */
function partOfGrowth(
  before: OrderState | undefined,
  after: OrderState,
  name: 'refundedShipping' | 'refundedTax',
): number | undefined {
  const [sum, last] = [after[name], before?.[name]];
  if (sum === undefined || (last === undefined && before?.refundedTotal !== undefined)) return undefined;
  return Math.max(0, sum - (last ?? 0));
}

/** Returns an order without the total of refunds, which refunds report. */
export function withoutRefunded<S extends Partial<OrderState>>(order: S) {
  const {
    refundedTotal: _total,
    refundedShipping: _shipping,
    refundedTax: _tax,
    refundedAt: _at,
    refundReason: _reason,
    ...own
  } = order;
  return own;
}

function growthOf(before: readonly ShopLine[], after: readonly ShopLine[]): NonNullable<Refund['lines']> {
  return after.flatMap((line) => {
    const known = before.find(({ id }) => id === line.id);
    const quantity = (line.refundedQuantity ?? 0) - (known?.refundedQuantity ?? 0);
    const amount = (line.refundedAmount ?? 0) - (known?.refundedAmount ?? 0);
    if (line.id === undefined || (quantity <= 0 && amount <= 0)) return [];
    return [{ lineId: line.id, quantity, amount }];
  });
}

/** Returns items without their refunds, which refunds report. */
export function linesAsOrdered(lines: readonly ShopLine[] | undefined): readonly ShopLine[] | undefined {
  return lines?.map(({ refundedQuantity: _quantity, refundedAmount: _amount, ...line }) => line);
}
