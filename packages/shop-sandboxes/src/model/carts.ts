import type { Base } from './base.ts';
import type { Catalog } from './catalog.ts';
import { addressOf } from './customers.ts';
import type { AddressInput, Attribution, Cart, Line, Store } from './entities.ts';
import { lineOf, priced, type Coupon, type LineInput } from './lines.ts';
import { taxOn } from './money.ts';

/** The input of a checkout. */
export interface CheckoutInput {
  readonly email: string;
  readonly phone?: string;
  readonly billingAddress: AddressInput;
  /** The billing address when absent. */
  readonly shippingAddress?: AddressInput;
  /** Without tax. */
  readonly shipping: number;
  readonly shippingMethod?: string;
}

/** Carts. */
export class Carts {
  readonly #base: Base;
  readonly #catalog: Catalog;

  constructor(base: Base, catalog: Catalog) {
    this.#base = base;
    this.#catalog = catalog;
  }

  /** Creates a cart, of a visitor or a customer, with the first item. */
  begin(
    storeId: number,
    inputs: readonly LineInput[],
    options: { readonly customerId?: number; readonly attribution?: Attribution } = {},
  ): Cart {
    const store = this.#base.tables.store.get(storeId);
    const { customerId } = options;
    const customer = customerId === undefined ? undefined : this.#base.tables.customer.get(customerId);
    return this.#base.insert('cart', {
      storeId,
      customerId,
      anonymousId: this.#base.uuid(),
      email: customer?.email,
      phone: customer?.phone,
      status: 'active',
      currency: store.currency,
      lines: inputs.map((input) => lineOf(this.#base, store, input)),
      shipping: 0,
      shippingTax: 0,
      shippingMethod: 'Standard',
      attribution: options.attribution,
    });
  }

  /** Adds an item. */
  add(id: number, input: LineInput): Cart {
    const cart = this.#active(id);
    const line = lineOf(this.#base, this.#storeOf(cart), input, this.#couponOf(cart));
    const same = cart.lines.find(
      (one) => one.productId === line.productId && one.variantId === line.variantId,
    );
    if (same !== undefined) return this.setQuantity(id, same.id, same.quantity + line.quantity);
    return this.#base.update('cart', id, 'updated', { lines: [...cart.lines, line] });
  }

  /** Changes the quantity of a line; 0 removes it. */
  setQuantity(id: number, lineId: number, quantity: number): Cart {
    const cart = this.#active(id);
    const lines = changedLines(cart.lines, lineId, quantity, this.#couponOf(cart));
    return this.#base.update('cart', id, 'updated', { lines });
  }

  /** Enters a code. */
  applyCoupon(id: number, code: string): Cart {
    const cart = this.#active(id);
    const coupon = this.#catalog.coupons.get(code);
    if (coupon === undefined) throw new Error(`There is no coupon ${code}.`);
    const lines = cart.lines.map((line) => priced(line, line.quantity, coupon));
    return this.#base.update('cart', id, 'coupon', { lines, coupon: code });
  }

  /** Assigns the cart of a visitor to an account. */
  login(id: number, customerId: number): Cart {
    this.#active(id);
    const { email, phone } = this.#base.tables.customer.get(customerId);
    return this.#base.update('cart', id, 'updated', { customerId, email, phone });
  }

  /** Starts the checkout: sets customer and addresses. */
  checkout(id: number, input: CheckoutInput): Cart {
    const cart = this.#active(id);
    const { email, phone, shipping, shippingMethod = 'Standard', billingAddress } = input;
    return this.#base.update('cart', id, 'checkout', {
      email,
      phone,
      shipping,
      shippingMethod,
      shippingTax: taxOn(shipping, this.#storeOf(cart).taxRate),
      billingAddress: addressOf(this.#base, billingAddress),
      shippingAddress: addressOf(this.#base, input.shippingAddress ?? billingAddress),
      checkoutAt: this.#base.clock.now(),
    });
  }

  /** Marks a cart as abandoned. */
  abandon(id: number): Cart {
    this.#active(id);
    return this.#base.update('cart', id, 'abandoned', { abandonedAt: this.#base.clock.now() });
  }

  /** Moves all lines of a cart to another one. */
  merge(id: number, intoId: number): Cart {
    const from = this.#active(id);
    for (const { productId, variantId, quantity } of from.lines)
      this.add(intoId, { productId, variantId, quantity });
    this.#base.update('cart', id, 'merged', { status: 'merged', mergedIntoId: intoId });
    return this.#active(intoId);
  }

  /** Deletes a cart. */
  delete(id: number): void {
    this.#active(id);
    this.#base.update('cart', id, 'deleted', { status: 'deleted' });
  }

  #active(id: number): Cart {
    const cart = this.#base.tables.cart.get(id);
    if (cart.status !== 'active') throw new Error(`Cart ${id} is ${cart.status}.`);
    return cart;
  }

  #storeOf(cart: Cart): Store {
    return this.#base.tables.store.get(cart.storeId);
  }

  #couponOf(cart: Cart): Coupon | undefined {
    return cart.coupon === undefined ? undefined : this.#catalog.coupons.get(cart.coupon);
  }
}

/** Returns lines with another quantity of one; 0 removes it. */
export function changedLines(
  lines: readonly Line[],
  lineId: number,
  quantity: number,
  coupon: Coupon | undefined,
): readonly Line[] {
  if (!lines.some(({ id }) => id === lineId)) throw new Error(`There is no line ${lineId}.`);
  return lines.flatMap((line) => {
    if (line.id !== lineId) return [line];
    return quantity === 0 ? [] : [priced(line, quantity, coupon)];
  });
}
