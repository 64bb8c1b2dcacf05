import { defineFields } from '../action.ts';

const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const texts = (label: string, description: string) =>
  ({ ...text(label, description), multiple: true }) as const;
const time = (label: string, description: string) =>
  ({ type: 'string', format: 'date-time', label, description }) as const;
const money = (label: string, description: string) =>
  ({
    type: 'integer',
    label,
    description: `${description} In the smallest unit of the currency.`,
  }) as const;
const flag = (label: string, description: string) => ({ type: 'boolean', label, description }) as const;
const count = (label: string, description: string) => ({ type: 'integer', label, description }) as const;
const free = (label: string, description: string) => ({ type: 'object', label, description }) as const;

/** Makers of the fields of states, each with a label and a description. */
export const field = { text, texts, time, money, flag, count, free };

/** A postal address. */
export const addressFields = defineFields({
  firstName: text('First Name', 'First name.'),
  lastName: text('Last Name', 'Last name.'),
  company: text('Company', 'Company.'),
  street: text('Street', 'Street with its number, all lines of it, with line breaks between them.'),
  city: text('City', 'City.'),
  state: text('State', 'State, region or county, as the shop names it.'),
  postalCode: text('Postal Code', 'Postal code.'),
  country: text('Country', 'Country, as ISO 3166-1 code of two letters.'),
  phone: text('Phone', 'Phone number as in the shop.'),
});

/** Identifies a person, in an order, a cart or a customer. */
export const personFields = defineFields({
  id: text('Customer ID', 'ID of the account in the shop; absent for guests.'),
  externalId: text('External ID', 'ID that another system gave the customer.'),
  anonymousId: text('Anonymous ID', 'ID of the visitor, if the shop stores it.'),
  email: text('E-mail', 'E-mail address.'),
  phone: text('Phone', 'Phone number as in the shop.'),
  firstName: text('First Name', 'First name.'),
  lastName: text('Last Name', 'Last name.'),
});

/** The market of a shop that something belongs to: it separates audiences by market. */
export const storeFields = defineFields({
  id: text('Store', 'Store, store view or storefront.'),
  name: text('Store Name', 'Its name.'),
  channel: text('Channel', 'Sales channel.'),
  locale: text('Locale', 'Language of the customer there, as BCP 47: de-DE.'),
  url: text('Address', 'Address of the storefront.'),
});

/** Where a customer came from, if the shop stores that. */
export const attributionFields = defineFields({
  source: text('Source', 'utm_source.'),
  medium: text('Medium', 'utm_medium.'),
  campaign: text('Campaign', 'utm_campaign.'),
  term: text('Term', 'utm_term.'),
  content: text('Content', 'utm_content.'),
  id: text('ID', 'utm_id.'),
  campaignId: text('Campaign ID', 'Iterable campaign that led here.'),
  templateId: text('Template ID', 'Iterable template that led here.'),
  messageId: text('Message ID', 'Iterable message that led here.'),
  clickIds: free('Click IDs', 'Click IDs by parameter: gclid, fbclid.'),
});

/** A line of an order, a cart or a subscription. Bundles and configurable products are one line. */
export const lineFields = defineFields({
  id: text('Line ID', 'ID of the line.'),
  productId: { ...text('Product ID', 'ID of the product.'), required: true },
  variantId: text('Variant ID', 'ID of the variant.'),
  sku: text('SKU', 'Stock keeping unit.'),
  name: { ...text('Name', 'Name of the product.'), required: true },
  quantity: {
    type: 'number',
    label: 'Quantity',
    description: 'Quantity; may have decimals.',
    required: true,
  },
  price: money('Price', 'Unit price before discounts, without tax if the shop reports it separately.'),
  total: money('Total', 'Line total after discounts, before tax.'),
  discount: money('Discount', 'The discount of the line, as a positive amount.'),
  tax: money('Tax', 'Tax on the line.'),
  categories: texts('Categories', 'Categories by name, the most general first.'),
  brand: text('Brand', 'Brand.'),
  variant: text('Variant', 'Name of the variant: "Red, XL".'),
  url: text('Address', 'Page of the product.'),
  imageUrl: text('Image', 'Image of the product.'),
  coupon: text('Coupon', 'Code that applies to this line.'),
  refundedQuantity: {
    type: 'number',
    label: 'Refunded Quantity',
    description: 'Number refunded so far, for shops that report sums instead of refunds.',
  },
  refundedAmount: money('Refunded', 'Amount refunded for the line so far, likewise.'),
  isGift: flag('Gift', 'Whether it is a free gift.'),
  custom: free('Custom', 'Other data of the shop.'),
});
