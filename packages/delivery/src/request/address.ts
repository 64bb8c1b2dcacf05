import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';

/** Resolves a host name as `dns.lookup` does. */
export type Lookup = (
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/** The error code of a guarded lookup. */
export const FORBIDDEN = 'EFORBIDDENADDRESS';

const internal = new BlockList();
const V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // unspecified, "this network"
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, cloud metadata
  ['168.63.129.16', 32], // the host of virtual machines at Azure
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // benchmarks
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
];
const V6: readonly (readonly [string, number])[] = [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b:1::', 48], // NAT64 of the local network
  ['100::', 64], // discard
  ['2001::', 32], // Teredo
  ['5f00::', 16], // segment routing
  ['fc00::', 7], // unique local
  ['fe80::', 10], // link-local
  ['fec0::', 10], // site-local, deprecated
  ['ff00::', 8], // multicast
];
for (const [net, prefix] of V4) internal.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of V6) internal.addSubnet(net, prefix, 'ipv6');

/** Whether an IP address is internal, so that external requests must not target it. */
export function isInternalAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 4) return internal.check(bare, 'ipv4');
  if (family !== 6) return false;
  if (internal.check(bare, 'ipv6')) return true;
  const inner = embeddedV4(bare);
  return inner !== undefined && internal.check(inner, 'ipv4');
}

/** The IPv4 address in an IPv6 one: mapped, compatible, NAT64 or 6to4. */
function embeddedV4(address: string): string | undefined {
  const words = expand(address);
  const dotted = (high: number, low: number): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  const zeroes = (upTo: number): boolean => words.slice(0, upTo).every((word) => word === 0);
  const [first = 0, second = 0, third = 0] = words;
  const last = dotted(words[6] ?? 0, words[7] ?? 0);
  if (zeroes(5) && words[5] === 0xffff) return last;
  if (zeroes(6)) return last;
  // ::ffff:0:a.b.c.d, the translated form
  if (zeroes(4) && words[4] === 0xffff && words[5] === 0) return last;
  if (first === 0x64 && second === 0xff9b) return last;
  if (first === 0x2002) return dotted(second, third);
  return undefined;
}

/** Returns the eight words of an IPv6 address. */
function expand(address: string): readonly number[] {
  // The URL parser writes a dotted tail as two hexadecimal words.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const words = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
  const front = words(head);
  if (tail === undefined) return front;
  const back = words(tail);
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}

/**
 * Creates a lookup that leaves out internal addresses and fails when nothing else remains. It runs for each connection, so DNS
 * rebinding gains nothing.
 */
export function guardLookup(lookup: Lookup = systemLookup as Lookup): Lookup {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
      const allowed = addresses.filter(({ address }) => !isInternalAddress(address));
      const [first] = allowed;
      if (first === undefined) {
        return callback(
          Object.assign(new Error(`${hostname} resolves to an internal address.`), { code: FORBIDDEN }),
          [],
        );
      }
      if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
