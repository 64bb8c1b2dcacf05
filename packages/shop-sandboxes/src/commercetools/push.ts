import { generateKeyPairSync, sign } from 'node:crypto';
import type { Delivery } from '../frame/index.ts';
import type { Change, Product } from '../model/index.ts';
import { idOf, type Json, time } from './values.ts';

/** The issuer and audience of push tokens. */
export const PUSH = {
  pushAudience: 'https://waybill.example',
  pushServiceAccount: 'push@sandbox.iam.gserviceaccount.com',
};
const KEY_ID = 'sandbox';

/** Google Pub/Sub retries forever, with growing delays. */
export const RETRIES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600].map((s) => s * 1000);

/** The signer of push tokens: replaces Google with its own key. */
export class Google {
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  /** The published keys. */
  published(): Json {
    const key = this.#keys.publicKey.export({ format: 'jwk' });
    return { keys: [{ ...key, kid: KEY_ID, alg: 'RS256', use: 'sig' }] };
  }

  /** A current token. */
  token(now: number): string {
    const seconds = Math.floor(now / 1000);
    const claims = {
      iss: 'https://accounts.google.com',
      aud: PUSH.pushAudience,
      email: PUSH.pushServiceAccount,
      email_verified: true,
      iat: seconds,
      exp: seconds + 3600,
    };
    const signed = [{ alg: 'RS256', kid: KEY_ID, typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('RSA-SHA256', Buffer.from(signed), this.#keys.privateKey);
    return `${signed}.${signature.toString('base64url')}`;
  }
}

/** The notifications of a change for a subscription: messages, or the change only. */
export function toldOf(change: Change, projectKey: string): readonly Json[] {
  const about = resourceOf(change);
  if (about === undefined) return [];
  const { typeId, id } = about;
  const version = (change.after ?? change.before)!.version;
  const common = { projectKey, resource: { typeId, id }, version, modifiedAt: time(change.at) };
  if (typeId === 'cart')
    return change.what === 'created' ? [{ notificationType: 'ResourceCreated', ...common }] : [];
  if (typeId === 'recurring-order')
    return [{ notificationType: 'ResourceUpdated', ...common, oldVersion: version - 1 }];
  const message = messageOf(change);
  if (message !== undefined) return [{ ...message, projectKey }];
  return change.what === 'deleted' ? [{ notificationType: 'ResourceDeleted', ...common }] : [];
}

/** Types with a message on deletion; reviews have none. */
const DELETED: Readonly<Record<string, string>> = {
  order: 'OrderDeleted',
  customer: 'CustomerDeleted',
  product: 'ProductDeleted',
};

/** The message of a change, with its type; carts have none. Details are omitted, as in messages that are too large. */
export function messageOf(change: Change): (Json & { readonly type: string }) | undefined {
  const about = resourceOf(change);
  if (about === undefined || about.typeId === 'cart') return undefined;
  const { typeId, id } = about;
  const type = change.what === 'deleted' ? DELETED[typeId] : about.type;
  if (type === undefined) return undefined;
  const version = (change.after ?? change.before)!.version;
  const at = time(change.at);
  return {
    notificationType: 'Message',
    id: idOf(`message ${change.seq}`),
    version: 1,
    sequenceNumber: version,
    resource: { typeId, id },
    resourceVersion: version,
    resourceUserProvidedIdentifiers: {},
    type,
    payloadNotIncluded: { reason: 'Payload too large.', payloadType: type },
    createdAt: at,
    lastModifiedAt: at,
  };
}

const ORDER_TYPES: Readonly<Record<string, string>> = {
  created: 'OrderCreated',
  paid: 'OrderCreated',
  edited: 'OrderEditApplied',
  cancelled: 'OrderStateChanged',
  shipped: 'DeliveryAdded',
  tracked: 'ParcelTrackingDataUpdated',
  delivered: 'OrderShipmentStateChanged',
  customer: 'OrderCustomerSet',
};

interface About {
  readonly typeId: string;
  readonly id: string;
  readonly type?: string;
}

/** The resource of a change; undefined if the platform does not report it. */
function resourceOf(change: Change): About | undefined {
  const { uuid: id, what } = change;
  switch (change.kind) {
    case 'order': {
      const order = change.after ?? change.before!;
      if (order.placedAt === undefined) return undefined;
      if (what === 'refunded')
        return { typeId: 'payment', id: order.paymentUuid, type: 'PaymentTransactionAdded' };
      return { typeId: 'order', id, type: ORDER_TYPES[what] ?? 'OrderCustomFieldChanged' };
    }
    case 'customer': {
      const type = { created: 'CustomerCreated', email: 'CustomerEmailChanged' }[what as string];
      return { typeId: 'customer', id, type: type ?? 'CustomerCustomFieldChanged' };
    }
    case 'cart':
      return { typeId: 'cart', id };
    case 'product':
      return what === 'stock'
        ? undefined
        : { typeId: 'product', id, type: isShown(change.after) ? 'ProductPublished' : 'ProductUnpublished' };
    case 'review':
      return { typeId: 'review', id, type: what === 'created' ? 'ReviewCreated' : 'ReviewStateTransition' };
    case 'subscription': {
      const type = { created: 'RecurringOrderCreated', failed: 'RecurringOrderFailed' }[what as string];
      return { typeId: 'recurring-order', id, type: type ?? 'RecurringOrderStateChanged' };
    }
    default:
      return undefined;
  }
}

function isShown(product: Product | undefined): boolean {
  return product?.status === 'active';
}

/** The Pub/Sub request of a notification. */
export function pushOf(
  id: string,
  told: Json,
  to: { readonly url: string; readonly google: Google },
): Delivery {
  const data = Buffer.from(JSON.stringify(told)).toString('base64');
  return {
    id,
    request: (now) => ({
      url: to.url,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${to.google.token(now)}` },
      body: JSON.stringify({
        message: { data, messageId: id, publishTime: time(now), attributes: {} },
        subscription: 'projects/sandbox/subscriptions/waybill',
      }),
    }),
  };
}
