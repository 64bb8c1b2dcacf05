import { badParams, success, type Reply } from '../model/errors.ts';
import { accept, badId, createdAtMs, storeEvent, type Accepted } from './events.ts';
import { FieldCheck } from '../model/field-check.ts';
import { isAnonymous, refusalReply } from '../model/identity.ts';
import type { JsonObject } from '../json.ts';
import type { Profile } from '../model/profile.ts';
import type { Project } from '../model/project.ts';
import type { ReceivedCall, Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';
import { unlink } from '../model/stored.ts';
import { anonymousUser, upsert, userShape, type UserItem } from './user-writes.ts';

const itemShape = shape({
  id: 'string!',
  name: 'string!',
  price: 'number!',
  quantity: 'integer!',
  sku: 'string',
  description: 'string',
  imageUrl: 'string',
  url: 'string',
  categories: 'strings',
  dataFields: 'object',
});

interface Item extends JsonObject {
  price: number;
  quantity: number;
}

interface Cart {
  readonly user: UserItem;
  readonly items: Item[];
}

interface Purchase extends Cart {
  readonly total: number;
  readonly id?: string | null;
  readonly createdAt?: number | null;
  readonly campaignId?: number | null;
  readonly templateId?: number | null;
  readonly dataFields?: JsonObject | null;
}

/** Runs the common checks and upserts the user, then does the rest of the call; returns the reply of a failure. */
function failureOf(
  call: ReceivedCall,
  cart: Cart,
  inspect: (check: FieldCheck) => void,
  then: (profile: Profile) => void,
): Reply | undefined {
  const { project } = call;
  if (isAnonymous(cart.user)) return anonymousUser();
  if (project.switches.negativeAmounts === 'refused') {
    const total = (cart as Partial<Purchase>).total ?? 0;
    if (total < 0 || cart.items.some((item) => item.price < 0 || item.quantity < 0)) {
      return badParams('total, price and quantity must not be negative');
    }
  }
  const check = new FieldCheck(project.fields, project.settings, project.switches);
  check.inspect(project.fields.user, cart.user.dataFields, cart.user.createNewFields);
  inspect(check);
  const failure = check.failure();
  if (failure !== undefined) return failure;
  const result = upsert(project, call.queue, cart.user, then);
  if (result.refused !== undefined) {
    note(call, cart, undefined, result.refused);
    project.stats.took(call.endpoint, 0, 1);
    return refusalReply(project, result, 'other');
  }
  check.commit();
  project.stats.took(call.endpoint, 1, 0);
  return undefined;
}

function note(
  call: ReceivedCall,
  cart: Cart & Partial<Purchase>,
  id: string | undefined,
  outcome: 'accepted' | 'invalid' | 'conflict' | 'forgotten' | 'notFound',
): void {
  call.project.log.note({
    endpoint: call.logged,
    email: cart.user.email ?? undefined,
    userId: cart.user.userId ?? undefined,
    id: id ?? cart.id ?? undefined,
    name: undefined,
    createdAt: cart.createdAt ?? undefined,
    marker: cart.dataFields?.seq ?? cart.user.dataFields?.seq,
    outcome,
  });
}

/** The given items replace the whole cart; the change also creates a custom event. */
function updateCart(call: ReceivedCall): Reply {
  const { project } = call;
  const cart = call.body as unknown as Cart; // fits(cartShape)
  const event = { eventName: 'updateCart', dataFields: { updatedShoppingCartItems: cart.items } };
  const memory = project.fields.event(event.eventName);
  const accepted = accept(call, {});
  const failure = failureOf(
    call,
    cart,
    (check) => check.inspect(memory, event.dataFields, true),
    (profile) => {
      profile.cart = cart.items;
      storeEvent(project, profile, event, memory.name, accepted);
    },
  );
  if (failure !== undefined) return failure;
  note(call, cart, undefined, 'accepted');
  return success();
}

function trackPurchase(call: ReceivedCall): Reply {
  const { project } = call;
  const purchase = call.body as unknown as Purchase; // fits(purchaseShape)
  const wrong = badId(project, purchase.id);
  if (wrong !== undefined) return wrong;
  const memory = project.fields.purchase;
  const accepted = accept(call, purchase);
  const { id } = accepted;
  const failure = failureOf(
    call,
    purchase,
    (check) => {
      check.inspect(memory, purchase.dataFields, purchase.user.createNewFields);
      check.inspect(memory, { shoppingCartItems: purchase.items }, true);
    },
    (profile) => {
      storePurchase(project, profile, purchase, accepted);
      // Every purchase empties the cart: also a correction, a back-fill or a retry.
      profile.cart = undefined;
    },
  );
  if (failure !== undefined) return failure;
  note(call, purchase, id, 'accepted');
  return project.switches.purchaseIdPlace === 'params' ? success('', { id }) : success();
}

function storePurchase(
  project: Project,
  owner: Profile,
  purchase: Purchase,
  { id, receivedAt: now }: Accepted,
): void {
  const items = JSON.stringify(purchase.items);
  const fields = purchase.dataFields ? JSON.stringify(purchase.dataFields) : undefined;
  const known = project.purchases.get(id);
  if (known !== undefined) {
    known.total = purchase.total;
    known.items = items;
    known.updatedAt = now;
    if (fields !== undefined) known.fields = fields;
    if (purchase.createdAt !== null && purchase.createdAt !== undefined) {
      known.createdAt = createdAtMs(project, purchase.createdAt, now);
    }
    if (known.owner !== owner) {
      known.owner.lastPurchase = unlink(known.owner.lastPurchase, known);
      known.owner = owner;
      known.before = owner.lastPurchase;
      owner.lastPurchase = known;
    }
    return;
  }
  owner.lastPurchase = {
    id,
    owner,
    total: purchase.total,
    items,
    createdAt: createdAtMs(project, purchase.createdAt, now),
    receivedAt: now,
    updatedAt: now,
    fields,
    campaignId: purchase.campaignId ?? undefined,
    templateId: purchase.templateId ?? undefined,
    before: owner.lastPurchase,
  };
  project.purchases.add(id, owner.lastPurchase);
}

/** commerce/updateCart and commerce/trackPurchase. */
export const commerceRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/commerce/updateCart',
    shape: shape({ user: userShape, items: [itemShape] }),
    unpublishedLimit: true,
    keys: 'mobile',
    handle: updateCart,
  },
  {
    method: 'POST',
    path: '/api/commerce/trackPurchase',
    shape: shape({
      user: userShape,
      items: [itemShape],
      total: 'number!',
      id: 'string',
      createdAt: 'integer',
      campaignId: 'integer',
      templateId: 'integer',
      dataFields: 'object',
    }),
    unpublishedLimit: true,
    keys: 'mobile',
    handle: trackPurchase,
  },
];
