import type { DynamicAnswer, DynamicChoice, DynamicField } from '@waybill/core';

import { isRecord, type JsonObject } from '../../http/json.ts';
import type { Context } from '../settings.ts';
import { callIterable } from './client.ts';

type Choices = DynamicField<Context>;

/** Returns the lists that users can be added to, without lists that Iterable fills itself. */
export const listChoices: Choices = whole('/api/lists', 'lists', (list) =>
  list['listType'] === undefined || list['listType'] === 'Standard'
    ? choice(list['id'], list['name'], list['description'])
    : undefined,
);

/** Returns the channels of the account. */
export const channelChoices: Choices = whole('/api/channels', 'channels', (channel) =>
  choice(channel['id'], channel['name'], channel['messageMedium']),
);

/** Returns the message types of the account. */
export const messageTypeChoices: Choices = whole('/api/messageTypes', 'messageTypes', (type) =>
  choice(type['id'], type['name'], type['subscriptionPolicy']),
);

/** Returns the campaigns of the account, page by page. */
export const campaignChoices: Choices = paged('/api/campaigns', 'campaigns', (campaign) =>
  choice(campaign['id'], campaign['name'], campaign['campaignState']),
);

/** Returns the templates of the account, page by page. */
const templateChoices: Choices = paged('/api/templates', 'templates', (template) =>
  choice(template['templateId'], template['name']),
);

/** Returns the catalogs of the account, page by page. */
export const catalogChoices: Choices = paged('/api/catalogs', 'catalogNames', (catalog) =>
  choice(catalog['name'], catalog['name']),
);

/** The fields by which a send is attributed to a campaign. */
export const attributionChoices: Readonly<Record<string, Choices>> = {
  campaignId: campaignChoices,
  templateId: templateChoices,
};

type Reader = (member: JsonObject) => DynamicChoice | undefined;

function whole(path: string, member: string, read: Reader): Choices {
  return async (context, { query }) => {
    const answer = await callIterable({ method: 'GET', path }, context);
    if (answer.kind === 'refused') return problem(answer.outcome.code, answer.outcome.message);
    return { choices: narrowed(membersOf(answer.body, member), read, query) };
  };
}

/** The maximum page size: a hundred for catalogs, more for others. */
const PAGE_SIZE = 100;

function paged(path: string, member: string, read: Reader): Choices {
  return async (context, { query, page }) => {
    const number = page === undefined ? 1 : Number(page);
    if (!Number.isInteger(number) || number < 1)
      return problem('payload_invalid_format', `"${page}" is not a page.`);
    const answer = await callIterable(
      { method: 'GET', path, query: { page: number, pageSize: PAGE_SIZE } },
      context,
    );
    if (answer.kind === 'refused') return problem(answer.outcome.code, answer.outcome.message);
    // Catalogs are wrapped in the common body, the others are not.
    const body = isRecord(answer.body['params']) ? answer.body['params'] : answer.body;
    const choices = narrowed(membersOf(body, member), read, query);
    const more = typeof body['nextPageUrl'] === 'string' && body['nextPageUrl'] !== '';
    return more ? { choices, nextPage: String(number + 1) } : { choices };
  };
}

function membersOf(body: JsonObject, member: string): readonly JsonObject[] {
  const list = body[member];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function narrowed(members: readonly JsonObject[], read: Reader, query = ''): DynamicChoice[] {
  const wanted = query.trim().toLowerCase();
  return members
    .map(read)
    .filter((one): one is DynamicChoice => one !== undefined)
    .filter(({ label, value }) => label.toLowerCase().includes(wanted) || String(value).includes(wanted));
}

function choice(value: unknown, label: unknown, description?: unknown): DynamicChoice | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  return {
    value,
    label: typeof label === 'string' && label !== '' ? label : String(value),
    ...(typeof description === 'string' && description !== '' ? { description } : {}),
  };
}

function problem(
  code: Extract<DynamicAnswer, { error: object }>['error']['code'],
  message: string,
): DynamicAnswer {
  return { error: { code, path: '', message } };
}
