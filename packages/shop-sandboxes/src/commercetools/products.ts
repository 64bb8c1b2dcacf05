import type { Product, ShopModel, Store, Variant } from '../model/index.ts';
import { idOf, type Json, money, reference, stamped } from './values.ts';

/** Published products: others have no projection. */
export function productsOf(model: ShopModel): readonly Product[] {
  return model.tables.product.all().filter(({ status }) => status === 'active');
}

/** A published product. */
export function productOf(model: ShopModel, product: Product, expand: ReadonlySet<string>): Json {
  const [master, ...others] = product.variants;
  const categories = product.categoryIds.map((id) => {
    const category = model.tables.category.get(id);
    const obj = { id: category.uuid, name: { en: category.name }, ancestors: [] };
    const own = reference('category', category.uuid);
    return expand.has('categories[*]') ? { ...own, obj } : own;
  });
  return {
    ...stamped(product.uuid, product.version, product.createdAt, product.updatedAt),
    key: product.slug,
    productType: reference('product-type', idOf('product type')),
    name: { en: product.name },
    description: { en: product.description },
    slug: { en: product.slug },
    categories,
    masterVariant: variantOf(product, master, 1),
    variants: others.map((variant, at) => variantOf(product, variant, at + 2)),
    attributes: [],
    published: true,
    hasStagedChanges: false,
    searchKeywords: {},
  };
}

function variantOf(product: Product, variant: Variant, id: number) {
  const urls = variant.image === undefined ? product.images : [variant.image, ...product.images];
  const options = variant.options.map(({ name, value }) => ({ name: name.toLowerCase(), value }));
  return {
    id,
    sku: variant.sku,
    prices: Object.entries(variant.prices).map(([currency, price]) => {
      const sale = product.salePrices[currency];
      const discount = reference('product-discount', idOf('sale'));
      const discounted = sale === undefined ? undefined : { value: money(sale, currency), discount };
      return { id: idOf(`price ${variant.id} ${currency}`), value: money(price, currency), discounted };
    }),
    images: [...new Set(urls)].map((url) => ({ url, dimensions: { w: 300, h: 300 } })),
    attributes: [
      ...options,
      ...(product.brand === undefined ? [] : [{ name: 'brand', value: product.brand }]),
    ],
    assets: [],
    availability: { isOnStock: variant.stock > 0, availableQuantity: variant.stock },
  };
}

/** A store. */
export function storeOf({ uuid, version, createdAt, updatedAt, code, name, locale, country }: Store): Json {
  return {
    ...stamped(uuid, version, createdAt, updatedAt),
    key: code,
    name: { en: name },
    languages: [locale],
    countries: [{ code: country }],
    distributionChannels: [],
    supplyChannels: [],
    productSelections: [],
  };
}
