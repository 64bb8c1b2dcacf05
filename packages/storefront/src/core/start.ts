import { createCampaign } from './campaign.ts';
import { createConsent } from './consent.ts';
import { createQueue } from './queue.ts';
import type { Settings } from './settings.ts';
import { compact, idOf, type Properties } from './values.ts';
import { createStore } from './store.ts';

/** What a script of a platform receives. */
export interface Storefront {
  /** Reports an action of a visitor. */
  track(event: string, properties: Properties): void;
  /** Links a cart, with its events and its order, to the visitor. */
  cart(id: unknown): void;
  /** Reports that the cart became an order: with this ID, if orders do not have their cart. */
  ordered(id?: unknown): void;
  /** Whether the visitor has agreed. */
  readonly granted: boolean;
  consent(granted: boolean): void;
}

/** Prepended to the script by the server. */
declare const __WAYBILL__: Settings;

const VERSION = '1';
const CART = 'cart';

/** Starts tracking a visitor, once per page. `listen` connects to the shop's own events. */
export function start(listen: (storefront: Storefront) => void): void {
  const page = window as unknown as { waybill?: unknown };
  const before = page.waybill;
  if (before !== undefined && !Array.isArray(before)) return;
  const script = document.currentScript as HTMLScriptElement | null;
  if (script === null) return;
  const address = script.src.replace(/\/storefront\/[^/]*$/, '');
  const storefront = createStorefront(__WAYBILL__, address);
  const call = ([name, ...values]: readonly unknown[]): void => {
    const method = storefront[name as keyof Storefront] as
      ((...values: readonly unknown[]) => void) | undefined;
    if (typeof method === 'function') method(...values);
  };
  page.waybill = { ...methodsOf(storefront), push: call };
  followPages(storefront);
  listen(storefront);
  // Calls of the page before the script was loaded.
  for (const one of (before as unknown[][] | undefined) ?? []) call(one);
}

function methodsOf({ track, cart, consent }: PagesStorefront): Properties {
  return { track, cart, consent };
}

interface PagesStorefront extends Storefront {
  page(): void;
}

function createStorefront(settings: Settings, address: string): PagesStorefront {
  const store = createStore();
  const consent = createConsent(settings, store, () => queue.flush());
  const queue = createQueue({ store, address, key: settings.key, allowed: () => consent.granted });
  const campaign = createCampaign(store, () => consent.granted);
  const visitor = (): string => {
    const known = store.get('id') ?? newId();
    store.set('id', known);
    return known;
  };
  const add = (call: Properties, properties: Properties): void => {
    const { properties: led, context: from } = campaign();
    const { language: locale, userAgent } = navigator;
    const context = {
      page: pageOf(),
      locale,
      userAgent,
      library: { name: 'waybill-storefront', version: VERSION },
      ...(Object.keys(from).length === 0 ? {} : { campaign: from }),
    };
    queue.add({
      ...call,
      messageId: newId(),
      anonymousId: visitor(),
      timestamp: new Date().toISOString(),
      properties: { cart_id: store.get(CART), ...led, ...compact(properties) },
      context,
    });
  };
  const track = (event: string, properties: Properties = {}): void =>
    add({ type: 'track', event }, properties);
  return {
    get granted() {
      return consent.granted;
    },
    consent: (granted) => consent.say(granted === true),
    track,
    page: () => add({ type: 'page' }, pageOf()),
    cart(given) {
      const id = idOf(given);
      if (id === undefined || id === store.get(CART)) return;
      store.set(CART, id);
      track('Cart Identified', {});
      queue.flush();
    },
    ordered(given) {
      const order_id = idOf(given);
      if (order_id !== undefined) track('Order Identified', { order_id });
      queue.flush();
      store.set(CART, undefined);
    },
  };
}

/** Tracks every page, including client-side navigation. */
function followPages(storefront: PagesStorefront): void {
  let last: string | undefined;
  const look = (): void => {
    const here = location.origin + location.pathname;
    if (here === last) return;
    last = here;
    storefront.page();
  };
  const { pushState } = history;
  history.pushState = function (...given) {
    pushState.apply(this, given);
    // Its title is set after it.
    setTimeout(look);
  };
  addEventListener('popstate', () => setTimeout(look));
  look();
}

function pageOf(): Properties {
  const { title, referrer } = document;
  const { href, pathname, search } = location;
  return compact({ title, url: href, path: pathname, search, referrer });
}

function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
