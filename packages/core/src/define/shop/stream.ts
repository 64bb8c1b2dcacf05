import type { ErrorCode } from '../../result/errors.ts';
import type { Rejected, Retry } from '../../result/outcome.ts';
import type { ShopKind, ShopState } from './states.ts';
import type { SourceContext, WebhookRequest } from '../source-context.ts';

/** A failed attempt, and whether it may be retried. */
export interface ShopFailure {
  readonly failure: Rejected | Retry;
}

/** The position of a row in the order of time and ID. */
export interface RowKey {
  readonly id: string;
  /** ISO 8601, as precise as the shop stores it. */
  readonly at: string;
}

/** Which rows to read, in the order of time and id. */
export interface RowQuery {
  /** `changed`: by the time of the last change; `created`: by the time of creation. */
  readonly by: 'changed' | 'created';
  /** ISO 8601, inclusive; all when absent. */
  readonly since?: string;
  /** ISO 8601, inclusive. */
  readonly until?: string;
  /** Rows after this one, where the shop can start there; otherwise rows are skipped. */
  readonly after?: RowKey;
  /** Rows to skip, counted from `after`, or from `since`: a multiple of `limit`. */
  readonly skip: number;
  /** The maximum number of rows: from 1 to the `pageSize` of the stream. */
  readonly limit: number;
}

/** Rows as the shop returned them. */
export interface RowPage<Row = unknown> {
  readonly rows: readonly Row[];
  /** Whether there may be more; when absent, there are when the page is full. */
  readonly more?: boolean;
}

/**
 * Objects of a shop that can be read: orders, customers. Its author reads and translates; the runtime decides when to
 * read, detects changes, sets unreadable rows aside, and derives the events.
 */
export interface ShopStream<S = unknown, Row = unknown> {
  readonly title: string;
  readonly description: string;
  /** The kinds of objects in its rows. */
  readonly kinds: readonly ShopKind[];
  /** Seconds between two polls for what has changed; absent: the shop cannot list changes. */
  readonly every?: number;
  /** Seconds before the newest row that are read again, because rows become visible late. 300 when absent. */
  readonly overlap?: number;
  /**
   * Seconds between two readings of what was created in the last `days`, because some changes do not update the row.
   */
  readonly sweep?: { readonly every: number; readonly days: number };
  /** The maximum number of rows of a page. */
  readonly pageSize: number;
  /** Reads a page. Absent: rows are read by id alone. */
  readonly page?: (query: RowQuery, context: SourceContext<S>) => Promise<RowPage<Row> | ShopFailure>;
  /** Reads one row; `gone` when the shop no longer has it. */
  readonly get?: (
    id: string,
    context: SourceContext<S>,
  ) => Promise<{ readonly row: Row } | 'gone' | ShopFailure>;
  /** Counts the rows: checked at the end of a back-fill. */
  readonly count?: (
    query: Pick<RowQuery, 'by' | 'since' | 'until'>,
    context: SourceContext<S>,
  ) => Promise<{ readonly count: number } | ShopFailure>;
  // Methods, because the runtime passes rows back without their types.
  /**
   * Adds what `page` leaves out because it takes a call per page or row: the refunds of orders. Returns the rows in
   * their order. A back-fill reads the next page meanwhile.
   */
  complete?(rows: readonly Row[], context: SourceContext<S>): Promise<readonly Row[] | ShopFailure>;
  /** The position of a row by its time of change or creation. Throws for a row without one. */
  keyOf(row: Row, by: RowQuery['by']): RowKey;
  /**
   * Converts a row to states: pure. Throws for an unreadable row. A row can describe several objects: an order of a
   * guest also describes consent.
   */
  states(row: Row, context: Pick<SourceContext<S>, 'settings'>): readonly ShopState[];
  /**
   * The unreadable parts of a row with several objects, such as a product with its reviews: they are set aside alone,
   * and `states` returns the others.
   */
  unreadable?(row: Row, context: Pick<SourceContext<S>, 'settings'>): readonly UnreadablePart[];
}

/** An unreadable part of a row. */
export interface UnreadablePart {
  /** Why. */
  readonly message: string;
  /** The part as the shop returns it. */
  readonly part: unknown;
}

/** A hint that something may have changed. Only its ID is trusted: the row is fetched. */
export interface Hint {
  /** The stream of the row. */
  readonly stream: string;
  readonly id: string;
  /** The whole row, if the request is verified to come from the shop and cannot be older than a fetch. */
  readonly row?: unknown;
}

/**
 * The hints in a request to the webhook of a shop, or why it is refused; the answer is sent only when the hints are
 * durable.
 */
export type HintAnswer =
  | {
      readonly hints: readonly Hint[];
      /** The answer, if the platform requires more than a 200, for example a handshake. */
      readonly answer?: { readonly status: number; readonly body: string; readonly contentType?: string };
    }
  | { readonly refused: { readonly code: ErrorCode; readonly message: string } };

/** The result of reading a feed. */
export interface FeedPage {
  readonly hints: readonly Hint[];
  /** The position to continue from: stored when the hints are durable. */
  readonly position: string;
  /** Whether more can be read at once. */
  readonly more: boolean;
  /** Milliseconds before the next reading, where the shop asks for that. */
  readonly waitMs?: number;
}

/**
 * A list of changes that a shop keeps for missed webhooks: it is read in addition to the webhook, or instead of it. Its
 * entries are processed like hints, so duplicates are harmless.
 */
export interface ShopFeed<S = unknown> {
  readonly title: string;
  readonly description: string;
  /** Seconds between two readings. */
  readonly every: number;
  /** Whether the feed exists with these settings; true when absent. */
  readonly isOn?: (settings: S) => boolean;
  /** Reads from a position; without one, only what happens from now on. */
  readonly read: (position: string | undefined, context: SourceContext<S>) => Promise<FeedPage | ShopFailure>;
}

/** Remaining calls, and the milliseconds until there are more. */
export interface CallsLeft {
  readonly calls: number;
  readonly resetMs: number;
}

/** How often a shop may be called; what its answers say takes precedence. */
export interface ShopLimits {
  /** Concurrent calls. */
  readonly concurrency: number;
  /** Calls within a period: all of them apply. */
  readonly quotas?: readonly { readonly calls: number; readonly seconds: number }[];
  /** Reads the limit from the headers of an answer. */
  readonly left?: (
    headers: Readonly<Record<string, string>>,
  ) => CallsLeft | undefined | Promise<CallsLeft | undefined>;
}

/** Consent that was given elsewhere and that the shop must receive. */
export interface ConsentWrite {
  /** In lower case. */
  readonly email: string;
  readonly channel: 'email' | 'sms';
  readonly state: 'subscribed' | 'unsubscribed';
}

/** A capability of a platform: its documentation has a table of them. */
export interface ShopCapability {
  /** An event or a field, as the table names it. */
  readonly what: string;
  readonly how: 'webhook' | 'poll' | 'both' | 'storefront' | 'written' | 'no';
  /** Remarks; for `no`, why. */
  readonly note?: string;
}

/** The part of a source that makes it a shop. */
export interface Shop<S = unknown> {
  readonly streams: Readonly<Record<string, ShopStream<S>>>;
  readonly limits: ShopLimits;
  /** Lists of changes, under names that differ from those of streams. */
  readonly feeds?: Readonly<Record<string, ShopFeed<S>>>;
  /** Verifies the origin of a request and reads its hints. */
  readonly hints?: (request: WebhookRequest, context: SourceContext<S>) => HintAnswer | Promise<HintAnswer>;
  /**
   * Checks that the shop still calls the webhook, and repairs the registration; called when the source starts, and
   * daily.
   */
  readonly subscribe?: (
    address: string,
    context: SourceContext<S>,
  ) => Promise<{ readonly message: string } | ShopFailure>;
  /**
   * Writes consent that was given elsewhere to the shop; may be called again for the same person. `nobody` when the
   * shop has no such person or no such choice for them. Absent: the platform cannot store it.
   */
  readonly writeConsent?: (
    change: ConsentWrite,
    context: SourceContext<S>,
  ) => Promise<'written' | 'nobody' | ShopFailure>;
  readonly capabilities: readonly ShopCapability[];
}
