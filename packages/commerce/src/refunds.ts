import type { OrderState, ShopLine } from '@waybill/core';

type Refund = NonNullable<OrderState['refunds']>[number];

/**
 * The order with the refund that a grown sum stands for. Some shops tell what was given back in all, in place of each refund: the
 * sum that it came to names the refund, so that it is one whatever is read again.
 */
export function withGrowth<S extends OrderState>(before: S | undefined, after: S): S {
  const { refundedTotal, refundedAt, refunds = [] } = after;
  const grown = (refundedTotal ?? 0) - (before?.refundedTotal ?? 0);
  if (refundedTotal === undefined || grown <= 0) return after;
  const lines = growthOf(before?.lines ?? [], after.lines ?? []);
  const refund: Refund = {
    id: String(refundedTotal),
    amount: grown,
    ...(refundedAt === undefined ? {} : { at: refundedAt }),
    ...(lines.length === 0 ? {} : { lines }),
  };
  return { ...after, refunds: [...refunds, refund] };
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

/** Lines without what was given back of them: that is told by refunds. */
export function linesAsOrdered(lines: readonly ShopLine[] | undefined): readonly ShopLine[] | undefined {
  return lines?.map(({ refundedQuantity: _quantity, refundedAmount: _amount, ...line }) => line);
}
