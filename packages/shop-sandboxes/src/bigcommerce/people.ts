import type { Consent, Customer } from '../model/index.ts';
import { customerAddress, iso } from './values.ts';

/** Names of custom customer attributes, by ID. */
export function attributesOf(customers: readonly Customer[]) {
  const names = [...new Set(customers.flatMap(({ custom }) => Object.keys(custom)))].sort();
  return names.map((name, at) => ({ id: at + 1, name, type: 'string' }));
}

/** A customer with the requested `include`. */
export function customerOf(
  customer: Customer,
  include: ReadonlySet<string>,
  attributes: readonly { readonly id: number; readonly name: string }[],
) {
  const { id, custom } = customer;
  return {
    id,
    email: customer.email,
    first_name: customer.firstName,
    last_name: customer.lastName,
    company: customer.company ?? '',
    phone: customer.phone ?? '',
    notes: '',
    tax_exempt_category: '',
    customer_group_id: customer.groupId ?? 0,
    registration_ip_address: '203.0.113.9',
    date_created: iso(customer.createdAt),
    date_modified: iso(customer.updatedAt),
    address_count: customer.addresses.length,
    attribute_count: Object.keys(custom).length,
    authentication: { force_password_reset: false },
    accepts_product_review_abandoned_cart_emails: false,
    origin_channel_id: customer.storeId,
    channel_ids: [customer.storeId],
    ...(include.has('addresses')
      ? { addresses: customer.addresses.map((one) => ({ ...customerAddress(one), customer_id: id })) }
      : {}),
    ...(include.has('storecredit') ? { store_credit_amounts: [{ amount: 0 }] } : {}),
    ...(include.has('formfields') ? { form_fields: [] } : {}),
    ...(include.has('attributes')
      ? {
          attributes: attributes.flatMap((one) =>
            custom[one.name] === undefined
              ? []
              : [
                  {
                    id: id * 100 + one.id,
                    attribute_id: one.id,
                    attribute_value: custom[one.name],
                    customer_id: id,
                  },
                ],
          ),
        }
      : {}),
  };
}

const SOURCES = { checkout: 'order', footer: 'storefront', account: 'storefront', import: 'custom' };

/** A subscriber of the newsletter; one who has no consents has unsubscribed. */
export function subscriberOf(consent: Consent) {
  return {
    id: consent.id,
    email: consent.email,
    first_name: consent.firstName ?? '',
    last_name: consent.lastName ?? '',
    source: SOURCES[consent.origin],
    order_id: null,
    channel_id: consent.storeId,
    consents: consent.state === 'subscribed' ? ['marketing_newsletter'] : [],
    date_modified: iso(consent.updatedAt),
    date_created: iso(consent.createdAt),
  };
}
