export { attribution } from './processors/attribution/processor.ts';
export { catalog } from './processors/catalog/processor.ts';
export { consentGate } from './processors/consent-gate/processor.ts';
export { abandonedCart } from './processors/abandoned-cart/processor.ts';
export { browseAbandonment } from './processors/browse-abandonment/processor.ts';
export { customerMetrics } from './processors/customer-metrics/processor.ts';
export { recurring } from './processors/recurring/processor.ts';
export { replenishment } from './processors/replenishment/processor.ts';
export { readReviewLink, type ReviewLink } from './processors/review-requests/link.ts';
export { reviewRequests } from './processors/review-requests/processor.ts';
export { orderLifecycle } from './processors/order-lifecycle/processor.ts';
export { changesOf } from './changes.ts';
export type { ChangeContext, Known } from './context.ts';
export { type Reference, referencesOf } from './references.ts';
export { isWhose, type Named, namedBy } from './whose.ts';
export {
  type ConsentChange,
  type ConsentDecision,
  type ConsentSide,
  decideConsent,
  type KnownConsent,
} from './decide.ts';
export { type ConsentUpdate, consentUpdates, type ConsentUpdates } from './consent-updates.ts';
