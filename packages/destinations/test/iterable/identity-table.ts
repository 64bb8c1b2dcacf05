import type { ErrorCode, Event } from '@waybill/core';

import { event } from '../harness.ts';

/** Identifiers of an event, in the notation of the table. */
export const IDENTIFIERS = {
  none: {},
  'e-mail': { email: 'ada@example.com' },
  'user ID': { userId: 'u-1' },
  'e-mail and user ID': { email: 'ada@example.com', userId: 'u-1' },
  'malformed e-mail': { email: 'ada@' },
  'malformed e-mail and user ID': { email: 'ada@', userId: 'u-1' },
  'user ID of 60 characters': { userId: 'x'.repeat(60) },
  'e-mail and user ID of 60 characters': { email: 'ada@example.com', userId: 'x'.repeat(60) },
} as const;

/** The actions, each with a matching event. */
export const EVENTS: Readonly<Record<string, (ids: { email?: string; userId?: string }) => Event>> = {
  updateUser: ({ email, userId }) =>
    event({
      type: 'identify',
      ...own(userId),
      traits: { plan: 'pro', ...(email === undefined ? {} : { email }) },
    }),
  trackEvent: (ids) => track('Product Viewed', ids, { sku: 'tea' }),
  updateCart: (ids) => track('Cart Updated', ids, { products: [LINE] }),
  trackPurchase: (ids) =>
    track('Order Completed', ids, { order_id: 'o-1', total: 9, currency: 'EUR', products: [LINE] }),
};

const LINE = { product_id: 'p-1', name: 'Tea', price: 4.5, quantity: 2 };

function track(
  name: string,
  { email, userId }: { email?: string; userId?: string },
  properties: Readonly<Record<string, unknown>>,
): Event {
  return event({
    type: 'track',
    event: name,
    ...own(userId),
    properties,
    ...(email === undefined ? {} : { context: { traits: { email } } }),
  });
}

function own(userId: string | undefined): { anonymousId: string; userId?: string } {
  return { anonymousId: 'visitor', ...(userId === undefined ? {} : { userId }) };
}

/** The user of an item: what is sent of them, with notes, or why nothing is sent. */
export type Cell =
  | {
      readonly sent: Readonly<Record<string, unknown>>;
      readonly note?: string;
      readonly rejected?: undefined;
    }
  | { readonly rejected: ErrorCode };

/** The columns of the table; the two commerce actions treat users in the same way. */
export const ACTIONS: readonly { readonly title: string; readonly keys: readonly string[] }[] = [
  { title: 'Upsert User', keys: ['updateUser'] },
  { title: 'Custom Event', keys: ['trackEvent'] },
  { title: 'Cart Updates, Track Purchase', keys: ['updateCart', 'trackPurchase'] },
];

/** One row: a cell for each of `ACTIONS`. */
export interface Row {
  readonly project: 'email' | 'userId' | 'hybrid';
  readonly identifiers: keyof typeof IDENTIFIERS;
  readonly cells: readonly [Cell, Cell, Cell];
}

const EMAIL = 'ada@example.com';
const BAD_EMAIL_NOTE = 'The e-mail address was left out: "ada@" is not a well-formed e-mail address.';
const LONG_ID_NOTE = 'The user ID was left out: it has 60 characters; the maximum is 52.';

const byEmail: Cell = { sent: { email: EMAIL } };
const byUserId: Cell = { sent: { userId: 'u-1' } };
const both: Cell = { sent: { email: EMAIL, userId: 'u-1' } };
const byUserIdWithAddress: Cell = { sent: { userId: 'u-1', dataFields: { email: EMAIL } } };
const byUserIdAlone: Cell = { sent: { userId: 'u-1' }, note: BAD_EMAIL_NOTE };
const byEmailAlone: Cell = { sent: { email: EMAIL }, note: LONG_ID_NOTE };
const missing: Cell = { rejected: 'identity_missing' };
const badEmail: Cell = { rejected: 'identity_invalid_email' };
const badUserId: Cell = { rejected: 'identity_invalid_user_id' };

function row(project: Row['project'], identifiers: Row['identifiers'], ...cells: Row['cells']): Row {
  return { project, identifiers, cells };
}

/** The requests for every project type and every set of identifiers. */
export const TABLE: readonly Row[] = [
  row('email', 'none', missing, missing, missing),
  row('email', 'e-mail', byEmail, byEmail, byEmail),
  row('email', 'user ID', byUserId, byUserId, byUserId),
  row('email', 'e-mail and user ID', both, byEmail, both),
  row('email', 'malformed e-mail', badEmail, badEmail, badEmail),
  row('email', 'malformed e-mail and user ID', byUserIdAlone, byUserIdAlone, byUserIdAlone),
  row('email', 'user ID of 60 characters', badUserId, badUserId, badUserId),
  row('email', 'e-mail and user ID of 60 characters', byEmailAlone, byEmailAlone, byEmailAlone),
  row('userId', 'none', missing, missing, missing),
  row('userId', 'e-mail', missing, missing, missing),
  row('userId', 'user ID', byUserId, byUserId, byUserId),
  row('userId', 'e-mail and user ID', byUserIdWithAddress, byUserId, byUserIdWithAddress),
  row('userId', 'malformed e-mail', missing, missing, missing),
  row('userId', 'malformed e-mail and user ID', byUserIdAlone, byUserIdAlone, byUserIdAlone),
  row('userId', 'user ID of 60 characters', badUserId, badUserId, badUserId),
  row('userId', 'e-mail and user ID of 60 characters', badUserId, badUserId, badUserId),
  row('hybrid', 'none', missing, missing, missing),
  row('hybrid', 'e-mail', byEmail, byEmail, byEmail),
  row('hybrid', 'user ID', byUserId, byUserId, byUserId),
  row('hybrid', 'e-mail and user ID', byUserIdWithAddress, byUserId, byUserIdWithAddress),
  row('hybrid', 'malformed e-mail', badEmail, badEmail, badEmail),
  row('hybrid', 'malformed e-mail and user ID', byUserIdAlone, byUserIdAlone, byUserIdAlone),
  row('hybrid', 'user ID of 60 characters', badUserId, badUserId, badUserId),
  row('hybrid', 'e-mail and user ID of 60 characters', byEmailAlone, byEmailAlone, byEmailAlone),
];
