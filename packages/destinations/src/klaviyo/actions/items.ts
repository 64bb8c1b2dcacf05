import { defineFields, type Payload } from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';

/** The items of an order, cart or parcel. */
export const itemsField = defineFields({
  items: {
    type: 'object',
    multiple: true,
    label: 'Items',
    description: 'The lines of the order, cart or parcel.',
    defaultObjectUI: 'arrayeditor',
    default: {
      '@arrayPath': [
        '$.properties.products',
        {
          productId: { '@path': 'product_id' },
          sku: { '@path': 'sku' },
          name: { '@path': 'name' },
          brand: { '@path': 'brand' },
          variant: { '@path': 'variant' },
          category: { '@path': 'category' },
          quantity: { '@path': 'quantity' },
          price: { '@path': 'price' },
          url: { '@path': 'url' },
          imageUrl: { '@path': 'image_url' },
        },
      ],
    },
    properties: {
      productId: { type: 'string', label: 'Product ID', description: 'Identifies the product.' },
      sku: { type: 'string', label: 'SKU', description: 'Stock keeping unit.' },
      name: { type: 'string', label: 'Name', description: 'Name of the product.' },
      brand: { type: 'string', label: 'Brand', description: 'Brand of the product.' },
      variant: { type: 'string', label: 'Variant', description: 'Size, colour and so on.' },
      category: { type: 'string', label: 'Category', description: 'Category of the product.' },
      quantity: { type: 'number', label: 'Quantity', description: 'Number of pieces.' },
      price: { type: 'number', label: 'Price', description: 'Price of one piece.' },
      url: { type: 'string', label: 'URL', description: 'Address of the product page.' },
      imageUrl: { type: 'string', label: 'Image URL', description: 'Address of a product image.' },
    },
  },
});

/** An item. */
export type Line = NonNullable<Payload<typeof itemsField>['items']>[number];

/** Converts an item to Klaviyo's form. */
export function lineOf({ productId, name, quantity, price, url, imageUrl, ...line }: Line): JsonObject {
  return withoutGaps({
    ProductID: productId,
    SKU: line.sku,
    ProductName: name,
    Quantity: quantity,
    ItemPrice: price,
    RowTotal: rowTotal({ price, quantity }),
    ProductURL: url,
    ImageURL: imageUrl,
    Brand: line.brand,
    VariantName: line.variant,
    Categories: line.category === undefined ? undefined : [line.category],
  });
}

/** Summarises items: their names, brands and categories, for segmentation. */
export function togetherOf(lines: readonly Line[]): JsonObject {
  if (lines.length === 0) return {};
  return {
    Items: lines.map(lineOf),
    ItemNames: distinct(lines.map(({ name }) => name)),
    Categories: distinct(lines.map(({ category }) => category)),
    Brands: distinct(lines.map(({ brand }) => brand)),
    ItemCount: lines.reduce((sum, { quantity = 1 }) => sum + quantity, 0),
  };
}

/** Returns the price of a row, rounded to a hundredth of a cent, because floating-point numbers are not decimal. */
export function rowTotal({ price, quantity = 1 }: Pick<Line, 'price' | 'quantity'>): number | undefined {
  return price === undefined ? undefined : Math.round(price * quantity * 10_000) / 10_000;
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((one) => one !== undefined))];
}

function withoutGaps(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
