import type { HttpCall } from './http.ts';

/** How often one credential may call an endpoint: a bucket of `amount` calls that refills in `seconds`. */
export interface RateLimit {
  /** The path of the endpoint; `{name}` matches one segment: `/api/lists/{listId}/size`. */
  readonly path: string;
  /** All methods when absent. */
  readonly method?: NonNullable<HttpCall['method']>;
  /** Absent: there is a limit, but it is not published; it is learned from the first refusal. */
  readonly amount?: number;
  readonly seconds?: number;
  /**
   * Whether a limit exists is unknown, but if a call is refused, this is probably the cause: the limit applies from
   * then on.
   */
  readonly assumed?: true;
}

/** What a refusal says about the limit it enforces. */
export interface RateReading {
  /** Calls that the bucket holds. */
  readonly limit?: number;
  /** Milliseconds until the next call is allowed. */
  readonly resetMs?: number;
}
