import type { RowKey, RowQuery, ShopStream } from '@waybill/core';
import { call, dataOf, list } from '../api.ts';
import { channelOf } from '../lookups.ts';
import { datesOf, pageInTime, pageOfUnsorted, type ReadSpan } from '../paging.ts';
import { idOf, type JsonObject, must, timeOf } from '../../read.ts';
import type { Context, Settings } from '../settings.ts';
import { consentState } from '../states/consent.ts';
import type { SubscriberRow } from '../rows.ts';

const PATH = 'v3/customers/subscribers';

/** Subscribers of the newsletter, with or without an account. */
export const subscribers: ShopStream<Settings, SubscriberRow> = {
  title: 'Subscribers',
  description: 'Choices about e-mail: the newsletter, and messages about abandoned carts.',
  kinds: ['consent'],
  every: 60,
  overlap: 900,
  sweep: { every: 86_400, days: 30 },
  pageSize: 250,
  async page(query, context) {
    // The only order is by ID, which is by creation time.
    const readSpan: ReadSpan = ({ page, limit, ...span }) =>
      list(context, { path: PATH, query: { ...datesOf(span), page, limit } });
    const found = await (query.by === 'created'
      ? pageInTime(query, readSpan)
      : pageOfUnsorted(query, subscriberKey, readSpan));
    if ('failure' in found) return found;
    return { ...found, rows: await Promise.all(found.rows.map((row) => placed(row, context))) };
  },
  async get(id, context) {
    const got = await call(context, { path: `${PATH}/${encodeURIComponent(id)}` });
    if ('failure' in got) return got;
    return 'missing' in got ? 'gone' : { row: await placed(dataOf(got.body), context) };
  },
  async count(span, context) {
    const found = await list(context, { path: PATH, query: { ...datesOf(span), limit: 1 } });
    return 'failure' in found ? found : { count: found.total ?? found.rows.length };
  },
  keyOf: ({ subscriber }, by) => subscriberKey(subscriber, by),
  states: (row) => [consentState(row)],
};

function subscriberKey(subscriber: JsonObject, by: RowQuery['by']): RowKey {
  const at = timeOf(subscriber, by === 'changed' ? 'date_modified' : 'date_created');
  return { id: must(idOf(subscriber, 'id'), 'id'), at: must(at, 'time') };
}

async function placed(subscriber: JsonObject, context: Context): Promise<SubscriberRow> {
  const channel = await channelOf(context, idOf(subscriber, 'channel_id'));
  return { subscriber, ...(channel === undefined ? {} : { channel }) };
}
