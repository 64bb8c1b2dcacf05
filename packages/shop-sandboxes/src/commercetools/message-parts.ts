import type { Change, Order, ShopModel, Subscription } from '../model/index.ts';
import { recurringOf } from './carts.ts';
import { CONSENT_FIELDS, customerOf, reviewOf } from './customers.ts';
import { deliveriesOf, orderOf, paymentOf, shipmentStateOf } from './orders.ts';
import { productOf } from './products.ts';
import { idOf, type Json, money, reference, stamped, time } from './values.ts';

const NOTHING: ReadonlySet<string> = new Set();

/** The specific members of a message of this type. */
export function partsOf(type: string, change: Change, model: ShopModel): Json {
  switch (change.kind) {
    case 'order':
      return orderParts(type, change, model);
    case 'customer':
      return customerParts(type, change, model);
    case 'product': {
      if (type === 'ProductUnpublished') return {};
      const images = change.before?.images ?? [];
      if (type === 'ProductDeleted') return { removedImageUrls: images };
      const productProjection = productOf(model, change.after!, NOTHING);
      return { productProjection, removedImageUrls: [], scope: 'All' };
    }
    case 'review': {
      if (type === 'ReviewCreated') return { review: reviewOf(model, change.after!, NOTHING) };
      const counts = (review = change.after): boolean => review?.status === 'approved';
      return {
        newState: reference('state', idOf(`review ${change.after?.status}`)),
        oldIncludedInStatistics: counts(change.before),
        newIncludedInStatistics: counts(),
        force: false,
      };
    }
    case 'subscription':
      return subscriptionParts(type, change, model);
    default:
      return {};
  }
}

type Of<K extends Change['kind']> = Extract<Change, { readonly kind: K }>;

function orderParts(type: string, { before, after, uuid, seq, at }: Of<'order'>, model: ShopModel): Json {
  const order = (after ?? before)!;
  const shop = model.tables.store.get(order.storeId);
  switch (type) {
    case 'OrderCreated':
    case 'OrderDeleted':
      return { order: orderOf(model, order, NOTHING) };
    case 'OrderEditApplied': {
      const excerpt = (of: Order) => ({
        totalPrice: money(of.subtotal + of.shipping, shop.currency),
        version: of.version,
      });
      const [excerptBeforeEdit, excerptAfterEdit] = [excerpt(before ?? order), excerpt(order)];
      const result = { type: 'Applied', appliedAt: time(at), excerptBeforeEdit, excerptAfterEdit };
      const made = stamped(idOf(`edit ${seq}`), 2, at, at);
      return { edit: { ...made, resource: reference('order', uuid), stagedActions: [], result }, result };
    }
    case 'OrderStateChanged':
      return { orderState: 'Cancelled', oldOrderState: 'Open' };
    case 'OrderShipmentStateChanged':
      return { shipmentState: shipmentStateOf(order), oldShipmentState: shipmentStateOf(before ?? order) };
    case 'DeliveryAdded':
      return { delivery: deliveriesOf(order).at(-1) };
    case 'ParcelTrackingDataUpdated': {
      const delivery = deliveriesOf(order).at(-1);
      const parcel = delivery?.parcels[0];
      return { deliveryId: delivery?.id, parcelId: parcel?.id, trackingData: parcel?.trackingData };
    }
    case 'OrderCustomerSet': {
      const account =
        order.customerId === undefined ? undefined : model.tables.customer.find(order.customerId);
      return { customer: account && reference('customer', account.uuid) };
    }
    case 'PaymentTransactionAdded': {
      const { transactions } = paymentOf(order, shop) as { readonly transactions: readonly Json[] };
      return { transaction: transactions.at(-1) };
    }
    default:
      return { name: 'note', value: order.history.at(-1)?.comment ?? '' };
  }
}

function customerParts(type: string, { before, after }: Of<'customer'>, model: ShopModel): Json {
  if (type === 'CustomerDeleted') return { email: before?.email };
  if (type === 'CustomerEmailChanged') return { email: after?.email, oldEmail: before?.email };
  const customer = customerOf(model, after!, NOTHING);
  if (type === 'CustomerCreated') return { customer };
  const { fields } = customer['custom'] as { readonly fields: Json };
  return { name: CONSENT_FIELDS.email, value: fields[CONSENT_FIELDS.email] ?? '' };
}

const STATES: Readonly<Record<Subscription['status'], string>> = {
  active: 'Active',
  paused: 'Paused',
  cancelled: 'Canceled',
};

function subscriptionParts(type: string, { before, after, at }: Of<'subscription'>, model: ShopModel): Json {
  const one = (after ?? before)!;
  if (type === 'RecurringOrderCreated') return { recurringOrder: recurringOf(model, one, NOTHING) };
  if (type === 'RecurringOrderFailed')
    return {
      cartId: idOf(`cart ${one.uuid}`),
      failedAt: time(at),
      failureReason: 'PaymentFailed',
      orderScheduledAt: time(one.nextAt ?? at),
    };
  return { state: STATES[one.status], oldState: STATES[(before ?? one).status] };
}
