import { compact, numberOf, type Properties } from './values.ts';
import type { Store } from './store.ts';

/** The attribution, for the properties and context of events. */
export interface Campaign {
  readonly properties: Properties;
  readonly context: Properties;
}

const KEPT = 'campaign';
/** The number of days of attribution: Iterable itself attributes for days at most. */
const DAYS = 7;
const DAY = 86_400_000;

/** Parameters of a link, and their properties; links in SMS have them, because they set no cookie. */
const IDS: Readonly<Record<string, readonly string[]>> = {
  campaignId: ['iterableEmailCampaignId', 'iterableCampaignId', 'iterable_campaign_id', 'campaignId'],
  templateId: ['iterableTemplateId', 'iterable_template_id', 'templateId'],
  iterable_message_id: ['iterableMessageId', 'iterable_message_id'],
  utm_source: ['utm_source'],
  utm_medium: ['utm_medium'],
  utm_campaign: ['utm_campaign'],
  utm_term: ['utm_term'],
  utm_content: ['utm_content'],
  utm_id: ['utm_id'],
};
/** Cookies that Iterable sets after a click in an e-mail. */
const COOKIES: Readonly<Record<string, string>> = {
  campaignId: 'iterableEmailCampaignId',
  templateId: 'iterableTemplateId',
  iterable_message_id: 'iterableMessageId',
};
const CLICK_IDS = ['gclid', 'gbraid', 'wbraid', 'fbclid', 'msclkid', 'ttclid'];
const NUMBERS = ['campaignId', 'templateId'];
const LONGEST = 200;

/** Creates the attribution of a visitor: the last link with parameters counts, for a week. Cookies are only read when `allowed`. */
export function createCampaign(store: Store, allowed: () => boolean): () => Campaign {
  let landed = linkOf(new URLSearchParams(location.search));
  return () => {
    const link = landed;
    landed = undefined;
    const clicked = allowed() ? clickedOf() : undefined;
    const kept = read(store);
    const isNew = clicked !== undefined && clicked['campaignId'] !== kept?.values['campaignId'];
    const values = link ?? (isNew ? clicked : undefined);
    if (values !== undefined) store.set(KEPT, JSON.stringify({ at: Date.now(), values }));
    return campaignOf(values ?? kept?.values ?? {});
  };
}

function read(store: Store): { readonly values: Properties } | undefined {
  try {
    const kept = JSON.parse(store.get(KEPT) ?? 'null') as { at: number; values: Properties } | null;
    return kept !== null && Date.now() - kept.at < DAYS * DAY ? kept : undefined;
  } catch {
    return undefined;
  }
}

function campaignOf(values: Properties): Campaign {
  const {
    utm_source: source,
    utm_medium: medium,
    utm_campaign: name,
    utm_term: term,
    utm_content: content,
  } = values;
  return { properties: values, context: compact({ name, source, medium, term, content }) };
}

/** Returns the attribution in the parameters of a link; undefined without any. */
function linkOf(query: URLSearchParams): Properties | undefined {
  const found = Object.entries(IDS).map(
    ([name, parameters]) => [name, parameters.map((one) => query.get(one)).find(Boolean)] as const,
  );
  const clicks = compact(
    Object.fromEntries(CLICK_IDS.map((one) => [one, query.get(one)?.slice(0, LONGEST)])),
  );
  const click_ids = Object.keys(clicks).length > 0 ? clicks : undefined;
  return some({ ...Object.fromEntries(found), click_ids });
}

function clickedOf(): Properties | undefined {
  const found = Object.entries(COOKIES).map(([name, cookie]) => [name, cookieOf(cookie)] as const);
  const values = some(Object.fromEntries(found));
  return values?.['campaignId'] === undefined ? undefined : values;
}

function some(values: Properties): Properties | undefined {
  const read = Object.entries(values).map(([name, value]) => [
    name,
    NUMBERS.includes(name) ? numberOf(value) : typeof value === 'string' ? value.slice(0, LONGEST) : value,
  ]);
  const found = compact(Object.fromEntries(read) as Properties);
  return Object.keys(found).length > 0 ? found : undefined;
}

/** Returns the value of a cookie. */
export function cookieOf(name: string): string | undefined {
  const found = document.cookie.split('; ').find((one) => one.startsWith(`${name}=`));
  if (found === undefined) return undefined;
  const value = found.slice(name.length + 1);
  try {
    return decodeURIComponent(value).replace(/^"|"$/g, '');
  } catch {
    return value;
  }
}
