import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bigcommerce, contextOf, NOW, SETTINGS } from './shop.ts';

const { hints } = bigcommerce.shop!;
const { context } = contextOf(() => undefined);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Signed {
  readonly body: string;
  readonly secret?: string;
  readonly at?: number;
  readonly as?: string;
}

function requestOf({ body, secret = SETTINGS.clientSecret, at = NOW / 1000, as = body }: Signed) {
  const signature = createHmac('sha256', secret).update(`msg_1.${at}.${as}`).digest('base64');
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(at),
    'webhook-signature': `v1a,other v1,${signature}`,
  };
  return { method: 'POST', headers, query: {}, body: bytes(body) };
}

const hookOf = (scope: string, data: unknown): string =>
  JSON.stringify({ scope, data, producer: 'stores/abc123' });
const order = hookOf('store/order/created', { type: 'order', id: 250 });

describe('a webhook', () => {
  it('with the signature of a third party is accepted', async () => {
    // Created with the library standardwebhooks.
    const body =
      '{"scope":"store/order/created","store_id":"1025646","data":{"type":"order","id":250},"hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1767225600,"producer":"stores/abc123"}';
    const headers = {
      'webhook-id': 'msg_2Lh9KRb0pzN4LePd3XiA4v12Axj',
      'webhook-timestamp': '1767225600',
      'webhook-signature': 'v1,r7X3EUUeYurxO/0guuL/jfV08OwhysaxEXI8hg18NlY=',
    };
    const answer = await hints!({ method: 'POST', headers, query: {}, body: bytes(body) }, context);
    expect(answer).toEqual({ hints: [{ stream: 'orders', id: '250' }] });
  });

  it.each<readonly [string, Signed]>([
    ['is not signed by the store', { body: order, secret: 'another' }],
    ['was altered', { body: order, as: order.replace('250', '251') }],
    ['was written anew', { body: JSON.stringify(JSON.parse(order), null, 1), as: order }],
    ['is old', { body: order, at: NOW / 1000 - 301 }],
    ['is of the future', { body: order, at: NOW / 1000 + 301 }],
  ])('that %s is refused', async (_why, signed) => {
    expect(await hints!(requestOf(signed), context)).toMatchObject({
      refused: { code: 'source_signature_invalid' },
    });
  });

  it('that was signed before the secret was renewed is accepted', async () => {
    const settings = { clientSecret: 'new', previousClientSecret: SETTINGS.clientSecret };
    const renewed = contextOf(() => undefined, settings).context;
    expect(await hints!(requestOf({ body: order }), renewed)).toHaveProperty('hints');
  });

  it('without a signature needs the header of the registered hooks', async () => {
    const unsigned = { method: 'POST', headers: {}, query: {}, body: bytes(order) };
    expect(await hints!(unsigned, context)).toMatchObject({ refused: { code: 'source_signature_invalid' } });
    const { context: subscribing, calls } = contextOf((path) =>
      path === 'v3/hooks' ? { body: { data: [] } } : undefined,
    );
    await bigcommerce.shop!.subscribe!('https://waybill.example/hook', subscribing);
    const made = calls.find(({ call }) => call.method === 'POST')!.call.json as {
      headers: Record<string, string>;
    };
    expect(await hints!({ ...unsigned, headers: made.headers }, context)).toHaveProperty('hints');
    const header = { 'x-waybill-hook': 'guessed' };
    expect(await hints!({ ...unsigned, headers: header }, context)).toHaveProperty('refused');
  });

  it.each(['no json', '[]', hookOf('store/order/created', { id: 1 }).replace('abc123', 'other')])(
    'that is invalid is refused: %s',
    async (body) => {
      expect(await hints!(requestOf({ body }), context)).toMatchObject({
        refused: { code: 'request_invalid' },
      });
    },
  );

  it.each<readonly [string, unknown, readonly (readonly [string, string])[]]>([
    ['store/order/statusUpdated', { type: 'order', id: 250, status: {} }, [['orders', '250']]],
    ['store/order/refund/created', { type: 'order', id: 250, refund: { refund_id: 3 } }, [['orders', '250']]],
    ['store/order/metafield/created', { type: 'metafield', id: 3 }, []],
    ['store/shipment/created', { type: 'shipment', id: 12, orderId: 251 }, [['orders', '251']]],
    ['store/cart/lineItem/created', { type: 'cart_line_item', id: 'x-1', cartId: 'c-1' }, [['carts', 'c-1']]],
    ['store/cart/abandoned', { type: 'cart', id: 'c-1', token: 't-1' }, [['abandonedCarts', 't-1']]],
    [
      'store/cart/converted',
      { type: 'cart', id: 'c-1', orderId: 252 },
      [
        ['carts', 'c-1'],
        ['orders', '252'],
      ],
    ],
    ['store/customer/updated', { type: 'customer', id: 32 }, [['customers', '32']]],
    [
      'store/customer/address/updated',
      { type: 'customer', id: 60, address: { customer_id: 32 } },
      [['customers', '32']],
    ],
    ['store/subscriber/created', { type: 'subscriber', id: 5 }, [['subscribers', '5']]],
    [
      'store/product/inventory/updated',
      { type: 'product', id: 205, inventory: { product_id: 205 } },
      [['products', '205']],
    ],
    ['store/sku/updated', { type: 'sku', id: 9, sku: { product_id: 205 } }, [['products', '205']]],
    ['store/channel/1/order/updated', { order_id: 127 }, [['orders', '127']]],
    ['store/channel/1/cart/lineItems/created', { cart_id: 'c-2', cart_item_id: 'x' }, [['carts', 'c-2']]],
    ['store/customer/channel/login/access/updated', { customer_id: 22 }, [['customers', '22']]],
    ['store/channel/1/theme/updated', { theme_id: 't' }, []],
    ['store/app/uninstalled', {}, []],
    ['store/order/created', { type: 'order', id: '../../v3/hooks' }, []],
  ])('of %s is read', async (scope, data, expected) => {
    const answer = await hints!(requestOf({ body: hookOf(scope, data) }), context);
    expect(answer).toEqual({ hints: expected.map(([stream, id]) => ({ stream, id })) });
  });
});
