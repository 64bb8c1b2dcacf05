import type { Category, Product, Review, ShopModel, Store, Variant } from '../model/index.ts';
import { amount, iso } from './values.ts';

/** Brand names with numbers, in order of first appearance. */
export function brandsOf(model: ShopModel) {
  const names = [
    ...new Set(model.tables.product.all().flatMap(({ brand }) => (brand === undefined ? [] : [brand]))),
  ];
  return names.map((name, at) => ({ id: at + 1, name }));
}

/** A category. */
export function categoryOf({ id, name, slug, parentId }: Category) {
  return {
    id,
    parent_id: parentId ?? 0,
    name,
    is_visible: true,
    sort_order: 0,
    custom_url: { url: `/${slug}/`, is_customized: false },
  };
}

/** A channel. */
export function channelOf({ id, name, createdAt, updatedAt }: Store) {
  return {
    id,
    name,
    type: 'storefront',
    platform: 'bigcommerce',
    status: 'active',
    is_visible: true,
    is_listable_from_ui: true,
    external_id: '',
    icon_url: '',
    date_created: iso(createdAt),
    date_modified: iso(updatedAt),
  };
}

/** The site of a channel. */
export function siteOf({ id, url, createdAt, updatedAt }: Store) {
  return { id: 1000 + id, url, channel_id: id, created_at: iso(createdAt), updated_at: iso(updatedAt) };
}

/** A product, priced in the currency of the catalog. */
export function productOf(model: ShopModel, product: Product, currency: string, reviews: number) {
  const { variants, images, salePrices } = product;
  const [first] = variants;
  const price = (minor: number | undefined): number => amount(minor ?? 0, currency);
  const isVaried = variants.length > 1;
  return {
    id: product.id,
    name: product.name,
    type: 'physical',
    sku: product.sku,
    description: `<p>${product.description}</p>`,
    price: price(first.prices[currency]),
    sale_price: price(salePrices[currency]),
    calculated_price: price(salePrices[currency] ?? first.prices[currency]),
    categories: product.categoryIds,
    brand_id: brandsOf(model).find(({ name }) => name === product.brand)?.id ?? 0,
    inventory_level: variants.reduce((all, { stock }) => all + stock, 0),
    inventory_warning_level: 0,
    inventory_tracking: isVaried ? 'variant' : 'product',
    reviews_rating_sum: 0,
    reviews_count: reviews,
    total_sold: 0,
    is_visible: product.status === 'active',
    is_featured: false,
    availability: 'available',
    condition: 'New',
    date_created: iso(product.createdAt),
    date_modified: iso(product.updatedAt),
    custom_url: { url: `/${product.slug}/`, is_customized: false },
    base_variant_id: isVaried ? null : first.id,
    images: images.map((url, at) => ({
      id: product.id * 100 + at,
      product_id: product.id,
      is_thumbnail: at === 0,
      sort_order: at,
      description: '',
      image_file: url,
      url_zoom: `${url}?size=1280.1280`,
      url_standard: url,
      url_thumbnail: `${url}?size=330.500`,
      url_tiny: `${url}?size=66.100`,
      date_modified: iso(product.updatedAt),
    })),
    variants: variants.map((variant) => variantOf(product, variant, currency, isVaried)),
  };
}

function variantOf(product: Product, variant: Variant, currency: string, isVaried: boolean) {
  const own = variant.prices[currency];
  const sale = product.salePrices[currency];
  return {
    id: variant.id,
    product_id: product.id,
    sku: variant.sku,
    // A variant without a price has that of the product.
    price: isVaried && own !== undefined ? amount(own, currency) : null,
    sale_price: sale === undefined ? null : amount(sale, currency),
    inventory_level: variant.stock,
    image_url: variant.image ?? '',
    purchasing_disabled: false,
    option_values: variant.options.map(({ name, value }, at) => ({
      id: variant.id * 10 + at,
      option_id: at + 1,
      option_display_name: name,
      label: value,
    })),
  };
}

const STATUSES = { approved: 'approved', pending: 'pending', rejected: 'disapproved' };

/** A review. */
export function reviewOf(review: Review) {
  return {
    id: review.id,
    title: review.title,
    text: review.body,
    status: STATUSES[review.status],
    rating: review.rating,
    email: review.email ?? '',
    name: review.author,
    date_reviewed: iso(review.createdAt),
    date_created: iso(review.createdAt),
    date_modified: iso(review.updatedAt),
  };
}
