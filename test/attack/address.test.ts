import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { createRequest, isInternalAddress } from '@waybill/delivery';
import { type Harness, openHarness } from '../e2e/harness.ts';
import { scale } from './scale.ts';

/*
 * Internal addresses as the address of a destination: in every form that a URL can have, by names that resolve to them, and as
 * redirect targets. A service on this machine counts requests: there must be none.
 */

/** An IPv4 address as addresses in URLs may write it. */
function forms(address: string): readonly string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const words = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  const octal = [a, b, c, d].map((one) => `0${one.toString(8)}`).join('.');
  const hex = [a, b, c, d].map((one) => `0x${one.toString(16)}`).join('.');
  return [
    address,
    `${address}.`,
    String(whole),
    `0x${whole.toString(16)}`,
    octal,
    hex,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `[::ffff:${address}]`,
    `[::ffff:${words}]`,
    `[::${words}]`,
    `[64:ff9b::${words}]`,
    `[64:ff9b:1::${words}]`,
    `[2002:${words}::1]`,
    `[::ffff:0:${words}]`,
  ];
}

const V4 = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
];
const V6 = [
  '::1',
  '::',
  'fe80::1',
  'fe80::a9fe:a9fe',
  'fc00::1',
  'fd00:ec2::254',
  'fec0::1',
  'ff02::1',
  '100::1',
  '2001::1',
  '5f00::1',
  '0:0:0:0:0:0:0:1',
];
const HOSTS = [...V4.flatMap(forms), ...V6.map((one) => `[${one}]`)];
const NAMES = ['localhost', 'LOCALHOST', hostname()];

let hits = 0;
let service: Server;
let port = 0;
let harness: Harness;

beforeAll(async () => {
  service = createServer((_request, response) => {
    hits += 1;
    response.end('{}');
  });
  await new Promise<void>((ready) => service.listen(0, '0.0.0.0', ready));
  ({ port } = service.address() as AddressInfo);
  harness = await openHarness();
});
afterAll(async () => {
  await harness.close();
  service.close();
});

describe('an internal address', () => {
  it('is refused as the address of a destination, in every form', async () => {
    const hosts = [...HOSTS, ...NAMES];
    const step = Math.max(1, Math.floor(hosts.length / scale(30, hosts.length)));
    const bad: unknown[] = [];
    for (const host of hosts.filter((_one, at) => at % step === 0)) {
      const settings = { apiKey: 'a-key', apiUrl: `http://${host}:${port}` };
      const saved = await harness.admin('destinations', {
        method: 'POST',
        body: { id: 'x', type: 'iterable', settings, enabled: false },
      });
      if (saved.status !== 201) {
        bad.push([host, saved.body]);
        continue;
      }
      const { body } = await harness.admin('destinations/x/test', { method: 'POST' });
      if (body.issue?.code !== 'destination_address_forbidden') bad.push([host, body]);
      await harness.admin('destinations/x', { method: 'DELETE' });
    }
    expect(bad).toEqual([]);
    expect(hits).toBe(0);
    expect(hosts.length).toBeGreaterThan(112);
  });

  it('is refused by the request guard in every form, and a public one is not', async () => {
    const { request } = createRequest({ timeoutMs: 2_000 });
    for (const host of HOSTS) {
      const answer = await request({ url: `http://${host}:${port}/` });
      expect([host, answer.kind === 'failure' && answer.code]).toEqual([
        host,
        'destination_address_forbidden',
      ]);
    }
    for (const one of [
      '8.8.8.8',
      '1.1.1.1',
      '172.32.0.1',
      '100.128.0.1',
      '2606:4700::1111',
      '::ffff:8.8.8.8',
      '2a00:1450::1',
    ])
      expect([one, isInternalAddress(one)]).toEqual([one, false]);
    expect(hits).toBe(0);
  });

  it('is refused behind a name, also when the name had another address before', async () => {
    let answers = 0;
    const lookup = (
      _name: string,
      _options: unknown,
      done: (error: null, found: { address: string; family: number }[]) => void,
    ): void => {
      answers += 1;
      done(null, [
        {
          address: ['127.0.0.1', '::ffff:127.0.0.1', '169.254.169.254'][answers % 3]!,
          family: answers % 3 === 1 ? 6 : 4,
        },
      ]);
    };
    const { request } = createRequest({ lookup: lookup as never, timeoutMs: 2_000 });
    for (let at = 0; at < 6; at += 1) {
      const answer = await request({ url: `http://rebound.example:${port}/` });
      expect(answer).toMatchObject({ kind: 'failure', code: 'destination_address_forbidden' });
    }
    expect([answers > 0, hits]).toEqual([true, 0]);
  });
});

describe('a redirect', () => {
  it('to an internal address is not followed: not by Iterable, not by a published definition', async () => {
    const target = `http://127.0.0.1:${port}/inside`;
    const open = createServer((_request, response) => response.writeHead(307, { location: target }).end());
    await new Promise<void>((ready) => open.listen(0, '127.0.0.1', ready));
    const host = `127.0.0.1:${(open.address() as AddressInfo).port}`;
    const other = await openHarness({
      server: { allowedHosts: [host], destinations: ['segment:actions-webhook'] },
      workspace: () => ({
        sources: [{ id: 'shop', writeKey: 'demo' }],
        destinations: [
          { id: 'mail', type: 'iterable', settings: { apiKey: 'a-key', apiUrl: `http://${host}` } },
          {
            id: 'hook',
            type: 'actions-webhook',
            settings: {},
            mappings: [
              {
                id: 'w',
                action: 'send',
                dialect: 'segment',
                trigger: 'type = "track"',
                mapping: {
                  url: `http://${host}/hook`,
                  method: 'POST',
                  data: { name: { '@path': '$.event' } },
                },
              },
            ],
          },
        ],
      }),
    });
    try {
      await other.track('track', { messageId: 'r', userId: 'u', event: 'Seen' });
      for (let wait = 0; wait < 1_200 && (await other.steps('r')).length < 2; wait += 1)
        await new Promise((go) => setTimeout(go, 50));
      const steps = await other.steps('r');
      expect(steps.map(({ destination }) => destination).sort()).toEqual(['hook', 'mail']);
      expect(steps.some(({ status }) => status === 'delivered')).toBe(false);
      expect(hits).toBe(0);
    } finally {
      await other.close();
      open.close();
    }
  }, 120_000);
});
