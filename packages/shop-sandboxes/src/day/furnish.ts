import type { ShopModel } from '../model/index.ts';

type Catalog = ShopModel['catalog'];

/** The initial objects of the shop, by their names in the story. */
export interface Furniture {
  /** Stores. */
  readonly germany: number;
  readonly japan: number;
  /** Products. */
  readonly mug: number;
  readonly shirt: number;
  readonly kettle: number;
  readonly coffee: number;
  readonly giftSet: number;
  /** Variants of the shirt. */
  readonly redM: number;
  readonly redL: number;
  readonly blueM: number;
  /** Groups of customers. */
  readonly regulars: number;
}

const IMAGES = 'https://images.shop.example';

/** Two stores, five products and a code. */
export function furnish(model: ShopModel): Furniture {
  const { catalog } = model;
  const regulars = catalog.addGroup('Regulars').id;
  catalog.addCoupon('WELCOME10', 10);
  return { ...openStores(catalog), regulars, ...fillShelves(catalog) };
}

function openStores(catalog: Catalog): Pick<Furniture, 'germany' | 'japan'> {
  const germany = catalog.addStore({
    code: 'de',
    name: 'Kontor Germany',
    locale: 'de-DE',
    currency: 'EUR',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    url: 'https://de.shop.example',
    taxRate: 1900,
    taxIncluded: true,
    baseCurrency: 'EUR',
    rate: 1,
  });
  const japan = catalog.addStore({
    code: 'jp',
    name: 'Kontor Japan',
    locale: 'ja-JP',
    currency: 'JPY',
    country: 'JP',
    timeZone: 'Asia/Tokyo',
    url: 'https://jp.shop.example',
    taxRate: 1000,
    taxIncluded: false,
    baseCurrency: 'EUR',
    rate: 160,
  });
  return { germany: germany.id, japan: japan.id };
}

function fillShelves(catalog: Catalog): Omit<Furniture, 'germany' | 'japan' | 'regulars'> {
  const home = catalog.addCategory('Home');
  const kitchen = catalog.addCategory('Kitchen', home.id);
  const ours = { categoryIds: [home.id, kitchen.id], brand: 'Kontor' };
  const mug = catalog.addProduct({
    ...ours,
    sku: 'MUG-1',
    name: 'Stoneware Mug',
    description: 'Holds 300 ml.',
    prices: { EUR: 1261, JPY: 1800 },
    images: [`${IMAGES}/mug.jpg`, `${IMAGES}/mug-side.jpg`],
  });
  const shirt = addShirt(catalog);
  const kettle = catalog.addProduct({
    ...ours,
    sku: 'KETTLE-1',
    name: 'Gooseneck Kettle',
    prices: { EUR: 5840, JPY: 9000 },
    images: [`${IMAGES}/kettle.jpg`],
    stock: 5,
  });
  const coffee = catalog.addProduct({
    ...ours,
    sku: 'COFFEE-1',
    name: 'Coffee Beans 500 g',
    prices: { EUR: 1092, JPY: 1600 },
    images: [`${IMAGES}/coffee.jpg`],
  });
  const giftSet = catalog.addProduct({
    ...ours,
    sku: 'GIFT-1',
    name: 'Coffee Gift Set',
    kind: 'bundle',
    prices: { EUR: 2101, JPY: 3000 },
    images: [`${IMAGES}/gift.jpg`],
    parts: [mug, coffee].map(({ id, variants }) => ({
      productId: id,
      variantId: variants[0].id,
      quantity: 1,
    })),
  });
  return { ...shirt, mug: mug.id, kettle: kettle.id, coffee: coffee.id, giftSet: giftSet.id };
}

function addShirt(catalog: Catalog): Pick<Furniture, 'shirt' | 'redM' | 'redL' | 'blueM'> {
  const prices = { EUR: 1676, JPY: 2500 };
  const shirt = catalog.addProduct({
    sku: 'TEE',
    name: 'Plain T-Shirt',
    kind: 'configurable',
    categoryIds: [catalog.addCategory('Clothes').id],
    brand: 'Faden',
    images: [`${IMAGES}/tee.jpg`],
    variants: [
      { sku: 'TEE-RED-M', prices, options: optionsOf('Red', 'M'), image: `${IMAGES}/tee-red.jpg` },
      { sku: 'TEE-RED-L', prices, options: optionsOf('Red', 'L'), image: `${IMAGES}/tee-red.jpg` },
      { sku: 'TEE-BLUE-M', prices, options: optionsOf('Blue', 'M'), image: `${IMAGES}/tee-blue.jpg` },
    ],
  });
  const [redM, redL, blueM] = shirt.variants.map(({ id }) => id);
  return { shirt: shirt.id, redM: redM!, redL: redL!, blueM: blueM! };
}

function optionsOf(
  colour: string,
  size: string,
): readonly { readonly name: string; readonly value: string }[] {
  return [
    { name: 'Color', value: colour },
    { name: 'Size', value: size },
  ];
}
