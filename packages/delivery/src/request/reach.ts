import { lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import type { Reached } from '@waybill/core';
import { FORBIDDEN, guardLookup, isInternalAddress, type Lookup } from './address.ts';
import { forbiddenMessage, isAllowedHost, type TransportOptions } from './transport.ts';

/**
 * Resolves hosts for non-HTTP connections, by the rules of the transport. Connect to the returned address: the name could
 * resolve to another one later.
 */
export function createReach(
  options: Pick<TransportOptions, 'allowedHosts' | 'lookup'> = {},
): (host: string, port: number) => Promise<Reached> {
  const allowed = new Set((options.allowedHosts ?? []).map((host) => host.toLowerCase()));
  const { lookup = systemLookup as Lookup } = options;
  const guarded = guardLookup(lookup);
  return async (host, port) => {
    const bare = host.toLowerCase().replace(/^\[|\]$/g, '');
    const free = isAllowedHost(host.toLowerCase(), String(port), allowed);
    if (isIP(bare) !== 0) {
      if (free || !isInternalAddress(bare)) return { address: bare };
      return { refused: 'forbidden', message: forbiddenMessage(bare) };
    }
    return new Promise((resolve) => {
      (free ? lookup : guarded)(bare, {}, (error, found) => {
        if (error === null && typeof found === 'string') resolve({ address: found });
        else if (error?.code === FORBIDDEN)
          resolve({ refused: 'forbidden', message: forbiddenMessage(bare) });
        else
          resolve({
            refused: 'unknown',
            message: `The host ${bare} cannot be found (${error?.code ?? 'no address'}).`,
          });
      });
    });
  };
}
