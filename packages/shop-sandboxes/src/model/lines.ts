import type { Base } from './base.ts';
import type { Line, LinePart, Product, Store, Variant } from './entities.ts';
import { shareOf, taxOn } from './money.ts';

/** The product, its variant (the first when absent), and the quantity. */
export interface LineInput {
  readonly productId: number;
  readonly variantId?: number;
  readonly quantity?: number;
  readonly isGift?: boolean;
}

/** A discount code for every line. */
export interface Coupon {
  readonly code: string;
  /** 10: a tenth off. */
  readonly percent: number;
}

/** The variant of a product by its id; the first without one. */
export function variantOf(product: Product, variantId?: number): Variant {
  if (variantId === undefined) return product.variants[0];
  const found = product.variants.find(({ id }) => id === variantId);
  if (found === undefined) throw new Error(`Product ${product.id} has no variant ${variantId}.`);
  return found;
}

/** Returns the unit price in a currency, without tax. */
export function priceOf(product: Product, variant: Variant, currency: string): number {
  const price = product.salePrices[currency] ?? variant.prices[currency];
  if (price === undefined) throw new Error(`Product ${product.id} has no price in ${currency}.`);
  return price;
}

/** Creates a line of a product. */
export function lineOf(base: Base, store: Store, input: LineInput, coupon?: Coupon): Line {
  const product = base.tables.product.get(input.productId);
  const variant = variantOf(product, input.variantId);
  const isGift = input.isGift ?? false;
  const line: Line = {
    ...base.ids('line'),
    productId: product.id,
    variantId: variant.id,
    sku: variant.sku,
    name: product.name,
    quantity: 0,
    price: isGift ? 0 : priceOf(product, variant, store.currency),
    discount: 0,
    total: 0,
    tax: 0,
    taxRate: store.taxRate,
    isGift,
    parts: product.parts.map((part) => partOf(base, part)),
  };
  return priced(line, input.quantity ?? 1, coupon);
}

function partOf(base: Base, part: Product['parts'][number]): LinePart {
  const product = base.tables.product.get(part.productId);
  const { sku } = variantOf(product, part.variantId);
  const { productId, variantId, quantity } = part;
  const none = { price: 0, discount: 0, total: 0, tax: 0 };
  return { ...base.ids('line'), productId, variantId, sku, name: product.name, quantity, ...none };
}

/** The line with another quantity, or another coupon. */
export function priced(line: Line, quantity: number, coupon: Coupon | undefined): Line {
  const full = line.price * quantity;
  const discount = coupon === undefined ? 0 : Math.round((full * coupon.percent) / 100);
  const total = full - discount;
  const tax = taxOn(total, line.taxRate);
  const count = line.parts.length;
  const parts = line.parts.map((part, at) => {
    const share = (amount: number) => shareOf(amount, at, at + 1, count);
    const each = line.quantity === 0 ? part.quantity : part.quantity / line.quantity;
    return {
      ...part,
      quantity: each * quantity,
      price: share(line.price),
      discount: share(discount),
      total: share(total),
      tax: share(tax),
    };
  });
  return {
    ...line,
    quantity,
    discount,
    total,
    tax,
    parts,
    coupon: discount > 0 ? coupon?.code : undefined,
  };
}
