import type { ResolvedSource } from '@waybill/core';

/** The public key of the storefront of a shop; undefined for a shop without one, and for what is no shop. */
export function storefrontKeyOf({ source, settings }: ResolvedSource): string | undefined {
  const key = source?.shop === undefined ? undefined : settings['storefrontKey'];
  return typeof key === 'string' ? key : undefined;
}
