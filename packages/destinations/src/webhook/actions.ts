import { defineAction, type Item, type Outcome, retry } from '@waybill/core';

import { oneByOne, outcomeOf, waitOf } from '../http/index.ts';
import { bodyFields, requestFields, type RequestPayload, textFields } from './fields.ts';
import { type Content, requestOf } from './request.ts';
import { type Context, settings } from './settings.ts';

const JSON_TYPE = 'application/json';

/** Makes one call for items, and returns the outcome for all of them. */
async function sendCall(
  items: readonly Item<RequestPayload>[],
  content: Content | undefined,
  context: Context,
): Promise<Outcome> {
  const keys = items.map(({ key }) => key);
  const made = requestOf(items[0]!.payload, content, {
    settings: context.settings,
    keys,
    now: context.now(),
  });
  if ('refused' in made) return made.refused;
  const answer = await context.request(made.call);
  const outcome = outcomeOf(answer, context);
  if (answer.kind === 'failure' || outcome.status !== 'rejected') return outcome;
  if (context.settings.retryStatuses?.includes(answer.status) !== true) return outcome;
  const later = retry('destination_unavailable', outcome.message, waitOf(answer, context.now()));
  return { ...later, exchanges: [answer.exchange] };
}

/** Sends one request per event. */
const send = defineAction({
  title: 'Send',
  description: 'Sends a request for each event.',
  defaultTrigger: 'type = "track"',
  settings,
  fields: { ...requestFields, ...bodyFields, ...textFields },
  send: (items, context) =>
    oneByOne(items, (item) => {
      const { text, body } = item.payload;
      const isText = text !== undefined && text !== '';
      const content = isText ? { text, type: 'text/plain; charset=utf-8' } : jsonOf(body);
      return sendCall([item], content, context);
    }),
});

/** Sends one request for many events. */
const sendBatch = defineAction({
  title: 'Send Batch',
  description: 'Sends one request for up to 100 events: a JSON list of their bodies.',
  defaultTrigger: 'type = "track"',
  settings,
  fields: { ...requestFields, ...bodyFields },
  batch: {
    maxItems: 100,
    maxBytes: 500_000,
    groupBy: ({ method = 'POST', path = '', query = {}, headers = {} }) =>
      JSON.stringify([method, path, query, headers]),
    allOrNothing: 'A receiver of webhooks reports only a status, which applies to the whole list.',
  },
  async send(items, context) {
    const outcome = await sendCall(items, jsonOf(items.map(({ payload }) => payload.body ?? {})), context);
    return items.map(() => outcome);
  },
});

function jsonOf(value: unknown): Content | undefined {
  return value === undefined ? undefined : { text: JSON.stringify(value), type: JSON_TYPE };
}

/** The actions, by their slugs. */
export const actions = { send, sendBatch };
