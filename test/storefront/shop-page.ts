import { createServer } from 'node:http';

/** A shop's own site: another origin than Waybill, under a content policy without exceptions. */
export interface ShopPage {
  readonly url: string;
  /** The cart of the visitor in the API of the shop. */
  cart: string | undefined;
  close(): Promise<void>;
}

/** What a page has before its script: the data layer of each platform, as far as the script needs it. */
const LAYERS: Readonly<Record<string, string>> = {
  // One list of listeners for each event; what is emitted reaches those that were there.
  bigcommerce: `
    const part = () => new Proxy({ listeners: {} }, {
      get: (self, name) => name === 'emit'
        ? (event, payload) => (self.listeners[event] ?? []).forEach((heard) => heard(payload))
        : (heard) => (self.listeners[name] ??= []).push(heard),
    });
    window.bodlEvents = { product: part(), cart: part(), checkout: part(), consent: part() };`,
  // The Adobe Client Data Layer runs functions, and also replays earlier pushes to listeners.
  magento2: `
    const before = window.adobeDataLayer ?? [];
    const listeners = [];
    const layer = (window.adobeDataLayer = []);
    layer.addEventListener = (_name, heard) => { listeners.push(heard); layer.forEach((one) => heard(one)); };
    layer.push = (entry) => {
      if (typeof entry === 'function') return entry(layer);
      Array.prototype.push.call(layer, entry);
      listeners.forEach((heard) => heard(entry));
    };
    before.forEach((one) => layer.push(one));`,
  commercetools: `window.dataLayer = [{ event: 'view_item', ecommerce: { currency: 'EUR', value: 12, items: [{ item_id: 'early', item_name: 'Early', price: 12 }] } }];`,
  ultracart: `window.dataLayer = [];`,
  // The private content of the theme: the content of the cart, and the listeners of its changes.
  luma: `
    let items = [{ item_id: '5', product_id: '1', product_name: 'Old', product_sku: 'OLD', qty: 1, product_price_value: 3 }];
    const heard = [];
    const cart = () => ({ items });
    cart.subscribe = (one) => heard.push(one);
    window.fill = (next) => { items = next; heard.forEach((one) => one({ items })); };
    window.require = (_names, act) => act({ get: () => cart });`,
};

/** A page; below `/luma` a product page of the Luma theme. */
function pageOf(path: string, waybill: string): string {
  const script = `<script async src="${waybill}/storefront/shop.js"></script>`;
  if (!path.startsWith('/luma'))
    return `<!doctype html><title>Shop</title><script src="/layer.js"></script>${script}`;
  const tags = { 'og:title': 'Cap', 'product:price:amount': '12.5', 'product:price:currency': 'EUR' };
  const head = Object.entries(tags).map(([name, value]) => `<meta property="${name}" content="${value}">`);
  const form =
    '<form id="product_addtocart_form" data-product-sku="CAP"><input name="product" value="77"></form>';
  return `<!doctype html><title>Shop</title>${head.join('')}<script src="/luma.js"></script>${script}<body class="catalog-product-view">${form}`;
}

/** Serves the pages of a shop; `waybill` is where the script comes from. */
export async function openShopPage(platform: string, waybill: string): Promise<ShopPage> {
  const shop = { cart: undefined as string | undefined };
  const policy = `default-src 'none'; script-src 'self' ${waybill}; connect-src 'self' ${waybill}`;
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0]!;
    const json = (value: unknown): void =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (path === '/luma.js')
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(LAYERS['luma']);
    else if (path === '/layer.js')
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(LAYERS[platform]);
    else if (path === '/api/storefront/carts') json(shop.cart === undefined ? [] : [{ id: shop.cart }]);
    else if (path.startsWith('/rest/V1/guest-carts/')) json({ id: Number(shop.cart) });
    else
      response
        .writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy })
        .end(pageOf(path, waybill));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { readonly port: number };
  return {
    ...shop,
    get cart() {
      return shop.cart;
    },
    set cart(id) {
      shop.cart = id;
    },
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}
