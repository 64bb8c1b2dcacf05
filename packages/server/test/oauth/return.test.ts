import { expect, it } from 'vitest';
import { mayReturnTo } from '../../src/oauth/return.ts';

const PUBLIC = 'https://waybill.example';

it.each([
  ['https://waybill.example/console/connect', true],
  ['http://127.0.0.1:4404/callback', true],
  ['http://[::1]:4404/callback', true],
  // Unencrypted, on another port, and with a name that only begins in the same way.
  ['http://waybill.example/console/connect', false],
  ['https://waybill.example:8443/console/connect', false],
  ['https://waybill.example.evil.example/console/connect', false],
  ['https://waybill.example@evil.example/console/connect', false],
  ['https://:password@waybill.example/console/connect', false],
  ['https://waybill.example/console/connect#there', false],
  ['https://waybill.example/elsewhere', false],
  ['https://evil.example/console/connect', false],
  ['https://127.0.0.1.evil.example/callback', false],
  ['javascript://waybill.example/console/connect', false],
  ['nothing', false],
])('sends a code back to %s: %s', (address, may) => {
  expect(mayReturnTo(address, 'waybill.example', PUBLIC)).toBe(may);
});

it('accepts the host of a request as its own only where no other page can resolve it here', () => {
  const own = 'http://10.0.0.5:8080/console/connect';
  expect(mayReturnTo(own, '10.0.0.5:8080', undefined)).toBe(true);
  expect(mayReturnTo(own, '10.0.0.6:8080', undefined)).toBe(false);
  expect(mayReturnTo('http://evil.example/console/connect', 'evil.example', undefined)).toBe(false);
});
