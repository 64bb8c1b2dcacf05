import {
  failed,
  type FeedPage,
  headerOf,
  type Hint,
  type HttpResponse,
  retryAfter,
  type ShopFailure,
  type ShopFeed,
} from '@waybill/core';
import { failureBy } from '../failures.ts';
import { hintOf, isFor } from '../hints.ts';
import { type Client, tokenOf } from '../ims.ts';
import { memberOf } from '../json.ts';
import { objectsOf } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';

/** The scopes of a token for the journal: I/O Events and the I/O Management API. */
const SCOPE =
  'openid,AdobeID,read_organizations,additional_info.projectedProductContext,additional_info.roles,adobeio_api,event_receiver_api';
/** The service of the journal, which is not the shop. */
const ASKED = { who: 'Adobe I/O Events', what: 'the journal' };
/** The number of events per reading. */
const LIMIT = '100';
const TIMEOUT = 60_000;

/**
 * The journal of an event registration, which Adobe keeps for seven days: for missed webhooks. The position is Adobe's link to
 * the next page.
 */
export const journal: ShopFeed<Settings> = {
  title: 'Journal',
  description: 'Events of Adobe Commerce, from the journal of their registration.',
  every: 60,
  isOn: ({ adobeJournalUrl, adobeClientId }) => adobeJournalUrl !== undefined && adobeClientId !== undefined,
  async read(position, context) {
    const answer = await call(startOf(position, context), context);
    if ('failure' in answer) return answer;
    if (answer.status !== 410) return pageOf(answer, context);
    // Events older than seven days are gone: reading continues with the oldest event.
    const oldest = await call({}, context);
    return 'failure' in oldest ? oldest : pageOf(oldest, context);
  },
};

type Query = Readonly<Record<string, string>>;

/** The start of reading: after a link, or from now on. A link of another journal is ignored. */
function startOf(position: string | undefined, { settings }: Context): Query {
  const link = position === undefined ? undefined : linkWithin(position, settings);
  return link === undefined ? { latest: 'true' } : Object.fromEntries(link.searchParams);
}

/** The URL of a link, if it belongs to the journal. */
function linkWithin(link: string, { adobeJournalUrl = '' }: Settings): URL | undefined {
  if (!URL.canParse(link, adobeJournalUrl)) return undefined;
  const [found, journalUrl] = [new URL(link, adobeJournalUrl), new URL(adobeJournalUrl)];
  return found.origin === journalUrl.origin && found.pathname === journalUrl.pathname ? found : undefined;
}

async function call(query: Query, context: Context): Promise<HttpResponse | ShopFailure> {
  const { settings, request, now } = context;
  const {
    adobeClientId = '',
    adobeClientSecret,
    adobeOrganization,
    imsClientSecret,
    imsOrganization,
  } = settings;
  const client: Client = {
    id: adobeClientId,
    secret: adobeClientSecret ?? imsClientSecret ?? '',
    scope: SCOPE,
    kept: 'journal token',
  };
  for (let attempt = 0; ; attempt += 1) {
    const token = await tokenOf(client, context);
    if ('failure' in token) return token;
    const answer = await request({
      url: settings.adobeJournalUrl!.split('?')[0]!,
      query: { ...query, limit: LIMIT },
      headers: {
        authorization: `Bearer ${token.text}`,
        accept: 'application/json',
        'x-api-key': adobeClientId,
        'x-ims-org-id': adobeOrganization ?? imsOrganization ?? '',
      },
      timeoutMs: TIMEOUT,
    });
    if (answer.kind === 'response' && (answer.ok || answer.status === 410)) return answer;
    // A token may have been revoked early.
    const isRefused = answer.kind === 'response' && answer.status === 401 && attempt === 0;
    if (!isRefused) return failureBy(ASKED, answer, now());
    context.memory.delete(client.kept);
  }
}

function pageOf(answer: HttpResponse, context: Context): FeedPage | ShopFailure {
  const { settings, now } = context;
  const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(headerOf(answer, 'link') ?? '')?.[1];
  if (link === undefined || linkWithin(link, settings) === undefined) {
    const message =
      'The journal of Adobe I/O Events does not return the next position. Check adobeJournalUrl.';
    return { failure: failed('source_unreadable_answer', message) };
  }
  const events = objectsOf(memberOf(answer.body, 'events')).map((entry) => entry['event']);
  const ours = objectsOf(events).filter((event) => isFor(event, settings));
  const waitMs = retryAfter(headerOf(answer, 'retry-after'), now());
  return {
    hints: distinct(ours.flatMap(hintOf)),
    position: link,
    more: events.length > 0,
    ...(waitMs === undefined ? {} : { waitMs }),
  };
}

/** Removes duplicates: a row that occurs several times on a page is read once. */
function distinct(hints: readonly Hint[]): readonly Hint[] {
  return [...new Map(hints.map((hint) => [`${hint.stream} ${hint.id}`, hint])).values()];
}
