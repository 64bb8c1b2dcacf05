import { expect, it } from 'vitest';
import { createReach } from '../src/index.ts';
import type { Lookup } from '../src/request/address.ts';

const NAMES: Readonly<Record<string, string>> = { 'db.example': '93.184.216.34', inside: '10.0.0.7' };
const lookup: Lookup = (host, options, callback) => {
  const address = NAMES[host];
  if (address === undefined) callback(Object.assign(new Error(host), { code: 'ENOTFOUND' }), '');
  else if (options.all === true) callback(null, [{ address, family: 4 }]);
  else callback(null, address, 4);
};

it('returns the address of a reachable host, by name or by address', async () => {
  const reach = createReach({ allowedHosts: ['Inside:5432', '127.0.0.1:5432', '::1'], lookup });
  expect(await reach('db.example', 1)).toEqual({ address: '93.184.216.34' });
  expect(await reach('INSIDE', 5432)).toEqual({ address: '10.0.0.7' });
  expect(await reach('127.0.0.1', 5432)).toEqual({ address: '127.0.0.1' });
  expect(await reach('[::1]', 5433)).toEqual({ address: '::1' });
  for (const [host, port] of [
    ['inside', 5433],
    ['127.0.0.1', 5433],
    ['169.254.169.254', 80],
    ['::ffff:10.0.0.1', 5432],
  ] as const)
    expect(await reach(host, port)).toMatchObject({ refused: 'forbidden' });
  expect(await reach('nowhere', 5432)).toMatchObject({ refused: 'unknown' });
});
