import type { Address, Customer, ShopModel } from '../model/index.ts';
import { present, type Row, timeText } from './values.ts';

const GENDERS = { male: 1, female: 2, other: 3 } as const;
/** Magento's own groups precede those of the shop: 0 for guests, 1 by default. */
export const GROUPS_FROM = 3;

/** A customer, as from `GET /V1/customers/{id}`. */
export function customerRow(model: ShopModel, customer: Customer): Row {
  const store = model.tables.store.get(customer.storeId);
  return present({
    id: customer.id,
    group_id: customer.groupId === undefined ? 1 : GROUPS_FROM + customer.groupId,
    default_billing: customer.addresses[0] === undefined ? undefined : String(customer.addresses[0].id),
    default_shipping: customer.addresses[0] === undefined ? undefined : String(customer.addresses[0].id),
    created_at: timeText(customer.createdAt),
    updated_at: timeText(customer.updatedAt),
    created_in: store.name,
    dob: customer.birthday,
    email: customer.email,
    firstname: customer.firstName,
    lastname: customer.lastName,
    gender: customer.gender === undefined ? undefined : GENDERS[customer.gender],
    store_id: store.id,
    website_id: store.id,
    addresses: customer.addresses.map((one, at) => customerAddress(customer, one, at === 0)),
    disable_auto_group_change: 0,
    extension_attributes: { is_subscribed: isSubscribed(model, customer) },
    custom_attributes: Object.entries(customer.custom).map(([code, value]) => ({
      attribute_code: code,
      value,
    })),
  });
}

function customerAddress(customer: Customer, address: Address, isFirst: boolean): Row {
  return present({
    id: address.id,
    customer_id: customer.id,
    region: { region_code: address.stateCode ?? null, region: address.state ?? null, region_id: 0 },
    region_id: 0,
    country_id: address.country,
    street: address.street,
    company: address.company,
    telephone: address.phone,
    postcode: address.postalCode,
    city: address.city,
    firstname: address.firstName,
    lastname: address.lastName,
    default_shipping: isFirst ? true : undefined,
    default_billing: isFirst ? true : undefined,
  });
}

function isSubscribed(model: ShopModel, { id, email, storeId }: Customer): boolean {
  return model.tables.consent
    .all()
    .some(
      (one) =>
        one.channel === 'email' &&
        one.state === 'subscribed' &&
        (one.customerId === id || (one.email === email && one.storeId === storeId)),
    );
}

/** The searchable values of a customer. */
export function customerField(customer: Customer, field: string): string | number | undefined {
  switch (field) {
    case 'entity_id':
      return customer.id;
    case 'email':
      return customer.email;
    case 'created_at':
      return timeText(customer.createdAt);
    case 'updated_at':
      return timeText(customer.updatedAt);
    case 'store_id':
    case 'website_id':
      return customer.storeId;
    default:
      return undefined;
  }
}
