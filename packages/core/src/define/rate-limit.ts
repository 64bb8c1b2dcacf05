import type { HttpCall } from './http.ts';

/** How often an endpoint may be called with one credential: a bucket of `amount` calls that refills in `seconds`. */
export interface RateLimit {
  /** The path of the endpoint; `{name}` stands for one segment: `/api/lists/{listId}/size`. */
  readonly path: string;
  /** Every method when absent. */
  readonly method?: NonNullable<HttpCall['method']>;
  /** Absent: there is a limit, but nobody says which; it is learned from the first refusal. */
  readonly amount?: number;
  readonly seconds?: number;
  /** The endpoint may have no limit, but if a call is refused, it is most likely this one: it holds from then on. */
  readonly assumed?: true;
}

/** What a refusal says about the limit it enforces. */
export interface RateReading {
  /** Calls that the bucket holds. */
  readonly limit?: number;
  /** Milliseconds until there is room again. */
  readonly resetMs?: number;
}
