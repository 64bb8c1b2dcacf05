import type { ResolvedSource } from '@waybill/core';

/** Returns the public key of the storefront of a shop; undefined without a storefront, and for other sources. */
export function storefrontKeyOf({ source, settings }: ResolvedSource): string | undefined {
  const key = source?.shop === undefined ? undefined : settings['storefrontKey'];
  return typeof key === 'string' ? key : undefined;
}
