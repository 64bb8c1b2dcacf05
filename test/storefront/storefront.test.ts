import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from '@waybill/shop-sandboxes';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Answer } from '../e2e/harness.ts';
import { openBrowser } from '../e2e/page.ts';
import { connect, type Connected } from '../shops/connected.ts';
import { openShopPage, type ShopPage } from './shop-page.ts';

const KEY = 'storefront-of-the-shop';

let browser: Browser | undefined;
beforeAll(async () => {
  browser = await openBrowser();
}, 180_000);
afterAll(() => browser?.close());

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface World extends Connected {
  readonly site: ShopPage;
  /** A page of the site, in a browser of its own. */
  visit(path?: string, context?: BrowserContext): Promise<Page>;
  /** Waits for an event of a storefront. */
  arrived(name: string): Promise<Answer>;
  storefrontEvents(): Promise<readonly Answer[]>;
}

async function world(platform: Platform, settings: object = {}): Promise<World> {
  const connected = await connect({
    platform,
    settings: { storefrontKey: KEY, storefrontConsent: 'assumed', ...settings },
  });
  const site = await openShopPage(platform, connected.harness.server.url);
  open.push(site, connected);
  const storefrontEvents = async (): Promise<readonly Answer[]> => {
    const { body } = await connected.harness.admin('events?limit=1000');
    return (body.events as readonly { event: Answer }[])
      .map(({ event }) => event)
      .filter(({ context }) => context.source?.storefront === true);
  };
  return {
    ...connected,
    site,
    storefrontEvents,
    async visit(path = '/', context) {
      const own = context ?? (await browser!.newContext());
      if (context === undefined) open.unshift(own);
      const page = await own.newPage();
      await page.goto(site.url + path);
      await page.waitForFunction('window.waybill?.consent !== undefined');
      return page;
    },
    async arrived(name) {
      for (let tries = 0; tries < 200; tries += 1) {
        const found = (await storefrontEvents()).find(({ event, type }) => (event ?? type) === name);
        if (found !== undefined) return found;
        await sleep(50);
      }
      throw new Error(
        `${name} has not arrived: ${JSON.stringify((await connected.harness.admin('refusals')).body)}`,
      );
    },
  };
}

/** What somebody does on a page of each platform, in the words of its data layer. */
const SAYS: Readonly<Record<Platform, Readonly<Record<'view' | 'add' | 'begin', string>>>> = {
  bigcommerce: {
    view: `bodlEvents.product.emit('pageViewed', { currency: 'EUR', product_value: 12.5, line_items: [{ product_id: 77, product_name: 'Cap', sku: 'CAP', brand_name: 'Acme', category_names: ['Hats', 'Caps'], purchase_price: 12.5, quantity: 1 }] })`,
    add: `bodlEvents.cart.emit('addItem', { currency: 'EUR', product_value: 25, line_items: [{ product_id: 77, product_name: 'Cap', purchase_price: 12.5, quantity: 2 }] })`,
    begin: `bodlEvents.checkout.emit('checkoutBegin', { currency: 'EUR', cart_value: 25, line_items: [{ product_id: 77, product_name: 'Cap', purchase_price: 12.5, quantity: 2 }] })`,
  },
  magento2: {
    view: `adobeDataLayer.push({ event: 'product-page-view', eventInfo: { productContext: { productId: 77, name: 'Cap', sku: 'CAP', categories: ['Hats', 'Caps'], pricing: { regularPrice: 12.5, currencyCode: 'EUR' } } } })`,
    add: `adobeDataLayer.push({ event: 'add-to-cart', eventInfo: { shoppingCartContext: { id: 'maskedMaskedMasked' }, changedProductsContext: { items: [{ product: { productId: 77, name: 'Cap', sku: 'CAP' }, prices: { price: { value: 12.5, currency: 'EUR' } }, quantity: 2 }] } } })`,
    begin: `adobeDataLayer.push({ event: 'initiate-checkout', eventInfo: { shoppingCartContext: { id: 'maskedMaskedMasked', prices: { subtotalExcludingTax: { value: 25, currency: 'EUR' } }, items: [{ product: { productId: 77, name: 'Cap' }, quantity: 2 }] } } })`,
  },
  commercetools: {
    view: `dataLayer.push({ event: 'view_item', ecommerce: { currency: 'EUR', value: 12.5, items: [{ item_id: 77, item_name: 'Cap', item_brand: 'Acme', item_category: 'Hats', item_category2: 'Caps', price: '12.5' }] } })`,
    add: `(function () { dataLayer.push(arguments) })('event', 'add_to_cart', { currency: 'EUR', value: 25, items: [{ item_id: 77, item_name: 'Cap', price: 12.5, quantity: 2 }] })`,
    begin: `dataLayer.push({ event: 'begin_checkout', ecommerce: { currency: 'EUR', value: 25, items: [{ item_id: 77, item_name: 'Cap', quantity: 2 }] } })`,
  },
  ultracart: {
    view: `dataLayer.push({ event: 'view_item', ecommerce: { currency: 'EUR', value: 12.5, items: [{ item_id: 77, item_name: 'Cap', price: 12.5 }] } })`,
    add: `dataLayer.push({ event: 'add_to_cart', ecommerce: { currency: 'EUR', value: 25, items: [{ item_id: 77, item_name: 'Cap', price: 12.5, quantity: 2 }] } })`,
    begin: `dataLayer.push({ event: 'begin_checkout', ecommerce: { currency: 'EUR', value: 25, items: [{ item_id: 77, quantity: 2 }] } })`,
  },
};

/** A guest's cart in the shop, and the id that its pages know it by. */
function cartIn({ shop }: World, platform: Platform): { readonly id: number; readonly shown: string } {
  const { store, product } = shop.model.tables;
  const [first] = product.all();
  const cart = shop.model.carts.begin(store.all()[0]!.id, [{ productId: first!.id, quantity: 2 }]);
  return { id: cart.id, shown: platform === 'magento2' ? String(cart.id) : cart.uuid };
}

describe.each(['bigcommerce', 'magento2', 'commercetools', 'ultracart'] as const)(
  'the storefront of %s',
  (platform) => {
    it('says what its data layer says, and its campaign comes from the link to the order', async () => {
      if (browser === undefined) return;
      const one = await world(platform);
      const { shop, harness, site } = one;
      const cart = cartIn(one, platform);
      site.cart = cart.shown;
      const page = await one.visit(
        '/caps?iterableCampaignId=4711&templateId=12&utm_source=sms&utm_campaign=spring',
      );
      const says = SAYS[platform];
      await page.evaluate(says.view);
      await page.evaluate(says.add);
      if (platform === 'commercetools') await page.evaluate(`waybill.cart(${JSON.stringify(cart.shown)})`);
      if (platform === 'ultracart')
        await page.evaluate(`document.cookie = 'UltraCartShoppingCartID=${cart.shown}'`);
      await page.evaluate(says.begin);
      const { anonymousId } = await one.arrived('Checkout Started');
      const events = await one.storefrontEvents();
      const of = (name: string): Answer =>
        events.find(
          ({ event, type, properties }) => (event ?? type) === name && properties.product_id !== 'early',
        );
      const campaign = { campaignId: 4711, templateId: 12, utm_source: 'sms', utm_campaign: 'spring' };
      expect(of('page')).toMatchObject({ properties: { title: 'Shop', path: '/caps', ...campaign } });
      expect(of('Product Viewed')).toMatchObject({
        anonymousId,
        properties: { product_id: '77', name: 'Cap', price: 12.5, currency: 'EUR', ...campaign },
        context: {
          campaign: { source: 'sms', name: 'spring' },
          source: { platform, id: 'shop' },
          ip: '127.0.0.1',
        },
      });
      expect(of('Product Added')).toMatchObject({ properties: { product_id: '77', quantity: 2 } });
      expect(of('Checkout Started').properties.products).toMatchObject([{ product_id: '77', quantity: 2 }]);

      if (platform === 'ultracart') return;
      const address = {
        firstName: 'Ida',
        lastName: 'Guest',
        street: 'Way 1',
        city: 'Bonn',
        postalCode: '53111',
        country: 'DE',
      };
      shop.model.carts.checkout(cart.id, {
        email: 'ida@shop.example',
        billingAddress: address as never,
        shipping: 500,
      });
      shop.model.orders.place(cart.id as never);
      await shop.settled();
      await one.read();
      const { body } = await harness.admin('events?limit=1000');
      const completed = body.events.find((entry: Answer) => entry.event.event === 'Order Completed').event;
      expect(completed).toMatchObject({ anonymousId, properties: campaign });
      const [step] = await harness.steps(completed.messageId);
      expect(step).toMatchObject({ status: 'delivered' });
      expect(JSON.parse(step!.exchanges.at(-1)!.request.body!)).toMatchObject({
        user: { email: 'ida@shop.example' },
        campaignId: 4711,
        templateId: 12,
      });
      // The shop has said who the visitor is: what is seen from then on is theirs.
      await page.evaluate(says.view.replaceAll('Cap', 'Hat'));
      await page.close({ runBeforeUnload: true });
      for (let tries = 0; tries < 100; tries += 1) {
        await sleep(50);
        if ((await one.storefrontEvents()).some(({ properties }) => properties.name === 'Hat')) break;
      }
      await harness.server.idle();
      const { events: custom } = (await harness.iterable()) as Answer;
      expect(custom).toContainEqual(
        expect.objectContaining({ email: 'ida@shop.example', eventName: 'Product Viewed', campaignId: 4711 }),
      );
    }, 60_000);
  },
);
