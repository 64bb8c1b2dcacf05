import { withTax, type Line, type LinePart, type ShopModel, type Store } from '../model/index.ts';
import { decimal, present, type Row, timeText, VARIANTS_FROM } from './values.ts';

/** The shipped and refunded parts of an item. */
export interface Progress {
  readonly shipped: number;
  readonly refunded: number;
}

const CHILDREN_FROM = 100_000;
const PARTS_FROM = 200_000;

/** A discount in Magento: gross if prices are gross, with its tax as compensation. */
export function discountOf(off: number, taxRate: number, store: Store): { amount: number; back: number } {
  const amount = store.taxIncluded ? withTax(off, taxRate) : off;
  return { amount, back: amount - off };
}

/** The items of a line: parts of a configurable product or a bundle are separate child items. */
export function itemRows(
  model: ShopModel,
  line: Line,
  order: { readonly id: number; readonly createdAt: number; readonly store: Store },
  progress: Progress,
): readonly Row[] {
  const product = model.tables.product.find(line.productId);
  const kind = product?.kind ?? 'simple';
  const own = itemRow(line, order, progress, kind === 'bundle' ? { ...line, discount: 0, tax: 0 } : line);
  const item = { ...own, item_id: line.id, product_id: line.productId, product_type: kind };
  if (kind === 'configurable') {
    const variant = product?.variants.find(({ id }) => id === line.variantId);
    const named = [line.name, ...(variant?.options ?? []).map(({ value }) => value)].join('-');
    const free = { ...line, name: named, price: 0, discount: 0, tax: 0 };
    const child = itemRow(free, order, progress, free);
    return [
      item,
      {
        ...child,
        item_id: CHILDREN_FROM + line.id,
        parent_item_id: line.id,
        product_id: VARIANTS_FROM + line.variantId,
        product_type: 'simple',
      },
    ];
  }
  const parts = line.parts.map((part) => ({
    ...itemRow(part, order, progress, { ...part, taxRate: line.taxRate }),
    item_id: PARTS_FROM + part.id,
    parent_item_id: line.id,
    product_id: part.productId,
    product_type: 'simple',
  }));
  return [item, ...parts];
}

function itemRow(
  of: Line | LinePart,
  { id, createdAt, store }: { readonly id: number; readonly createdAt: number; readonly store: Store },
  { shipped, refunded }: Progress,
  money: {
    readonly price: number;
    readonly discount: number;
    readonly tax: number;
    readonly taxRate: number;
  },
): Row {
  const amount = (minor: number): number => decimal(minor, store.currency);
  const { amount: off, back } = discountOf(money.discount, money.taxRate, store);
  return present({
    order_id: id,
    store_id: store.id,
    created_at: timeText(createdAt),
    sku: of.sku,
    name: of.name,
    qty_ordered: of.quantity,
    qty_shipped: shipped,
    qty_refunded: refunded,
    qty_canceled: 0,
    price: amount(money.price),
    price_incl_tax: amount(withTax(money.price, money.taxRate)),
    // Since 2.4.6 this is after the discount.
    row_total: amount(money.price * of.quantity - off),
    discount_amount: amount(off),
    discount_tax_compensation_amount: amount(back),
    tax_amount: amount(money.tax),
    tax_percent: money.taxRate / 100,
  });
}
