import type { Base } from './base.ts';
import type { Category, Group, Product, Store, Variant } from './entities.ts';
import type { Coupon } from './lines.ts';
import { variantOf } from './lines.ts';

type Sold = 'name' | 'description' | 'status' | 'brand' | 'images' | 'salePrices' | 'categoryIds';

/** The input of a product. */
export type ProductInput = Pick<Product, 'sku' | 'name'> &
  Partial<Pick<Product, Sold | 'kind' | 'parts'>> & {
    readonly prices?: Readonly<Record<string, number>>;
    readonly stock?: number;
    readonly variants?: readonly (Partial<Variant> & Pick<Variant, 'sku' | 'prices' | 'options'>)[];
  };

/** Stores, categories, products and codes. */
export class Catalog {
  readonly coupons = new Map<string, Coupon & { readonly id: number; readonly uuid: string }>();
  readonly #base: Base;

  constructor(base: Base) {
    this.#base = base;
  }

  /** Adds a store. */
  addStore(store: Omit<Store, 'id' | 'uuid' | 'version' | 'createdAt' | 'updatedAt'>): Store {
    return this.#base.insert('store', store);
  }

  /** Adds a category. */
  addCategory(name: string, parentId?: number): Category {
    return this.#base.insert('category', { name, slug: slugOf(name), parentId });
  }

  /** Adds a group of customers. */
  addGroup(name: string): Group {
    return this.#base.insert('group', { name });
  }

  /** Adds a discount code. */
  addCoupon(code: string, percent: number): void {
    this.coupons.set(code, { code, percent, ...this.#base.ids('coupon') });
  }

  /** Adds a product, with one variant of its own SKU by default. */
  addProduct(input: ProductInput): Product {
    const { prices = {}, stock = 100, variants = [{ sku: input.sku, prices, stock, options: [] }] } = input;
    const made = variants.map((one): Variant => ({
      ...this.#base.ids('variant'),
      ...one,
      stock: one.stock ?? stock,
    }));
    const [first, ...others] = made;
    if (first === undefined) throw new Error('A product needs a variant.');
    return this.#base.insert('product', {
      kind: input.kind ?? 'simple',
      sku: input.sku,
      name: input.name,
      description: input.description ?? '',
      slug: slugOf(input.name),
      status: input.status ?? 'active',
      brand: input.brand,
      categoryIds: input.categoryIds ?? [],
      images: input.images ?? [],
      salePrices: input.salePrices ?? {},
      variants: [first, ...others],
      parts: input.parts ?? [],
    });
  }

  /** Changes the data of a product. */
  updateProduct(id: number, change: Partial<Pick<Product, Sold>>): Product {
    return this.#base.update('product', id, 'updated', change);
  }

  /** Sets the stock of a variant. */
  setStock(id: number, stock: number, variantId?: number): Product {
    const { variants, ...product } = this.#base.tables.product.get(id);
    const changed = variantOf({ ...product, variants }, variantId).id;
    const [first, ...others] = variants.map((one) => (one.id === changed ? { ...one, stock } : one));
    return this.#base.update('product', id, 'stock', { variants: [first!, ...others] }, { silent: 'stock' });
  }

  /** Deletes a product. */
  deleteProduct(id: number): void {
    this.#base.remove('product', id);
  }
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
