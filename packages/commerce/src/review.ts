import { type ReviewState, type SourceEvent, withoutAbsent } from '@waybill/core';
import type { ChangeContext } from './context.ts';
import { track } from './events.ts';
import { whoOf } from './subject.ts';

type State = { readonly kind: 'review' } & ReviewState;

/**
 * Returns the event of a review: once, when it is first seen and not rejected. A change of its visibility is not another
 * review.
 */
export function reviewChanges(
  before: State | undefined,
  after: State,
  context: ChangeContext,
): readonly SourceEvent[] {
  const counts = (state: State | undefined): boolean => state !== undefined && state.status !== 'rejected';
  if (counts(before) || !counts(after)) return [];
  const product = context.known?.('product', after.productId);
  const properties = withoutAbsent({
    review_id: after.id,
    product_id: after.productId,
    product_name: product?.name,
    product_url: product?.url,
    image_url: product?.imageUrl,
    order_id: after.orderId,
    rating: after.rating,
    review_title: after.title,
    review_body: after.body,
    status: after.status,
  });
  const subject = { state: after, who: whoOf(after, context), context };
  return [track(subject, { name: 'Product Reviewed', key: [after.id], at: after.at, properties })];
}
