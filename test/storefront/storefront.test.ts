import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Platform } from '@waybill/shop-sandboxes';
import type { Answer } from '../e2e/harness.ts';
import { createWorlds, holdsIn, type World } from './world.ts';

/** The id of the first order at UltraCart. */
const FIRST_ORDER = 'DEMO-0000000001';

const worlds = createWorlds();
afterEach(() => worlds.clear());
afterAll(() => worlds.close());

/** The actions on a page of each platform, in the words of its data layer. */
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

/** A guest's cart in the shop, and the ID of the cart in its pages. */
function cartIn({ shop }: World, platform: Platform): { readonly id: number; readonly shown: string } {
  const { store, product } = shop.model.tables;
  const [first] = product.all();
  const cart = shop.model.carts.begin(store.all()[0]!.id, [{ productId: first!.id, quantity: 2 }]);
  return { id: cart.id, shown: platform === 'magento2' ? String(cart.id) : cart.uuid };
}

/** The theme reports what Adobe's events lack: its product, and changes of the cart. */
async function hearsLuma({ visit, until }: World): Promise<void> {
  const page = await visit('/luma/cap');
  const of = (events: readonly Answer[]) =>
    events
      .filter(({ context }) => context.page.path === '/luma/cap')
      .map(({ event, type, properties }) => ({ ...properties, is: event ?? type }));
  await until((events) => of(events).some(({ is }) => is === 'Product Viewed'));
  await page.evaluate(
    `fill([{ item_id: '6', product_id: '77', product_name: 'Cap', product_sku: 'CAP', qty: 2, product_price_value: 12.5 }])`,
  );
  const said = of(await until((events) => of(events).some(({ is }) => is === 'Product Added')));
  const cap = { product_id: '77', sku: 'CAP', name: 'Cap', price: 12.5 };
  expect(said).toContainEqual(expect.objectContaining({ is: 'Product Viewed', ...cap, currency: 'EUR' }));
  expect(said).toContainEqual(expect.objectContaining({ is: 'Product Added', ...cap, quantity: 2 }));
  expect(said).toContainEqual(
    expect.objectContaining({ is: 'Product Removed', product_id: '1', quantity: 1 }),
  );
}

describe.each(['bigcommerce', 'magento2', 'commercetools', 'ultracart'] as const)(
  'the storefront of %s',
  (platform) => {
    it('reports the data of its data layer, and its campaign comes from the link to the order', async () => {
      if ((await worlds.browser()) === undefined) return;
      const one = await worlds.open(platform);
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
      const events = await one.until((all) => all.some(({ event }) => event === 'Checkout Started'));
      const of = (name: string): Answer =>
        events.find(
          ({ event, type, properties }) => (event ?? type) === name && properties.product_id !== 'early',
        );
      const { anonymousId } = of('page');
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

      if (platform === 'magento2') await hearsLuma(one);
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
      // An order of UltraCart does not name its cart: its page names the order, from the page on which it was placed.
      if (platform === 'ultracart') {
        await page.evaluate(
          `dataLayer.push({ event: 'purchase', ecommerce: { transaction_id: '${FIRST_ORDER}' } })`,
        );
        await holdsIn(page, `localStorage.getItem('waybill.queue') === null`);
      }
      shop.model.orders.place(cart.id);
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
      // The shop has identified the visitor: later events belong to this user.
      await page.evaluate(says.view.replaceAll('Cap', 'Hat'));
      await page.close({ runBeforeUnload: true });
      await one.until((all) => all.some(({ properties }) => properties.name === 'Hat'));
      await harness.server.idle();
      const { events: custom } = (await harness.iterable()) as Answer;
      expect(custom).toContainEqual(
        expect.objectContaining({ email: 'ida@shop.example', eventName: 'Product Viewed', campaignId: 4711 }),
      );
    }, 60_000);
  },
);
