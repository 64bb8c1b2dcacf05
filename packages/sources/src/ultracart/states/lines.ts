import type { ShopLine } from '@waybill/core';
import { type JsonObject, listOf, must, numberOf, some, textOf } from '../../read.ts';
import type { Money } from './parts.ts';

/** Converts the items of an order. Parts of a kit are left out: the kit itself is an item with the price. */
export function orderLines(order: JsonObject, money: Money): readonly ShopLine[] {
  return listOf(order, 'items')
    .filter((item) => item['kit_component'] !== true)
    .map((item) => {
      const quantity = numberOf(item, 'quantity') ?? 1;
      const [price, total] = [money.of(item, 'cost'), money.of(item, 'total_cost_with_discount')];
      const productId = must(textOf(item, 'merchant_item_id'), 'merchant_item_id');
      const refunded = numberOf(item, 'quantity_refunded');
      const givenBack = money.of(item, 'total_refunded');
      return some({
        id: textOf(item, 'item_index'),
        productId,
        sku: productId,
        name: nameOf(item) ?? productId,
        quantity,
        price,
        total,
        discount: discountOf(price, quantity, total),
        variant: variantOf(listOf(item, 'options'), 'label', 'value'),
        refundedQuantity: refunded === 0 ? undefined : refunded,
        refundedAmount: givenBack === 0 ? undefined : givenBack,
        custom: some({
          upsell: item['upsell'] === true ? true : undefined,
          schedule: textOf(item, 'auto_order_schedule'),
        }),
      } satisfies ShopLine)!;
    });
}

/** Converts the items of a cart. */
export function cartLines(cart: JsonObject, money: Money): readonly ShopLine[] {
  return listOf(cart, 'items').map((item) => {
    const quantity = numberOf(item, 'quantity') ?? 1;
    const [price, total] = [money.of(item, 'unit_cost'), money.of(item, 'total_cost_with_discount')];
    const productId = must(textOf(item, 'item_id'), 'item_id');
    const variant = variantOf(listOf(item, 'variations'), 'variation_name', 'variation_value');
    return some({
      id: textOf(item, 'position'),
      productId,
      sku: productId,
      name: nameOf(item) ?? productId,
      quantity,
      price,
      total,
      discount: discountOf(price, quantity, total),
      variant: variant ?? variantOf(listOf(item, 'options'), 'label', 'selected_value'),
      url: textOf(item, 'view_url'),
      imageUrl: textOf(item, 'default_image_url') ?? textOf(item, 'default_thumbnail_url'),
      custom: some({ schedule: textOf(item, 'auto_order_schedule') }),
    } satisfies ShopLine)!;
  });
}

/** The first line of a description: others contain activation codes. */
function nameOf(item: JsonObject): string | undefined {
  return textOf(item, 'description')?.split('\n')[0]?.trim() || undefined;
}

function discountOf(
  price: number | undefined,
  quantity: number,
  total: number | undefined,
): number | undefined {
  if (price === undefined || total === undefined) return undefined;
  const off = Math.round(price * quantity) - total;
  return off > 0 ? off : undefined;
}

/** The chosen options of a product: "Size: XL, Colour: Red", without hidden ones. */
function variantOf(options: readonly JsonObject[], label: string, value: string): string | undefined {
  const chosen = options.flatMap((option) => {
    const [name, given] = [textOf(option, label), textOf(option, value)];
    if (option['hidden'] === true || given === undefined) return [];
    return [name === undefined ? given : `${name}: ${given}`];
  });
  return chosen.length === 0 ? undefined : chosen.join(', ');
}
