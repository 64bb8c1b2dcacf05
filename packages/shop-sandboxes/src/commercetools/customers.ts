import type { Customer, Review, ShopModel } from '../model/index.ts';
import { addressOf, idOf, type Json, reference, stamped } from './values.ts';

/** The custom fields for consent. */
export const CONSENT_FIELDS = { email: 'newsletter', sms: 'smsConsent' } as const;

/** A customer. Consent and other data are in custom fields. */
export function customerOf(model: ShopModel, customer: Customer, expand: ReadonlySet<string>): Json {
  const { store, consent, group } = model.tables;
  const shop = store.get(customer.storeId);
  const said = consent
    .all()
    .filter(({ email, storeId }) => email === customer.email && storeId === customer.storeId);
  const consents = said.map(({ channel, state }) => [CONSENT_FIELDS[channel], state]);
  const fields = { ...customer.custom, ...(Object.fromEntries(consents) as Json) };
  const named = customer.groupId === undefined ? undefined : group.find(customer.groupId);
  const member = named === undefined ? undefined : reference('customer-group', named.uuid);
  const addresses = customer.addresses.map((one, at) =>
    addressOf({ ...one, phone: (at === 0 ? customer.phone : undefined) ?? one.phone }),
  );
  return {
    ...stamped(customer.uuid, customer.version, customer.createdAt, customer.updatedAt),
    customerNumber: String(customer.id),
    externalId: customer.externalId,
    email: customer.email,
    password: '****aGg=',
    firstName: customer.firstName,
    lastName: customer.lastName,
    dateOfBirth: customer.birthday,
    companyName: customer.company,
    addresses: addresses.length > 0 ? addresses : phoneOnly(customer, shop.country),
    defaultShippingAddressId: addresses[0]?.id,
    defaultBillingAddressId: addresses[0]?.id,
    shippingAddressIds: [],
    billingAddressIds: [],
    isEmailVerified: true,
    customerGroup:
      member !== undefined && expand.has('customerGroup')
        ? { ...member, obj: { id: member.id, name: named!.name } }
        : member,
    customerGroupAssignments: [],
    locale: shop.locale,
    stores: [{ typeId: 'store', key: shop.code }],
    authenticationMode: 'Password',
    custom: { type: reference('type', idOf('customer')), fields },
  };
}

/** Only addresses have a telephone number. */
function phoneOnly({ phone, uuid }: Customer, country: string) {
  return phone === undefined ? [] : [{ id: uuid.slice(0, 8), country, phone }];
}

/** A review; unapproved ones are not counted. */
export function reviewOf(model: ShopModel, review: Review, expand: ReadonlySet<string>): Json {
  const account = review.customerId === undefined ? undefined : model.tables.customer.find(review.customerId);
  const person = account === undefined ? undefined : reference('customer', account.uuid);
  const product = model.tables.product.find(review.productId);
  return {
    ...stamped(review.uuid, review.version, review.createdAt, review.updatedAt),
    authorName: review.author,
    title: review.title,
    text: review.body,
    rating: review.rating,
    includedInStatistics: review.status === 'approved',
    target: reference('product', product?.uuid ?? idOf(`product ${review.productId}`)),
    customer:
      account === undefined || !expand.has('customer')
        ? person
        : { ...person, obj: customerOf(model, account, new Set()) },
  };
}
