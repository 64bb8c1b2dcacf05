import type {
  Fields,
  ShopCapability,
  ShopFeed,
  ShopKind,
  ShopLimits,
  ShopStream,
  Stream,
} from '@waybill/core';

/*
 * The messages between the server and the process of a partner's module about sources. Positions and states of rows are computed in
 * the process, with each page: outside they are looked up.
 */

/** A stream without its code. */
export type DescribedStream = Pick<Stream, 'title' | 'description' | 'every'>;

/** A stream of a shop without its code. */
export interface DescribedShopStream extends Pick<
  ShopStream,
  'title' | 'description' | 'every' | 'overlap' | 'sweep' | 'pageSize'
> {
  readonly kinds: readonly ShopKind[];
  /** The functions that it has. */
  readonly has: readonly ('page' | 'get' | 'count')[];
}

/** The shop part of a source, without its code. */
export interface DescribedShop {
  readonly streams: Readonly<Record<string, DescribedShopStream>>;
  readonly feeds?: Readonly<Record<string, DescribedStream & Pick<ShopFeed, 'every'>>>;
  readonly limits: Omit<ShopLimits, 'left'>;
  readonly capabilities: readonly ShopCapability[];
  readonly has: readonly ('hints' | 'subscribe' | 'writeConsent' | 'left')[];
}

/** A source without its code. */
export interface DescribedSource {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly settings: Fields;
  readonly streams: Readonly<Record<string, DescribedStream>>;
  readonly shop?: DescribedShop;
  readonly has: readonly ('webhook' | 'testConnection')[];
}

/** A function of a source, and its input. */
export interface SourceTask {
  readonly kind: 'source';
  readonly slug: string;
  readonly call:
    | 'read'
    | 'page'
    | 'get'
    | 'count'
    | 'feed'
    | 'webhook'
    | 'hints'
    | 'subscribe'
    | 'writeConsent'
    | 'left'
    | 'testConnection';
  readonly stream?: string;
  readonly input?: unknown;
}

/** The result of a function, or its error. */
export type Said = { readonly value: unknown } | { readonly threw: string };

/** A row with the results of its author's functions. */
export interface ToldRow {
  readonly row: unknown;
  readonly changed: Said;
  readonly created: Said;
  readonly states: Said;
  readonly unreadable?: Said;
}
