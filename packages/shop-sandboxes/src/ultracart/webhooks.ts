import type { Delivery, ViewContext } from '../frame/index.ts';
import type { Change, Happenings } from '../model/index.ts';
import { orderId } from './orders.ts';

/** A webhook that was created by the API. */
export interface Webhook {
  readonly webhook_oid: number;
  readonly webhook_url: string;
  readonly basic_username: string;
  readonly basic_password: string;
  readonly disabled: boolean;
}

const ORDER: Readonly<Partial<Record<Happenings['order'], string>>> = {
  created: 'order_create',
  paid: 'order_payment_process',
  cancelled: 'order_reject',
  refunded: 'order_refund',
  shipped: 'order_ship',
  delivered: 'order_ship_delivered',
  deleted: 'order_delete',
};
const AUTO_ORDER: Readonly<Partial<Record<Happenings['subscription'], string>>> = {
  created: 'auto_order_create',
  renewed: 'auto_order_rebill',
  failed: 'auto_order_decline',
  cancelled: 'auto_order_cancel',
};

/** The notification of a change: the name of the event, and IDs. */
function toldOf(change: Change, { model }: ViewContext): Readonly<Record<string, unknown>> | undefined {
  const { kind, what, id } = change;
  const made = what === 'created' ? 'create' : what === 'deleted' ? 'delete' : 'update';
  if (kind === 'order') return { [ORDER[what] ?? 'order_update']: { order_id: orderId({ id }) } };
  if (kind === 'subscription') return { [AUTO_ORDER[what] ?? 'auto_order_update']: { auto_order_oid: id } };
  if (kind === 'customer') return { [`customer_${made}`]: { customer_profile_oid: id } };
  if (kind === 'product')
    return { [`item_${made}`]: { merchant_item_id: (change.after ?? change.before)!.sku } };
  if (kind === 'cart' && what === 'abandoned') return { checkout_cart_abandon: { cart_id: change.uuid } };
  if (kind !== 'consent' || change.after === undefined) return undefined;
  const { email } = change.after;
  const customer = model.tables.customer.all().find((one) => one.email === email);
  return customer && { customer_update: { customer_profile_oid: customer.id } };
}

/** The requests of a change. */
export function deliveriesOf(
  change: Change,
  webhooks: readonly Webhook[],
  context: ViewContext,
): readonly Delivery[] {
  const told = toldOf(change, context);
  if (told === undefined) return [];
  return webhooks
    .filter(({ disabled }) => !disabled)
    .map((hook) => {
      const login = Buffer.from(`${hook.basic_username}:${hook.basic_password}`).toString('base64');
      const headers = { 'content-type': 'application/json', authorization: `Basic ${login}` };
      const body = JSON.stringify({ events: [told] });
      return {
        id: `${change.seq}_${hook.webhook_oid}`,
        request: () => ({ url: hook.webhook_url, headers, body }),
      };
    });
}
