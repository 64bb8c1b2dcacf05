import { ERRORS, type Outcome } from '@waybill/core';
import { loadFramework } from '../upstream/packages.ts';

/** Returns the equivalent status for Segment's runtime: whether to retry, and whether credentials are the cause. */
export function statusOf(outcome: Outcome): number {
  if (outcome.status === 'delivered' || outcome.status === 'skipped') return 200;
  const { status } = ERRORS[outcome.code];
  if (outcome.status === 'retry') return status === 429 ? 429 : status === 504 ? 408 : 503;
  if (status === 401 || status === 403 || status === 404 || status === 413) return status;
  return 400;
}

/** Converts an outcome to an error for Segment's runtime; undefined when the item succeeded. */
export function errorOf(outcome: Outcome): Error | undefined {
  if (outcome.status === 'delivered' || outcome.status === 'skipped') return undefined;
  const { RetryableError, InvalidAuthenticationError, IntegrationError } = loadFramework().framework;
  const words =
    'field' in outcome && outcome.field ? `${outcome.field}: ${outcome.message}` : outcome.message;
  const status = statusOf(outcome);
  if (outcome.status === 'retry') return new RetryableError(words, status);
  if (status === 401) return new InvalidAuthenticationError(words);
  return new IntegrationError(words, outcome.code, status);
}
