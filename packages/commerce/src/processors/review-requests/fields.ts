import { defineFields } from '@waybill/core';

const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const days = (label: string, description: string, byDefault: number) =>
  ({ type: 'integer', label, description, default: byDefault, minimum: 0, maximum: 365 }) as const;

/** The settings. */
export const settings = defineFields({
  deliveredDays: days('Days after Delivery', 'Days after delivery of a parcel.', 7),
  shippedDays: days(
    'Days after Shipping',
    'Days after a parcel was shipped, if no delivery is reported; 0 turns this off.',
    14,
  ),
  reviewUrl: {
    type: 'string',
    label: 'Review Page',
    description:
      'The page for the review. {product_id}, {order_id}, {url} (the product page) and {token}, which proves who follows the link, are replaced.',
  },
  linkDays: {
    ...days('Days of Links', 'For how many days the {token} of a link is valid.', 90),
    minimum: 1,
  },
});

/** The derived event. */
export const requested = defineFields({
  order_id: { ...text('Order ID', 'The order that contains the products.'), required: true },
  due_at: { ...text('Due', 'When the request was due.'), required: true },
  because: {
    ...text('Because', 'The event from which the delay counts.'),
    choices: ['delivered', 'shipped'],
    required: true,
  },
  products: {
    type: 'object',
    multiple: true,
    required: true,
    label: 'Products',
    description: 'Products to review.',
    properties: {
      product_id: { ...text('Product ID', 'The product.'), required: true },
      name: text('Name', 'Its name.'),
      url: text('Page', 'Its page.'),
      image_url: text('Picture', 'Its picture.'),
      review_url: text('Review Page', 'Link to the review page.'),
    },
  },
});
