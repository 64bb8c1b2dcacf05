import { createHash } from 'node:crypto';
import { failed, type ShopFailure } from '@waybill/core';
import { call } from './api.ts';
import { isRecord, type JsonObject } from '../read.ts';
import { number, text } from './json.ts';
import type { Context, Settings } from './settings.ts';
import { regionOf } from './sqs.ts';

/** All messages of these; carts have only the change of their creation. */
const MESSAGES = ['order', 'payment', 'customer', 'product', 'review'];
const CHANGES = ['cart', 'recurring-order'];

/**
 * Ensures that the project sends changes to its queue, and that the queue works. commercetools has no webhooks: the queue calls
 * ours, and is configured by hand.
 */
export async function subscribe(
  address: string,
  context: Context,
): Promise<{ readonly message: string } | ShopFailure> {
  const destination = destinationOf(context.settings);
  if ('failure' in destination) return destination;
  if ('none' in destination) {
    const message = `commercetools calls no webhooks. Set pubSubTopic or snsTopicArn, and have that queue call ${address}; or set sqsQueueUrl, a queue that is read. Until then, the project is polled.`;
    return { message };
  }
  const { queue } = destination;
  const key = `waybill-${createHash('sha256').update(address).digest('hex').slice(0, 24)}`;
  const found = await call(context, { path: `subscriptions/key=${key}` });
  if ('failure' in found) return found;
  if ('missing' in found) {
    const json = {
      key,
      destination: queue,
      messages: MESSAGES.map((resourceTypeId) => ({ resourceTypeId, types: [] })),
      changes: CHANGES.map((resourceTypeId) => ({ resourceTypeId })),
      format: { type: 'Platform' },
    };
    return done(await call(context, { path: 'subscriptions', json }), 'made');
  }
  const { body } = found;
  const status = text(body, 'status') ?? 'Healthy';
  if (sameDestination(body['destination'], queue) && ['Healthy', 'TemporaryError'].includes(status))
    return {
      message: `The subscription ${key} sends to the queue (${status}).${queue['type'] === 'SQS' ? '' : ` The queue has to call ${address}.`}`,
    };
  // A subscription whose queue failed for long stays disabled until its destination is set again.
  const json = {
    version: number(body, 'version'),
    actions: [{ action: 'changeDestination', destination: queue }],
  };
  return done(
    await call(context, { path: `subscriptions/key=${key}`, json }),
    `repaired, as it was ${status}`,
  );
}

function done(
  answer: Awaited<ReturnType<typeof call>>,
  what: string,
): { readonly message: string } | ShopFailure {
  if ('failure' in answer) return answer;
  if ('missing' in answer) {
    const message =
      'commercetools accepts no subscriptions in this project, or the project does not exist. Check projectKey, and that apiUrl is in its region.';
    return { failure: failed('source_not_found', message) };
  }
  return { message: `The subscription ${text(answer.body, 'key') ?? ''} was ${what}.` };
}

type Destination = { readonly queue: JsonObject } | { readonly none: true } | ShopFailure;

function destinationOf(settings: Settings): Destination {
  const { pubSubTopic, snsTopicArn, sqsQueueUrl: queueUrl } = settings;
  if (pubSubTopic !== undefined) {
    const [, projectId, topic] = /^projects\/([^/]+)\/topics\/([^/]+)$/.exec(pubSubTopic) ?? [];
    if (projectId !== undefined && topic !== undefined)
      return { queue: { type: 'GoogleCloudPubSub', projectId, topic } };
    const message = 'pubSubTopic is not projects/<project>/topics/<topic>.';
    return { failure: failed('source_rejected', message, { field: 'pubSubTopic' }) };
  }
  if (snsTopicArn === undefined && queueUrl !== undefined)
    return { queue: { type: 'SQS', queueUrl, region: regionOf(settings), authenticationMode: 'IAM' } };
  if (snsTopicArn === undefined) return { none: true };
  return { queue: { type: 'SNS', topicArn: snsTopicArn, authenticationMode: 'IAM' } };
}

function sameDestination(given: unknown, wanted: JsonObject): boolean {
  return isRecord(given) && Object.entries(wanted).every(([name, value]) => given[name] === value);
}
