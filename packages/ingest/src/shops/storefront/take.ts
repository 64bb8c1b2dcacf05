import { type Issue, type ResolvedSource, type ShopAttribution, withoutAbsent } from '@waybill/core';
import { visitorKeyOf } from '@waybill/sources';
import type { Given, Intake, KnownOrigin, Refused, Taken } from '../../intake/intake.ts';
import { type Person, type Visit, type Visitors } from './visitors.ts';

/** The allowed events of a storefront; the shop itself reports purchases. */
const EVENTS: ReadonlySet<unknown> = new Set([
  'Product Viewed',
  'Product List Viewed',
  'Product Clicked',
  'Products Searched',
  'Product Added',
  'Product Removed',
  'Cart Viewed',
  'Checkout Started',
  'Payment Info Entered',
]);
/** Messages that link a cart, or its order, to the visitor; they are not events. */
const CART = 'Cart Identified';
const ORDER = 'Order Identified';
/** The prefix of keys of orders, so that none collides with that of a cart. */
const OF_ORDER = 'order-';

const TEXTS =
  'title url path search referrer product_id variant_id sku name category brand variant coupon currency image_url list_id query payment_method cart_id iterable_message_id utm_source utm_medium utm_campaign utm_term utm_content utm_id';
const NUMBERS = 'price quantity value position campaignId templateId';
const OF_PRODUCT = 'product_id variant_id sku name category brand variant coupon currency image_url url';
const OF_PRODUCT_NUMBERS = 'price quantity position';
const OF_PAGE = 'title url path search referrer';
const OF_CAMPAIGN = 'name source medium term content';
const CLICK_IDS = 'gclid gbraid wbraid fbclid msclkid ttclid';
const MOST_PRODUCTS = 50;
const MOST_CATEGORIES = 20;
const LONGEST = 2_000;
const LONGEST_ID = 100;

type Members = Readonly<Record<string, unknown>>;

/** An event of a storefront, with its data about a cart. */
interface Read {
  /** Its index in the input. */
  readonly index: number;
  readonly event?: Members & { readonly anonymousId: string };
  readonly visit?: Visit;
}

/**
 * Accepts events from the pages of a shop. Anybody can send with the public key of a storefront, so events are rebuilt from the
 * few allowed members: without users and addresses, and with IDs that cannot be those of the shop's own events. Only the shop
 * identifies visitors.
 */
export async function takeStorefront(
  raws: readonly unknown[],
  source: ResolvedSource,
  input: {
    readonly intake: Pick<Intake, 'take' | 'refuse'>;
    readonly visitors: Visitors;
    readonly origin: KnownOrigin;
    readonly given: Pick<Given, 'sentAt' | 'ip' | 'fromPage'>;
    readonly now: number;
  },
): Promise<Taken> {
  const { intake, visitors, origin, given, now } = input;
  const refused: Refused[] = [];
  const taking: Read[] = [];
  for (const [index, raw] of raws.entries()) {
    const read = readEvent(raw, source, now, given.ip);
    if ('issue' in read) refused.push({ index, issues: [read.issue] });
    else taking.push({ index, ...read });
  }
  if (refused.length > 0) intake.refuse(refused, origin);
  await visitors.note(taking.flatMap(({ visit }) => visit ?? []));
  const told = taking.flatMap(({ index, event }) => (event === undefined ? [] : [{ index, event }]));
  const persons = await visitors.personsOf(told.map(({ event }) => event.anonymousId));
  const whole = told.map(({ event }) => withPerson(event, persons.get(event.anonymousId)));
  const { list, ...place } = origin;
  const taken = intake.take(whole, place, given);
  refused.push(...taken.refused.map((one) => ({ ...one, index: told[one.index]!.index })));
  return {
    ...(taken.stored === undefined ? {} : { stored: taken.stored }),
    accepted: raws.length - refused.length,
    refused: refused.map(({ index, issues }) => ({
      index,
      issues: issues.map((issue) => placed(issue, index, list)),
    })),
  };
}

function withPerson(event: Members, { userId, email }: Person = {}): Members {
  const context = event['context'] as Members;
  return {
    ...event,
    ...(userId === undefined ? {} : { userId }),
    context: email === undefined ? context : { ...context, traits: { email } },
  };
}

function readEvent(
  raw: unknown,
  source: ResolvedSource,
  now: number,
  address: string | undefined,
): Omit<Read, 'index'> | { readonly issue: Issue } {
  const given = membersOf(raw);
  const { type, event: name, messageId, anonymousId, timestamp } = given;
  const isPage = type === 'page';
  if (!isPage && (type !== 'track' || (name !== CART && name !== ORDER && !EVENTS.has(name))))
    return {
      issue: problem('event', 'A storefront cannot send this event: the shop itself reports orders.'),
    };
  if ('userId' in given || 'traits' in given)
    return {
      issue: problem('userId', 'A storefront cannot name a user: only the shop determines who a visitor is.'),
    };
  if (!isId(anonymousId))
    return { issue: problem('anonymousId', `It must be a string of at most ${LONGEST_ID} characters.`) };
  if (!isId(messageId))
    return { issue: problem('messageId', `It must be a string of at most ${LONGEST_ID} characters.`) };
  const properties = propertiesOf(membersOf(given['properties']));
  const context = membersOf(given['context']);
  const campaign = picked(context['campaign'], OF_CAMPAIGN, '');
  const who = { anonymousId, at: timeOf(timestamp, now) };
  if (!isPage && name === ORDER) {
    const id = membersOf(given['properties'])['order_id'];
    if (!isId(id) || address === undefined) return {};
    return { visit: visitOf(who, visitorKeyOf(id, address), properties, campaign) };
  }
  const { cart_id: cartId } = properties;
  const isCart = isId(cartId) && !cartId.startsWith(OF_ORDER);
  const visit = isCart ? visitOf(who, cartId, properties, campaign) : undefined;
  if (!isPage && name === CART) return visit === undefined ? {} : { visit };
  const event = {
    type,
    ...(isPage ? {} : { event: name }),
    // A separate namespace: an event of the shop is never a duplicate of one from a storefront.
    messageId: `storefront ${messageId.slice(-60)}`,
    anonymousId,
    ...(timestamp === undefined ? {} : { timestamp }),
    properties,
    context: {
      page: picked(context['page'], OF_PAGE, ''),
      ...picked(context, 'locale userAgent', ''),
      library: picked(context['library'], 'name version', ''),
      ...(Object.keys(campaign).length === 0 ? {} : { campaign }),
      source: { platform: source.source!.slug, id: source.id, storefront: true },
    },
  };
  return { event, ...(visit === undefined ? {} : { visit }) };
}

function propertiesOf(given: Members): Members {
  const { categories, products, click_ids } = given;
  const clicks = picked(click_ids, CLICK_IDS, '');
  return {
    ...picked(given, TEXTS, NUMBERS),
    ...(Array.isArray(categories) ? { categories: textsOf(categories) } : {}),
    ...(Array.isArray(products) ? { products: products.slice(0, MOST_PRODUCTS).map(productOf) } : {}),
    ...(Object.keys(clicks).length === 0 ? {} : { click_ids: clicks }),
  };
}

function productOf(given: unknown): Members {
  const { categories } = membersOf(given);
  return {
    ...picked(given, OF_PRODUCT, OF_PRODUCT_NUMBERS),
    ...(Array.isArray(categories) ? { categories: textsOf(categories) } : {}),
  };
}

/** Returns the visit of an event about a cart or an order. */
function visitOf(
  who: Pick<Visit, 'anonymousId' | 'at'>,
  cartId: string,
  properties: Members,
  campaign: Members,
): Visit {
  const { campaignId, templateId, iterable_message_id: messageId, click_ids: clickIds } = properties;
  const { name, source, medium, term, content } = campaign;
  const found = {
    source,
    medium,
    campaign: name,
    term,
    content,
    id: properties['utm_id'],
    campaignId: campaignId === undefined ? undefined : String(campaignId as number),
    templateId: templateId === undefined ? undefined : String(templateId as number),
    messageId,
    clickIds,
  };
  const attribution = withoutAbsent(found) as ShopAttribution;
  return { ...who, cartId, ...(Object.keys(attribution).length === 0 ? {} : { attribution }) };
}

/** Returns the string and number members with these names. */
function picked(given: unknown, texts: string, numbers: string): Members {
  const members = membersOf(given);
  const of = (names: string, take: (value: unknown) => unknown): readonly (readonly [string, unknown])[] =>
    names.split(' ').flatMap((name) => {
      const value = Object.hasOwn(members, name) ? take(members[name]) : undefined;
      return value === undefined ? [] : [[name, value] as const];
    });
  return Object.fromEntries([
    ...of(texts, (value) => (typeof value === 'string' ? value.slice(0, LONGEST) : undefined)),
    ...of(numbers, (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)),
  ]);
}

function textsOf(values: readonly unknown[]): readonly string[] {
  return values
    .filter((one) => typeof one === 'string')
    .slice(0, MOST_CATEGORIES)
    .map((one) => one.slice(0, LONGEST));
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_ID;
}

/** Returns the time of an event, never in our future. */
function timeOf(timestamp: unknown, now: number): number {
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(at) ? now : Math.min(at, now);
}

function problem(path: string, message: string): Issue {
  return { code: 'event_invalid', path, message };
}

function placed(issue: Issue, index: number, list: string | undefined): Issue {
  return list === undefined ? issue : { ...issue, path: `${list}[${index}].${issue.path}` };
}
