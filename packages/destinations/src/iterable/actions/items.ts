import { defineFields, type Payload } from '@waybill/core';

import { isRecord, type JsonObject, setOwn } from '../../http/json.ts';
import { withIterableDates } from '../fields/dates.ts';

/** The items of a cart or an order, as in Segment's e-commerce events. */
export const itemsField = defineFields({
  items: {
    type: 'object',
    label: 'Items',
    description:
      'The lines of the cart or order, each with an id, a name, a price and a quantity. Members that Iterable does not define are stored as data fields of the line.',
    required: true,
    multiple: true,
    additionalProperties: true,
    default: {
      '@arrayPath': [
        '$.properties.products',
        {
          id: { '@path': 'product_id' },
          sku: { '@path': 'sku' },
          categories: { '@path': 'category' },
          name: { '@path': 'name' },
          price: { '@path': 'price' },
          quantity: { '@path': 'quantity' },
          url: { '@path': 'url' },
          imageUrl: { '@path': 'image_url' },
          description: { '@path': 'description' },
        },
      ],
    },
    properties: {
      id: {
        type: 'string',
        label: 'ID',
        description: 'Identifies the product.',
        required: true,
      },
      name: {
        type: 'string',
        label: 'Name',
        description: 'Name of the product.',
        required: true,
      },
      sku: {
        type: 'string',
        label: 'SKU',
        description: 'Stock keeping unit of the product or variant.',
      },
      quantity: {
        type: 'integer',
        label: 'Quantity',
        description: 'Number of pieces.',
        required: true,
      },
      price: {
        type: 'number',
        label: 'Price',
        description: 'Price of one piece. Iterable has no currencies: send the currency as a data field.',
        required: true,
      },
      description: {
        type: 'string',
        label: 'Description',
        description: 'Description of the product.',
      },
      categories: {
        type: 'string',
        label: 'Categories',
        description: 'Category of the product; Iterable gets it as a list of one.',
      },
      url: {
        type: 'string',
        label: 'URL',
        description: 'Address of the product page.',
      },
      imageUrl: {
        type: 'string',
        label: 'Image URL',
        description: 'Address of a product image.',
      },
    },
  },
});

/** An item from a mapping. */
export type ItemInput = Payload<typeof itemsField>['items'][number];

/** An item as Iterable accepts it. */
export interface CommerceItem {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly quantity: number;
  readonly sku?: string;
  readonly description?: string;
  readonly imageUrl?: string;
  readonly url?: string;
  readonly categories?: readonly string[];
  readonly dataFields?: JsonObject;
}

const TEXTS = ['sku', 'description', 'imageUrl', 'url'] as const;
const KNOWN: ReadonlySet<string> = new Set([
  ...TEXTS,
  'id',
  'name',
  'price',
  'quantity',
  'categories',
  'dataFields',
]);

/** Converts an item to Iterable's form: known members at the top, everything else once, as data fields. */
export function commerceItem(input: ItemInput): CommerceItem {
  const extra: Record<string, unknown> = { ...(isRecord(input['dataFields']) ? input['dataFields'] : {}) };
  for (const [key, value] of Object.entries(input)) {
    if (!KNOWN.has(key) && value !== undefined) setOwn(extra, key, value);
  }
  const texts: Partial<Record<(typeof TEXTS)[number], string>> = {};
  for (const key of TEXTS) {
    const text = input[key];
    if (typeof text === 'string') texts[key] = text;
  }
  const categories = listOf(input.categories);
  return {
    id: input.id,
    name: input.name,
    price: input.price,
    quantity: input.quantity,
    ...texts,
    ...(categories.length === 0 ? {} : { categories }),
    ...(Object.keys(extra).length === 0 ? {} : { dataFields: withIterableDates(extra) }),
  };
}

/** Returns the path of the first number that JSON cannot represent, for example `items[1].price`. */
export function badNumber(items: readonly ItemInput[]): string | undefined {
  for (const [index, item] of items.entries()) {
    if (!Number.isFinite(item.price)) return `items[${index}].price`;
    if (!Number.isFinite(item.quantity)) return `items[${index}].quantity`;
  }
  return undefined;
}

function listOf(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === 'string' && one !== '');
}
