import type { Order, ShopModel, Store } from '../model/index.ts';
import { codesOf, linesOf, shippingOf } from './lines.ts';
import { addressOf, idOf, type Json, money, reference, stamped, taxed, time } from './values.ts';

/** The orders, without those whose payment may still fail. */
export function ordersOf(model: ShopModel): readonly Order[] {
  return model.tables.order.all().filter(({ placedAt }) => placedAt !== undefined);
}

/** An order. */
export function orderOf(model: ShopModel, order: Order, expand: ReadonlySet<string>): Json {
  const { store, customer, cart, subscription } = model.tables;
  const shop = store.get(order.storeId);
  const account = order.customerId === undefined ? undefined : customer.find(order.customerId);
  const recurring = order.subscriptionId === undefined ? undefined : subscription.find(order.subscriptionId);
  const basket = order.cartId === undefined ? undefined : cart.find(order.cartId);
  const payment = { ...reference('payment', order.paymentUuid) };
  const isExpanded = expand.has('paymentInfo.payments[*]');
  return {
    type: 'Order',
    ...stamped(order.uuid, order.version, order.placedAt!, order.updatedAt),
    orderNumber: order.number,
    customerId: account?.uuid,
    customerEmail: order.email,
    anonymousId: account === undefined ? order.anonymousId : undefined,
    locale: shop.locale,
    country: shop.country,
    store: { typeId: 'store', key: shop.code },
    ...totalsOf(order, shop),
    lineItems: linesOf(model, order.lines, shop),
    customLineItems: [],
    discountCodes: codesOf(order.coupon, expand),
    billingAddress: addressOf(order.billingAddress, order.email),
    shippingAddress: addressOf(order.shippingAddress, order.email),
    shippingMode: 'Single',
    shippingInfo: shippingOf(order, shop, deliveriesOf(order)),
    shipping: [],
    paymentInfo: { payments: [isExpanded ? { ...payment, obj: paymentOf(order, shop) } : payment] },
    taxMode: 'Platform',
    inventoryMode: 'None',
    taxRoundingMode: 'HalfEven',
    taxCalculationMode: 'LineItemLevel',
    priceRoundingMode: 'HalfEven',
    orderState: order.status === 'cancelled' ? 'Cancelled' : 'Open',
    paymentState: order.paid ? 'Paid' : 'Pending',
    shipmentState: shipmentStateOf(order),
    cart: basket === undefined ? undefined : reference('cart', basket.uuid),
    recurringOrder: recurring === undefined ? undefined : reference('recurring-order', recurring.uuid),
    origin: order.isRenewal ? 'RecurringOrder' : 'Customer',
    returnInfo: returnsOf(order),
    syncInfo: [],
    refusedGifts: [],
    custom: customOf(order),
  };
}

function totalsOf(order: Order, { currency }: Store) {
  const net = order.subtotal + order.shipping;
  return {
    totalPrice: money(net, currency),
    taxedPrice: taxed(net, order.tax, currency),
    taxedShippingPrice: taxed(order.shipping, order.shippingTax, currency),
  };
}

/** The payment of an order: a refund changes it and not the order. */
export function paymentOf(order: Order, { currency }: Store): Json {
  const changed = [order.placedAt!, ...order.refunds.map(({ at }) => at)];
  const charge = {
    id: order.chargeUuid,
    timestamp: time(order.placedAt!),
    type: 'Charge',
    amount: money(order.total, currency),
    state: order.paid ? 'Success' : 'Pending',
  };
  const refunds = order.refunds.map(({ uuid, at, amount }) => ({
    id: uuid,
    timestamp: time(at),
    type: 'Refund',
    amount: money(amount, currency),
    state: 'Success',
  }));
  return {
    ...stamped(order.paymentUuid, 1 + refunds.length, order.placedAt!, Math.max(...changed)),
    amountPlanned: money(order.total, currency),
    paymentMethodInfo: { paymentInterface: 'sandbox', method: order.paymentMethod },
    paymentStatus: {},
    transactions: [charge, ...refunds],
    interfaceInteractions: [],
  };
}

/** The deliveries of an order. */
export function deliveriesOf({ shipments, lines }: Order) {
  return shipments.map((shipment) => {
    const items = shipment.lines.map(({ lineId, quantity }) => ({
      id: lines.find(({ id }) => id === lineId)?.uuid ?? idOf(`line ${lineId}`),
      quantity,
    }));
    const [tracking] = shipment.trackings;
    const carrier = shipment.carrier.toUpperCase();
    const trackingData = { trackingId: tracking?.number, carrier, isReturn: false };
    const parcel = { id: shipment.uuid, createdAt: time(shipment.at), trackingData, items };
    return { id: idOf(`delivery ${shipment.uuid}`), createdAt: time(shipment.at), items, parcels: [parcel] };
  });
}

/** The shipment state of an order. */
export function shipmentStateOf({ shipments, lines }: Order): string {
  const sent = shipments.flatMap((one) => one.lines).reduce((all, { quantity }) => all + quantity, 0);
  if (sent === 0) return 'Pending';
  if (sent < lines.reduce((all, { quantity }) => all + quantity, 0)) return 'Partial';
  return shipments.every(({ deliveredAt }) => deliveredAt !== undefined) ? 'Delivered' : 'Shipped';
}

function returnsOf({ refunds, lines }: Order) {
  return refunds
    .filter((refund) => refund.lines.length > 0)
    .map((refund) => ({
      returnDate: time(refund.at),
      items: refund.lines.map(({ lineId, quantity }) => ({
        type: 'LineItemReturnItem',
        id: idOf(`return ${refund.uuid} ${lineId}`),
        lineItemId: lines.find(({ id }) => id === lineId)?.uuid,
        quantity,
        shipmentState: 'Returned',
        paymentState: 'Refunded',
        lastModifiedAt: time(refund.at),
        createdAt: time(refund.at),
      })),
    }));
}

function customOf({ attribution }: Order) {
  if (attribution === undefined) return undefined;
  const { source, medium, campaign, term, content, campaignId, templateId } = attribution;
  const fields = {
    utmSource: source,
    utmMedium: medium,
    utmCampaign: campaign,
    utmTerm: term,
    utmContent: content,
    iterableCampaignId: campaignId,
    iterableTemplateId: templateId,
  };
  return { type: reference('type', idOf('attribution')), fields };
}
