import type { Processor } from '@waybill/core';
import {
  abandonedCart,
  browseAbandonment,
  attribution,
  catalog,
  consentGate,
  customerMetrics,
  orderLifecycle,
  recurring,
  replenishment,
  reviewRequests,
} from '@waybill/commerce';
import { dummyProcessor } from './dummy/processor.ts';

/** Every processor. */
export const processors: readonly Processor[] = [
  customerMetrics,
  orderLifecycle,
  abandonedCart,
  browseAbandonment,
  reviewRequests,
  replenishment,
  recurring,
  attribution,
  catalog,
  consentGate,
  dummyProcessor,
];
