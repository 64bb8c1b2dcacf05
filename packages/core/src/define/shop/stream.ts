import type { ErrorCode } from '../../result/errors.ts';
import type { Rejected, Retry } from '../../result/outcome.ts';
import type { ShopKind, ShopState } from './states.ts';
import type { SourceContext, WebhookRequest } from '../source-context.ts';

/** An attempt that came to nothing, and whether it may be made again. */
export interface ShopFailure {
  readonly failure: Rejected | Retry;
}

/** Where a row stands in the order of time: rows of one time are distinguished by their ids. */
export interface RowKey {
  readonly id: string;
  /** ISO 8601, as exact as the shop keeps it. */
  readonly at: string;
}

/** Which rows to read, in the order of time and id. */
export interface RowQuery {
  /** `changed`: by when they last changed; `created`: by when they were made. */
  readonly by: 'changed' | 'created';
  /** ISO 8601, inclusive; all when absent. */
  readonly since?: string;
  /** ISO 8601, inclusive. */
  readonly until?: string;
  /** Rows after this one, where the shop can begin there; others skip. */
  readonly after?: RowKey;
  /** Rows to skip, counted from `after`, or from `since`: a multiple of `limit`. */
  readonly skip: number;
  /** The most rows to read: from 1 to the `pageSize` of the stream. */
  readonly limit: number;
}

/** Rows as the shop gave them. */
export interface RowPage<Row = unknown> {
  readonly rows: readonly Row[];
  /** Whether there may be more; when absent, there are when the page is full. */
  readonly more?: boolean;
}

/**
 * Things of a shop that can be read: orders, customers. Its author reads and translates; when to read, what has changed, what
 * becomes of a row that nothing can be made of, and which events that makes is the matter of the runtime.
 */
export interface ShopStream<S = unknown, Row = unknown> {
  readonly title: string;
  readonly description: string;
  /** What its rows tell of. */
  readonly kinds: readonly ShopKind[];
  /** Seconds between two polls for what has changed; absent: it cannot be asked for that. */
  readonly every?: number;
  /** Seconds before the newest row that are read again: rows become visible late. 300 when absent. */
  readonly overlap?: number;
  /** Seconds between two readings of what was made in the last `days`: some changes do not show as such. */
  readonly sweep?: { readonly every: number; readonly days: number };
  /** The most rows of a page. */
  readonly pageSize: number;
  /** Reads a page. Absent: rows are read by id alone. */
  readonly page?: (query: RowQuery, context: SourceContext<S>) => Promise<RowPage<Row> | ShopFailure>;
  /** Reads one row; `gone` when the shop has it no more. */
  readonly get?: (
    id: string,
    context: SourceContext<S>,
  ) => Promise<{ readonly row: Row } | 'gone' | ShopFailure>;
  /** How many rows there are: checked at the end of a back-fill. */
  readonly count?: (
    query: Pick<RowQuery, 'by' | 'since' | 'until'>,
    context: SourceContext<S>,
  ) => Promise<{ readonly count: number } | ShopFailure>;
  // Methods, as the runtime gives rows back without knowing what they are.
  /**
   * Adds what `page` leaves out because each page or row of it is a call of its own: the refunds of orders. Rows are answered in their
   * order, with the places that they had. A back-fill reads the next page meanwhile.
   */
  complete?(rows: readonly Row[], context: SourceContext<S>): Promise<readonly Row[] | ShopFailure>;
  /** The place of a row: by when it changed, or by when it was made. Throws for a row that has none. */
  keyOf(row: Row, by: RowQuery['by']): RowKey;
  /**
   * What a row tells, as states: pure. Throws for a row that nothing can be made of. It may tell of several things: an order with a
   * guest tells of consent too.
   */
  states(row: Row, context: Pick<SourceContext<S>, 'settings'>): readonly ShopState[];
  /**
   * Of a row that holds several things, such as a product with its reviews, those that nothing can be made of: they are set aside alone, and
   * `states` tells of the others.
   */
  unreadable?(row: Row, context: Pick<SourceContext<S>, 'settings'>): readonly UnreadablePart[];
}

/** A part of a row that nothing can be made of. */
export interface UnreadablePart {
  /** Why. */
  readonly message: string;
  /** The part as the shop gives it. */
  readonly part: unknown;
}

/** Word that something may have changed. What the shop says beside the id is never trusted: the row is fetched. */
export interface Hint {
  /** The stream whose row it is. */
  readonly stream: string;
  readonly id: string;
  /** The whole row, where the request itself is known to come from the shop and cannot be older than what a fetch would give. */
  readonly row?: unknown;
}

/** What a request to the webhook of a shop says, or why it is refused; it is answered only when the hints are durable. */
export type HintAnswer =
  | {
      readonly hints: readonly Hint[];
      /** What to answer, where the platform wants more than a 200: a handshake. */
      readonly answer?: { readonly status: number; readonly body: string; readonly contentType?: string };
    }
  | { readonly refused: { readonly code: ErrorCode; readonly message: string } };

/** What a reading of a feed has brought. */
export interface FeedPage {
  readonly hints: readonly Hint[];
  /** Where to go on: kept when the hints are durable. */
  readonly position: string;
  /** Whether more can be read at once. */
  readonly more: boolean;
  /** Milliseconds before the next reading, where the shop asks for that. */
  readonly waitMs?: number;
}

/**
 * A list of what has changed, which a shop keeps for those who were not called: it is read beside the webhook, or in its place. What it
 * names is looked into like hints, so it may be told again.
 */
export interface ShopFeed<S = unknown> {
  readonly title: string;
  readonly description: string;
  /** Seconds between two readings. */
  readonly every: number;
  /** Whether these settings have it; they do when absent. */
  readonly isOn?: (settings: S) => boolean;
  /** Reads on from a position; without one, what happens from now on. */
  readonly read: (position: string | undefined, context: SourceContext<S>) => Promise<FeedPage | ShopFailure>;
}

/** Calls that are left, and the milliseconds until there are more. */
export interface CallsLeft {
  readonly calls: number;
  readonly resetMs: number;
}

/** How often a shop may be called; what its answers say goes before. */
export interface ShopLimits {
  /** Calls at once. */
  readonly concurrency: number;
  /** Calls within a period: each of them is kept. */
  readonly quotas?: readonly { readonly calls: number; readonly seconds: number }[];
  /** What the headers of an answer tell. */
  readonly left?: (
    headers: Readonly<Record<string, string>>,
  ) => CallsLeft | undefined | Promise<CallsLeft | undefined>;
}

/** What a person said elsewhere about a channel, which the shop is to know. */
export interface ConsentWrite {
  /** In lower case. */
  readonly email: string;
  readonly channel: 'email' | 'sms';
  readonly state: 'subscribed' | 'unsubscribed';
}

/** What a platform can tell: the table in its documentation is made of it. */
export interface ShopCapability {
  /** An event or a field, as the table names it. */
  readonly what: string;
  readonly how: 'webhook' | 'poll' | 'both' | 'storefront' | 'written' | 'no';
  /** What is to know about it; for `no`, why. */
  readonly note?: string;
}

/** The part of a source that makes it a shop. */
export interface Shop<S = unknown> {
  readonly streams: Readonly<Record<string, ShopStream<S>>>;
  readonly limits: ShopLimits;
  /** Lists of changes, by names that no stream has. */
  readonly feeds?: Readonly<Record<string, ShopFeed<S>>>;
  /** Checks that a request is from where it says it is, and reads what it hints at. */
  readonly hints?: (request: WebhookRequest, context: SourceContext<S>) => HintAnswer | Promise<HintAnswer>;
  /** Sees that the shop still calls the webhook, and repairs that; called when the source begins, and daily. */
  readonly subscribe?: (
    address: string,
    context: SourceContext<S>,
  ) => Promise<{ readonly message: string } | ShopFailure>;
  /**
   * Tells the shop what a person said elsewhere; may be called again for the same. `nobody` where there is nobody of the address, or no such
   * choice for them. Absent: the platform cannot be told.
   */
  readonly writeConsent?: (
    change: ConsentWrite,
    context: SourceContext<S>,
  ) => Promise<'written' | 'nobody' | ShopFailure>;
  readonly capabilities: readonly ShopCapability[];
}
