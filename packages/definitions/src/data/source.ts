import type { Fields, Source } from '@waybill/core';
import { mapValues } from './definition.ts';

/** A stream of a source as data. */
export interface StreamData {
  readonly title: string;
  readonly description: string;
  /** Seconds between two polls; absent if it is not polled. */
  readonly every?: number;
  /** Whether it reads the past, so that it can be back-filled. */
  readonly hasPast: boolean;
}

/** A source as data: everything but its code. */
export interface SourceData {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly settings: Fields;
  readonly isShop: boolean;
  readonly streams: Readonly<Record<string, StreamData>>;
  readonly hasWebhook: boolean;
  readonly writesConsent: boolean;
}

/** Returns the data of a source. */
export function sourceDataOf({ slug, name, description, settings, ...source }: Source): SourceData {
  const { shop } = source;
  const own = { slug, name, description, settings };
  if (shop === undefined) {
    const streams = mapValues(source.streams, (stream) => streamData(stream, true));
    const hasWebhook = source.webhook !== undefined;
    return { ...own, isShop: false, streams, hasWebhook, writesConsent: false };
  }
  return {
    ...own,
    isShop: true,
    streams: mapValues(shop.streams, (stream) => streamData(stream, stream.page !== undefined)),
    hasWebhook: shop.hints !== undefined,
    writesConsent: shop.writeConsent !== undefined,
  };
}

function streamData(
  { title, description, every }: Pick<StreamData, 'title' | 'description'> & { readonly every?: number },
  hasPast: boolean,
): StreamData {
  return { title, description, ...(every === undefined ? {} : { every }), hasPast };
}
