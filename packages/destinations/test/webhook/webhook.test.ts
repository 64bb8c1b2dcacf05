import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhook } from '@waybill/destinations';
import { createTestDestination, createTestEvent, propertyTests, runCaseFiles } from '@waybill/testing';
import { isSigned, openReceiver, type Receiver } from './receiver.ts';

const KEY = Buffer.from('a key of twenty-four byte');
const SECRET = `whsec_${KEY.toString('base64')}`;
const settings = { url: 'https://hooks.example/in', secret: SECRET };

propertyTests(webhook, { describe, it }, { settings });
runCaseFiles(new URL('cases', import.meta.url).pathname, webhook, { describe, it });

describe('a signature', () => {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await openReceiver(KEY);
  });
  afterAll(() => receiver.close());

  const under = (more: object = {}) =>
    createTestDestination(webhook, {
      settings: { ...settings, url: receiver.url, ...more },
      live: true,
      allowedHosts: [new URL(receiver.url).host],
      clock: { now: Date.now },
    });

  it('is verified by a receiver, over the bytes that arrive', async () => {
    const event = createTestEvent('Order Completed', { properties: { note: 'ü€\u2028"' } });
    await under().run(event);
    const [first] = receiver.received.slice(-1);
    expect(first).toMatchObject({ method: 'POST', isSigned: true });
    expect(isSigned(first!.headers, `${first!.body} `, KEY)).toBe(false);
    expect(isSigned(first!.headers, first!.body, KEY, Date.now() + 400_000)).toBe(false);
  });

  it('is the same for a request at each attempt, and different otherwise', async () => {
    const [one, other] = [
      createTestEvent('Order Completed', { messageId: 'a' }),
      createTestEvent('Order Completed', { messageId: 'b' }),
    ];
    for (const event of [one, one, other]) await under().run(event);
    const ids = receiver.received.slice(-3).map(({ headers }) => headers['webhook-id']);
    expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
  });

  it('uses a secret that is not base64 unchanged, and is omitted without one', async () => {
    await under({ secret: 'plain' }).run(createTestEvent('Order Completed'));
    const { headers, body } = receiver.received.at(-1)!;
    const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', 'plain').update(text).digest('base64')}`,
    );
    await under({ secret: undefined }).run(createTestEvent('Order Completed'));
    expect(receiver.received.at(-1)!.headers).not.toHaveProperty('webhook-signature');
  });

  it('and the credential are in no record', async () => {
    const { requests } = await under({ credential: 'Bearer of-nobody' }).run(
      createTestEvent('Order Completed'),
    );
    expect(receiver.received.at(-1)!.headers.authorization).toBe('Bearer of-nobody');
    expect(JSON.stringify(requests)).not.toMatch(/of-nobody|whsec_/);
  });
});
