import { describe, expect, it } from 'vitest';
import { contextOf, SETTINGS, ultracart } from './shop.ts';

const { hints, subscribe } = ultracart.shop!;
const { context } = contextOf(() => undefined);

function requestOf(body: string, login: string | undefined = `waybill:${SETTINGS.webhookPassword}`) {
  const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  return { method: 'POST', headers: { authorization }, query: {}, body: new TextEncoder().encode(body) };
}

const batch = JSON.stringify({
  events: [
    { order_create: { order_id: 'DEMO-1', creation_dts: '2026-02-03T03:00:12-05:00' } },
    { order_payment_process: { order_id: 'DEMO-1' } },
    { auto_order_cancel: { auto_order_oid: 4411, original_order_id: 'DEMO-0' } },
    { customer_update: { customer_profile_oid: 3216 } },
    { item_delete: { merchant_item_id: 'BONE / 2' } },
    { checkout_cart_abandon: { cart_id: '9F1B' } },
    { fulfillment_hold: { order_id: 'DEMO-2' } },
    { order_ship: null },
  ],
});

describe('a webhook', () => {
  it('reports many things at once, and each of them once', async () => {
    expect(await hints!(requestOf(batch), context)).toEqual({
      hints: [
        { stream: 'orders', id: 'DEMO-1' },
        { stream: 'autoOrders', id: '4411' },
        { stream: 'customers', id: '3216' },
        { stream: 'products', id: 'BONE / 2' },
        { stream: 'carts', id: '9F1B' },
      ],
    });
  });

  it.each([
    ['another password', 'waybill:guessed'],
    ['another user', `admin:${SETTINGS.webhookPassword}`],
    ['no password', 'waybill:'],
    ['nothing', ''],
  ])('with %s is refused', async (_what, login) => {
    expect(await hints!(requestOf(batch, login), context)).toMatchObject({
      refused: { code: 'source_signature_invalid' },
    });
  });

  it('without a login is refused', async () => {
    expect(await hints!({ ...requestOf(batch), headers: {} }, context)).toHaveProperty('refused');
  });

  it('made before the password was renewed is accepted', async () => {
    const settings = { webhookPassword: 'new', previousWebhookPassword: SETTINGS.webhookPassword };
    const renewed = contextOf(() => undefined, settings).context;
    expect(await hints!(requestOf(batch), renewed)).toHaveProperty('hints');
    expect(await hints!(requestOf(batch, 'waybill:new'), renewed)).toHaveProperty('hints');
    expect(await hints!(requestOf(batch, 'waybill:'), renewed)).toHaveProperty('refused');
  });

  it.each(['no json', '[]', '{"events":{}}', 'H4sIAAAA'])('that is invalid is refused: %s', async (body) => {
    expect(await hints!(requestOf(body), context)).toMatchObject({ refused: { code: 'request_invalid' } });
  });
});

describe('subscribing', () => {
  const address = 'https://waybill.example/sources/shop/webhook';

  it('creates a webhook with a login that its requests then have', async () => {
    const without = contextOf(
      ({ path, call }) => {
        if (path !== 'webhook/webhooks') return undefined;
        return { body: { success: true, ...(call.method === 'POST' ? { webhook: {} } : { webhooks: [] }) } };
      },
      { webhookPassword: undefined },
    );
    expect(await subscribe!(address, without.context)).toEqual({
      message: `A webhook calls ${address}: created.`,
    });
    const { basic_username: user, basic_password: password, ...made } = without.calls.at(-1)!.json;
    expect(made).toMatchObject({
      webhook_url: address,
      authentication_type: 'basic',
      compress_events: false,
    });
    expect(
      await hints!(requestOf(batch, `${String(user)}:${String(password)}`), without.context),
    ).toHaveProperty('hints');
  });

  it('switches a webhook on again', async () => {
    const { context: subscribing, calls } = contextOf(({ path }) => {
      if (path === 'webhook/webhooks')
        return { body: { webhooks: [{ webhook_oid: 9, webhook_url: address, disabled: true }] } };
      return path === 'webhook/webhooks/9' ? { body: { success: true } } : undefined;
    });
    expect(await subscribe!(address, subscribing)).toEqual({
      message: `A webhook calls ${address}: renewed, which was disabled.`,
    });
    expect(calls.at(-1)).toMatchObject({
      call: { method: 'PUT' },
      json: { webhook_oid: 9, disabled: false },
    });
  });
});
