export type { StartedThread, StartThread } from './channel.ts';
export type { Asked, Elsewhere } from './elsewhere.ts';
import type { Source } from '@waybill/core';
import { audience, shops } from '@waybill/sources';
import { dummyProcessor } from './dummy/processor.ts';
import { dummyShop } from './dummy/shop.ts';
import { dummySource } from './dummy/source.ts';

export { dummyProcessor, dummyShop, dummySource };
export {
  AUDIENCE,
  AUDIENCE_STREAM,
  AudienceError,
  type AudienceStanding,
  audienceStanding,
  dryRunAudience,
  keepFolders,
  wishAudience,
} from '@waybill/sources';

/** The types of sources, including shop platforms; without the tracking API. */
export const sources: readonly Source[] = [dummySource, dummyShop, audience, ...shops];

export { type Deletions, openDeletions } from './deletions/deletions.ts';
export type { DeletionAnswer, DeletionRecord } from './deletions/record.ts';
export { openSuppressions, type Suppressions } from './deletions/suppressions.ts';
export {
  type Authenticated,
  createIntake,
  type Given,
  type Intake,
  type IntakeInput,
  type KnownOrigin,
  type Origin,
  type Refused,
  type Sampled,
  type SourceName,
  type Taken,
} from './intake/intake.ts';
export { MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from './intake/limits.ts';
export { createRefusals, type Refusal, type Refusals } from './intake/refusals.ts';
export { createViolations, type SeenViolation, type Violations } from './intake/violations.ts';
export { processors } from './processors.ts';
export { createDerive } from './processors/derive.ts';
export { introduces, keysOf } from './processors/person.ts';
export { beginWork, type ProcessorFailure, readTimerKey } from './processors/work.ts';
export { readRow, type UserRow } from './processors/user.ts';
export { createProcessors, type Processors } from './processors/processors.ts';
export { createProcessorsThread, type ProcessorsThreadInput } from './processors/remote/client.ts';
export type { RunHandle, RunInput, RunStanding, WaitingTimer } from './processors/run.ts';
export type { Difference, Recomputation, RecomputeAsk } from './processors/shadow.ts';
export { createLinks, type Links } from './reviews/links.ts';
export {
  createReviews,
  REVIEW_PROCESSOR,
  type Review,
  type ReviewFailure,
  type Reviews,
} from './reviews/reviews.ts';
export { sameSecret } from './secret.ts';
export type { SetAside } from './shops/aside.ts';
export type { Changes } from './shops/compare.ts';
export type { ShopInput } from './shops/input.ts';
export type { ShopReading } from './shops/reading.ts';
export {
  reconcile,
  RECONCILE_LIMITS,
  type Reconciled,
  type ReconcileInput,
  type ReconcileProgress,
  type Reconciliation,
} from './shops/reconcile/run.ts';
export { createSourcesThread, type SourcesThread, type SourcesThreadInput } from './shops/remote/client.ts';
export { createSourcesHost, type HostInput } from './shops/remote/host.ts';
export { previewRows, type RowPreview } from './shops/preview.ts';
export { wholePage } from './shops/read-task.ts';
export { readShop } from './shops/shop.ts';
export { statesOf } from './shops/states.ts';
export type { ShopStatus } from './shops/status.ts';
export { takeStorefront } from './shops/storefront/take.ts';
export type { SubscriptionStatus } from './shops/subscription.ts';
export { type Hinted, receiveHints } from './shops/webhook.ts';
export { writesConsent } from './shops/consent/filter.ts';
export { type ConsentTaken, receiveConsent } from './shops/write-back/webhook.ts';
export { createPace, type LanePosition, type Pace, UNLIMITED_ROOM } from './pace.ts';
export {
  type Reading,
  type ReadingInput,
  type ReadingJob,
  type ReadingStatus,
  readStream,
} from './sources/reading.ts';
export {
  type Backfill,
  createSources,
  type Sources,
  type SourcesInput,
  type StreamStatus,
} from './sources/sources.ts';
export { noteOf, pollOwner, streamValues } from './sources/stream-owner.ts';
export { receive, type Received } from './sources/webhook.ts';
