import type { Product, ShopModel, Variant } from '../model/index.ts';
import { decimal, type Row, timeText, VARIANTS_FROM } from './values.ts';

/** A product of Magento: one of the shop, or a variant, which is a separate invisible product. */
export interface Item {
  readonly product: Product;
  readonly variant?: Variant;
}

/** All products of Magento. */
export function itemsOf(model: ShopModel): readonly Item[] {
  return model.tables.product
    .all()
    .flatMap((product): readonly Item[] =>
      product.kind === 'configurable'
        ? [{ product }, ...product.variants.map((variant) => ({ product, variant }))]
        : [{ product }],
    );
}

/** The first IDs belong to the root categories. */
const CATEGORIES_FROM = 2;
/** The first option ID of brands. */
const BRANDS_FROM = 11;

/** The brands, as options of an attribute. */
export function brandOptions(model: ShopModel): readonly Row[] {
  const names = new Set(model.tables.product.all().flatMap(({ brand }) => brand ?? []));
  return [
    { label: ' ', value: '' },
    ...[...names].map((label, at) => ({ label, value: String(BRANDS_FROM + at) })),
  ];
}

function attribute(code: string, value: unknown): readonly Row[] {
  return value === undefined || value === '' ? [] : [{ attribute_code: code, value }];
}

const fileOf = (image: string): string => `/${new URL(image).pathname.replace(/^\//, '')}`;

/** A product, as from a search. Its price is in the base currency. */
export function productRow(model: ShopModel, { product, variant }: Item): Row {
  const [first] = model.tables.store.all();
  const currency = first?.baseCurrency ?? 'EUR';
  const price = (variant ?? product.variants[0]).prices[currency];
  const sale = product.salePrices[currency];
  const brand = brandOptions(model).find(({ label }) => label === product.brand)?.['value'];
  const images = variant === undefined ? product.images : variant.image === undefined ? [] : [variant.image];
  const categories = variant === undefined ? product.categoryIds.map((id) => id + CATEGORIES_FROM) : [];
  return {
    id: idOf({ product, ...(variant === undefined ? {} : { variant }) }),
    sku: variant?.sku ?? product.sku,
    name:
      variant === undefined
        ? product.name
        : [product.name, ...variant.options.map(({ value }) => value)].join('-'),
    attribute_set_id: 4,
    // Configurable products have no price.
    price: product.kind === 'simple' || variant !== undefined ? decimal(price ?? 0, currency) : 0,
    status: product.status === 'active' ? 1 : 2,
    visibility: variant === undefined ? 4 : 1,
    type_id: variant === undefined ? product.kind : 'simple',
    created_at: timeText(product.createdAt),
    updated_at: timeText(product.updatedAt),
    extension_attributes: {
      website_ids: model.tables.store.all().map(({ id }) => id),
      ...(categories.length === 0
        ? {}
        : { category_links: categories.map((id, position) => ({ position, category_id: String(id) })) }),
      ...(product.kind === 'configurable' && variant === undefined
        ? { configurable_product_links: product.variants.map(({ id }) => VARIANTS_FROM + id) }
        : {}),
    },
    media_gallery_entries: images.map((image, position) => ({
      id: position + 1,
      media_type: 'image',
      label: null,
      position,
      disabled: false,
      types: position === 0 ? ['image', 'small_image', 'thumbnail'] : [],
      file: fileOf(image),
    })),
    custom_attributes: [
      ...attribute('description', variant === undefined ? product.description : undefined),
      ...attribute('url_key', variant?.sku.toLowerCase() ?? product.slug),
      ...attribute('image', images[0] === undefined ? 'no_selection' : fileOf(images[0])),
      ...attribute('manufacturer', brand),
      ...attribute('special_price', sale === undefined ? undefined : decimal(sale, currency).toFixed(4)),
      ...attribute('category_ids', categories.map(String)),
    ],
  };
}

function idOf({ product, variant }: Item): number {
  return variant === undefined ? product.id : VARIANTS_FROM + variant.id;
}

/** The searchable values of a product. */
export function productField(item: Item, field: string): string | number | undefined {
  const { product, variant } = item;
  switch (field) {
    case 'entity_id':
      return idOf(item);
    case 'sku':
      return variant?.sku ?? product.sku;
    case 'name':
      return variant === undefined ? product.name : `${product.name}-${variant.sku}`;
    case 'type_id':
      return variant === undefined ? product.kind : 'simple';
    case 'created_at':
      return timeText(product.createdAt);
    case 'updated_at':
      return timeText(product.updatedAt);
    default:
      return undefined;
  }
}

/** The tree of categories as a list. */
export function categoryRows(model: ShopModel): readonly Row[] {
  const roots = [
    { id: 1, parent_id: 0, name: 'Root Catalog', level: 0, path: '1', position: 0 },
    { id: 2, parent_id: 1, name: 'Default Category', level: 1, path: '1/2', position: 1 },
  ];
  const pathOf = (id: number): readonly number[] => {
    const { parentId } = model.tables.category.get(id);
    return [...(parentId === undefined ? [1, 2] : pathOf(parentId)), id + CATEGORIES_FROM];
  };
  const rows = model.tables.category.all().map(({ id, name }, position) => {
    const path = pathOf(id);
    return {
      id: id + CATEGORIES_FROM,
      parent_id: path.at(-2),
      name,
      is_active: true,
      level: path.length - 1,
      path: path.join('/'),
      position,
    };
  });
  return [...roots, ...rows];
}
