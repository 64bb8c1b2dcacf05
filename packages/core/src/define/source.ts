import type { EventType } from '../event/event.ts';
import type { ErrorCode } from '../result/errors.ts';
import type { Rejected, Retry } from '../result/outcome.ts';
import { DefinitionError, slugIssues } from './definition.ts';
import type { ConnectionResult } from './destination.ts';
import type { Fields, Payload } from './fields.ts';
import type { Shop } from './shop/stream.ts';
import type { SourceContext, WebhookRequest } from './source-context.ts';

/**
 * An event as a source returns it: the body of a tracking call, with an ID that is the same whenever the same object is
 * read.
 */
export interface SourceEvent {
  readonly type: EventType;
  readonly messageId: string;
  readonly userId?: string | undefined;
  readonly anonymousId?: string | undefined;
  /** The name of a track call. */
  readonly event?: string;
  readonly timestamp?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * Where reading continues: after the cursor; without one, from events that are not older than `from`, or from the
 * beginning.
 */
export interface StreamPlace<C = unknown> {
  readonly cursor?: C;
  /** ISO 8601. */
  readonly from?: string;
}

/** What was read, or why reading failed. */
export type StreamPage<C = unknown> =
  | {
      readonly events: readonly SourceEvent[];
      /** JSON: stored in the same transaction as the events. */
      readonly cursor: C;
      /** Whether more can be read at once. */
      readonly more: boolean;
    }
  | { readonly failure: Rejected | Retry };

/** Objects that a source reads page by page: orders, customers. Polls and back-fills read alike. */
export interface Stream<S = unknown, C = unknown> {
  readonly title: string;
  readonly description: string;
  /** Seconds between two polls; absent: only back-fills read it. */
  readonly every?: number;
  readonly read: (place: StreamPlace<C>, context: SourceContext<S>) => Promise<StreamPage<C>>;
}

/** The events in a request to a webhook, or why it is refused; the answer is sent only when they are durable. */
export type WebhookAnswer =
  | { readonly events: readonly SourceEvent[] }
  | { readonly refused: { readonly code: ErrorCode; readonly message: string } };

/** A source as its author writes it. `C` has the cursor of each stream. */
export interface SourceDefinition<
  S extends Fields = Fields,
  C extends Readonly<Record<string, unknown>> = Readonly<Record<string, unknown>>,
> {
  /** Stable name, the `type` in a workspace: `magento2`. */
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** Settings by name; one of type `password` is a secret. */
  readonly settings: S;
  readonly streams?: { readonly [K in keyof C]: Stream<Payload<S>, C[K]> };
  /**
   * What makes it a shop: objects with states, from whose changes the events follow. A shop has no `streams` or
   * `webhook`.
   */
  readonly shop?: Shop<Payload<S>>;
  /** Verifies the origin of a request, and reads it. */
  readonly webhook?: (
    request: WebhookRequest,
    context: SourceContext<Payload<S>>,
  ) => WebhookAnswer | Promise<WebhookAnswer>;
  /** Tests the settings with a real call. */
  readonly testConnection?: (context: SourceContext<Payload<S>>) => Promise<ConnectionResult>;
}

/** A checked, frozen source. */
export interface Source {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly settings: Fields;
  readonly streams: Readonly<Record<string, Stream>>;
  readonly shop?: Shop;
  readonly webhook?: (
    request: WebhookRequest,
    context: SourceContext,
  ) => WebhookAnswer | Promise<WebhookAnswer>;
  readonly testConnection?: (context: SourceContext) => Promise<ConnectionResult>;
}

/** The type of sources that send with the tracking API: part of every server. */
export const TRACKING = 'tracking';

/** Checks a source and freezes it; settings and cursors have the types of the definition. Throws DefinitionError. */
export function defineSource<
  const S extends Fields,
  C extends Readonly<Record<string, unknown>> = Readonly<Record<never, never>>,
>(definition: SourceDefinition<S, C>): Source {
  const streams = (definition.streams ?? {}) as Readonly<Record<string, Stream>>;
  const issues = slugIssues(definition.slug);
  const say = (path: string, message: string): void => {
    issues.push({ code: 'workspace_invalid', path, message });
  };
  if (definition.slug === TRACKING) say('slug', `"${TRACKING}" is the tracking API itself.`);
  const { shop } = definition;
  if (shop === undefined && Object.keys(streams).length === 0 && definition.webhook === undefined)
    say('streams', 'A source needs a stream, a webhook or a shop.');
  if (shop !== undefined && (definition.streams !== undefined || definition.webhook !== undefined))
    say('shop', 'The streams and the webhook of a shop must be within `shop`.');
  for (const [name, one] of Object.entries(shop?.streams ?? {})) {
    if (one.page === undefined && one.get === undefined)
      say(`shop.streams.${name}`, 'A stream of a shop must read pages, or rows by ID.');
    if (one.page === undefined && (one.every !== undefined || one.sweep !== undefined))
      say(`shop.streams.${name}.page`, 'Polls and sweeps read pages.');
    if (one.page === undefined && one.complete !== undefined)
      say(`shop.streams.${name}.complete`, 'Only rows of pages are completed.');
    if (!(one.pageSize >= 1)) say(`shop.streams.${name}.pageSize`, 'A page has at least one row.');
  }
  for (const [name, { every }] of Object.entries(shop?.feeds ?? {})) {
    if (Object.hasOwn(shop?.streams ?? {}, name)) say(`shop.feeds.${name}`, 'A stream has this name.');
    if (!(every >= 1)) say(`shop.feeds.${name}.every`, 'A feed is read at most every second.');
  }
  for (const [name, { every, description }] of Object.entries(streams)) {
    if (description === '') say(`streams.${name}.description`, 'A stream needs a description.');
    if (every !== undefined && !(every >= 1))
      say(`streams.${name}.every`, 'A stream is polled at most every second.');
  }
  if (issues.length > 0) throw new DefinitionError(`Source "${definition.slug}"`, issues);
  // Settings are validated, and cursors are returned as they were read: their types can be erased.
  return Object.freeze({ ...definition, streams: Object.freeze({ ...streams }) }) as unknown as Source;
}

/** Whether a value is a source, of this or another copy of the core. */
export function isSource(value: unknown): value is Source {
  if (typeof value !== 'object' || value === null) return false;
  const { slug, settings, streams, shop, webhook } = value as Partial<Source>;
  if (typeof slug !== 'string' || typeof settings !== 'object' || typeof streams !== 'object') return false;
  return typeof shop === 'object' || typeof webhook === 'function' || Object.keys(streams).length > 0;
}
