import { isIPv6 } from 'node:net';

/** The number of wrong guesses that are answered at once, for typing errors and misconfigured clients. */
const FREE = 10;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;
/** The milliseconds without a guess after which a client starts over. */
const FORGET = 600_000;
const KEPT = 10_000;

/** Slows down guessing of secrets. */
export interface Throttle {
  /**
   * Records a secret used by a client: its owner, or undefined when it is wrong. Returns how many milliseconds the client must
   * wait because of its guesses; 0 when the secret may be used.
   */
  judge(address: string, owner: string | undefined): number;
}

/**
 * Creates a throttle by client address: after a few wrong guesses each further one doubles the wait. A secret that was used
 * from the address before stays valid, so that a guesser does not lock out others with the same address. All tables are
 * bounded.
 */
export function createThrottle(now: () => number): Throttle {
  const guesses = new Map<
    string,
    { readonly failures: number; readonly at: number; readonly until: number }
  >();
  const known = new Set<string>();
  const failed = (network: string): void => {
    const at = now();
    const before = guesses.get(network);
    const failures = before === undefined || at - before.at > FORGET ? 1 : before.failures + 1;
    const wait = failures < FREE ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - FREE));
    guesses.delete(network);
    guesses.set(network, { failures, at, until: at + wait });
    dropOldest(guesses);
  };
  return {
    judge(address, owner) {
      const name = `${address} ${owner}`;
      if (owner !== undefined && known.has(name)) return 0;
      const network = networkOf(address);
      const wait = (guesses.get(network)?.until ?? 0) - now();
      if (wait > 0) return wait;
      if (owner === undefined) failed(network);
      else {
        known.add(name);
        dropOldest(known);
      }
      return 0;
    },
  };
}

function dropOldest(kept: Map<string, unknown> | Set<string>): void {
  if (kept.size <= KEPT) return;
  const [oldest] = kept.keys();
  kept.delete(oldest!);
}

/** Returns the unit of throttling: an IPv4 address, or an IPv6 /64 network. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  if (address.toLowerCase().startsWith('::ffff:')) return address.slice(7);
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - rest.length }, () => '0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}
