import { createHash, createHmac } from 'node:crypto';
import type { Delivery } from '../frame/index.ts';
import type { Change, Order } from '../model/index.ts';
import { tokenOf } from './carts.ts';
import { statusOf } from './values.ts';

/** A hook that was created by the API. */
export interface Hook {
  readonly id: number;
  readonly scope: string;
  readonly destination: string;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly is_active: boolean;
  readonly created_at: number;
  readonly updated_at: number;
}

/** The delays before further attempts, in milliseconds: two days in total, then the hook is disabled. */
export const RETRIES = [60, 180, 300, 600, 900, 1800, 3600, 7200, 21_600, 50_400, 86_400].map(
  (s) => s * 1000,
);

/** The notification of a change: a scope and IDs only. */
interface Told {
  readonly scope: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Returns the requests of active hooks for a change. */
export function deliveriesOf(
  change: Change,
  hooks: readonly Hook[],
  { storeHash, clientSecret }: { readonly storeHash: string; readonly clientSecret: string },
): readonly { readonly hook: number; readonly delivery: Delivery }[] {
  return toldOf(change).flatMap(({ scope, data }, at) =>
    hooks
      .filter((hook) => hook.is_active && covers(hook.scope, scope))
      .map((hook) => {
        const id = `msg_${change.seq}_${at}_${hook.id}`;
        const created_at = Math.floor(change.at / 1000);
        const hash = createHash('sha1')
          .update(JSON.stringify([scope, data, created_at]))
          .digest('hex');
        const body = JSON.stringify({
          scope,
          store_id: '1025646',
          data,
          hash,
          created_at,
          producer: `stores/${storeHash}`,
        });
        const request = (now: number) => {
          const seconds = Math.floor(now / 1000);
          const signature = createHmac('sha256', clientSecret)
            .update(`${id}.${seconds}.${body}`)
            .digest('base64');
          const signed = {
            'webhook-id': id,
            'webhook-timestamp': String(seconds),
            'webhook-signature': `v1,${signature}`,
          };
          const headers = { 'content-type': 'application/json', ...signed, ...hook.headers };
          return { url: hook.destination, headers, body };
        };
        return { hook: hook.id, delivery: { id, request } };
      }),
  );
}

/** A scope that ends in a star includes all below it. */
function covers(wanted: string, scope: string): boolean {
  return wanted.endsWith('/*') ? scope.startsWith(wanted.slice(0, -1)) : wanted === scope;
}

function toldOf(change: Change): readonly Told[] {
  const { id } = change;
  switch (change.kind) {
    case 'order':
      return ordersTold(change);
    case 'cart':
      return cartsTold(change);
    case 'customer': {
      if (change.what === 'address')
        return [
          {
            scope: 'store/customer/address/created',
            data: { type: 'customer', id: change.about, address: { customer_id: id } },
          },
        ];
      const what = change.what === 'email' ? 'updated' : change.what;
      return [{ scope: `store/customer/${what}`, data: { type: 'customer', id } }];
    }
    case 'consent':
      if ((change.after ?? change.before)!.channel !== 'email') return [];
      return [{ scope: `store/subscriber/${change.what}`, data: { type: 'subscriber', id } }];
    case 'product': {
      const stock = { type: 'product', id, inventory: { product_id: id, method: 'absolute' } };
      if (change.what === 'stock') return [{ scope: 'store/product/inventory/updated', data: stock }];
      return [{ scope: `store/product/${change.what}`, data: { type: 'product', id } }];
    }
    default:
      return [];
  }
}

function ordersTold(change: Extract<Change, { kind: 'order' }>): readonly Told[] {
  const { id, what, about, before, after } = change;
  const order = { type: 'order', id };
  const updated = { scope: 'store/order/updated', data: order };
  const shipment = { type: 'shipment', id: about, orderId: id };
  const moved = movedTold(id, before, after);
  switch (what) {
    case 'created':
      return [{ scope: 'store/order/created', data: order }, ...moved];
    case 'refunded':
      return [
        { scope: 'store/order/refund/created', data: { ...order, refund: { refund_id: about } } },
        ...moved,
      ];
    case 'shipped':
      return [{ scope: 'store/shipment/created', data: shipment }, ...moved, updated];
    case 'tracked':
      return [{ scope: 'store/shipment/updated', data: shipment }];
    // BigCommerce does not notice it.
    case 'delivered':
      return [];
    case 'deleted':
      return [{ scope: 'store/order/archived', data: order }];
    default:
      return [...moved, updated];
  }
}

function movedTold(id: number, before: Order | undefined, after: Order | undefined): readonly Told[] {
  const previous = before === undefined ? 0 : statusOf(before).id;
  const next = after === undefined ? previous : statusOf(after).id;
  if (previous === next) return [];
  const status = { previous_status_id: previous, new_status_id: next };
  return [{ scope: 'store/order/statusUpdated', data: { type: 'order', id, status } }];
}

function cartsTold({ what, uuid, after }: Extract<Change, { kind: 'cart' }>): readonly Told[] {
  const cart = { type: 'cart', id: uuid };
  const updated = { scope: 'store/cart/updated', data: cart };
  switch (what) {
    case 'created':
      return [{ scope: 'store/cart/created', data: cart }, updated];
    case 'coupon':
      return [{ scope: 'store/cart/couponApplied', data: { ...cart, couponId: 1 } }, updated];
    case 'abandoned':
      return [{ scope: 'store/cart/abandoned', data: { ...cart, token: tokenOf({ uuid }) } }];
    case 'ordered':
      return [{ scope: 'store/cart/converted', data: { ...cart, orderId: after?.orderId } }];
    case 'merged':
    case 'deleted':
      return [{ scope: 'store/cart/deleted', data: cart }, updated];
    default:
      return [updated];
  }
}
