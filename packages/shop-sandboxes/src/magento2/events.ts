import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Delivery } from '../frame/index.ts';
import type { Change } from '../model/index.ts';
import type { Row } from './values.ts';

/** The path of the public key. */
export const KEY_PATH = '/prod/keys/pub-key-sandbox.pem';
/** The client ID of events. */
export const CLIENT_ID = '0123456789abcdef0123456789abcdef';

/** Events of Adobe Commerce: signed with a key that is created for the first one. */
export interface Events {
  /** The public key, as PEM. */
  pem(): string;
  deliveriesOf(change: Change): readonly Delivery[];
}

/** Creates the sender of events to a URL, which also stores them; none without a URL. */
export function eventsTo(url: string | undefined, keep: (event: Row) => void): Events {
  let keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;
  const pair = () => (keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
  return {
    pem: () => pair().publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    deliveriesOf(change) {
      const told = url === undefined ? undefined : tellingOf(change);
      if (url === undefined || told === undefined) return [];
      const event = eventOf(change, told);
      keep(event);
      const body = JSON.stringify(event);
      const signature = createSign('RSA-SHA256').update(body).sign(pair().privateKey, 'base64');
      const headers = {
        'content-type': 'application/json',
        'x-adobe-event-id': change.uuid,
        'x-adobe-event-code': told.code,
        'x-adobe-digital-signature-1': signature,
        'x-adobe-public-key1-path': KEY_PATH,
      };
      return [{ id: String(change.seq), request: () => ({ url, headers, body }) }];
    },
  };
}

interface Telling {
  readonly code: string;
  readonly value: Row;
}

/** The events of a change; comments, deliveries and catalog-only changes have none. */
function tellingOf(change: Change): Telling | undefined {
  const id = String(change.id);
  switch (change.kind) {
    case 'order':
      return orderTelling(change, id);
    case 'cart':
      return change.what === 'abandoned' || change.what === 'deleted'
        ? undefined
        : { code: 'sales_quote_save_after', value: { entity_id: id } };
    case 'customer':
      return change.what === 'deleted'
        ? { code: 'customer_delete_commit_after', value: { entity_id: id } }
        : { code: 'customer_save_commit_after', value: { entity_id: id } };
    case 'consent': {
      const customerId = change.after?.customerId;
      if (change.after?.channel !== 'email') return undefined;
      const value = { subscriber_id: id, customer_id: String(customerId ?? 0) };
      return { code: 'newsletter_subscriber_save_commit_after', value };
    }
    case 'product':
      if (change.what === 'stock') return undefined;
      return change.what === 'deleted'
        ? { code: 'catalog_product_delete_commit_after', value: { entity_id: id } }
        : { code: 'catalog_product_save_commit_after', value: { entity_id: id } };
    default:
      return undefined;
  }
}

const ORDER_PARTS: Readonly<Record<string, string>> = {
  refunded: 'sales_order_creditmemo_save_after',
  shipped: 'sales_order_shipment_save_after',
  tracked: 'sales_order_shipment_track_save_after',
};

function orderTelling({ what, about }: Change, id: string): Telling | undefined {
  const code = ORDER_PARTS[what];
  if (code !== undefined) return { code, value: { entity_id: String(about), order_id: id } };
  if (what === 'comment' || what === 'delivered' || what === 'deleted') return undefined;
  return { code: 'sales_order_save_commit_after', value: { entity_id: id } };
}

function eventOf({ uuid, seq, at }: Change, { code, value }: Telling): Row {
  const eventId = `${uuid.slice(0, -6)}${String(seq).padStart(6, '0')}`;
  return {
    specversion: '1.0',
    id: eventId,
    source: 'urn:uuid:fb58963f-d2e7-4ab4-83da-b6ff15b8ebc0',
    type: `com.adobe.commerce.observer.${code}`,
    datacontenttype: 'application/json',
    time: new Date(at).toISOString(),
    eventid: eventId,
    recipientclientid: CLIENT_ID,
    data: {
      key: uuid,
      value,
      source: 'eventprovider',
      _metadata: { commerceEdition: 'Adobe Commerce', commerceVersion: '2.4.7' },
    },
  };
}
