import { defineFields } from '@waybill/core';
import { settlingSettings } from '../settling.ts';

const text = (label: string, description: string) => ({ type: 'string', label, description }) as const;
const amount = (label: string, description: string) => ({ type: 'number', label, description }) as const;
const free = (label: string, description: string) => ({ type: 'object', label, description }) as const;

/** The settings. */
export const settings = defineFields({
  priceDrop: {
    type: 'number',
    label: 'Price Drop',
    description: 'The smallest price drop to report, in percent.',
    default: 5,
    minimum: 0,
    maximum: 100,
  },
  imageSizes: {
    type: 'object',
    label: 'Image Sizes',
    description:
      'Image sizes by name. A size replaces {:size} or {size} in the image address, or else is added to its query: { "small": "width=200" }.',
    defaultObjectUI: 'keyvalue',
  },
  ...settlingSettings,
});

const product = defineFields({
  product_id: { ...text('Product', 'The product.'), required: true },
  name: text('Name', 'Its name.'),
  url: text('Address', 'Its page.'),
  image_url: text('Image', 'Its picture.'),
  currency: text('Currency', 'ISO 4217 code.'),
  price: amount('Price', 'Price: the sale price if there is one.'),
  store: text('Store', 'Where.'),
  locale: text('Locale', 'Language.'),
});

/** The derived events of products. */
export const told = {
  'Catalog Item Changed': defineFields({
    product_id: { ...text('Product', 'The product.'), required: true },
    item: { ...free('Item', 'The whole product, as a catalog item.'), required: true },
  }),
  'Catalog Item Removed': defineFields({
    product_id: { ...text('Product', 'The product.'), required: true },
  }),
  'Product Back In Stock': defineFields({ ...product, stock: amount('Stock', 'Quantity in stock.') }),
  'Price Dropped': defineFields({
    ...product,
    previous_price: amount('Previous Price', 'Price before.'),
    percent: amount('Percent', 'Price drop in percent.'),
  }),
} as const;
