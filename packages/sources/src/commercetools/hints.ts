import type { Hint, HintAnswer, WebhookRequest } from '@waybill/core';
import { isRecord, type JsonObject } from '../read.ts';
import { at, text } from './json.ts';
import { pushRefusal } from './google.ts';
import type { Context } from './settings.ts';
import { isSnsAddress, snsRefusal } from './sns.ts';

/** The streams of notifications, by resource type. */
export const STREAMS: ReadonlyMap<string, string> = new Map([
  ['order', 'orders'],
  ['payment', 'payments'],
  ['customer', 'customers'],
  ['cart', 'carts'],
  ['product', 'products'],
  ['review', 'reviews'],
  ['recurring-order', 'subscriptions'],
]);

/** Verifies that a request is from the queue of the project, and reads its row: nothing else is trusted. */
export async function hints(request: WebhookRequest, context: Context): Promise<HintAnswer> {
  const body = parsed(new TextDecoder().decode(request.body));
  if (body === undefined) return invalid('The body is not a JSON object.');
  const isSns = request.headers['x-amz-sns-message-type'] !== undefined;
  const why = isSns
    ? await snsRefusal(body, context)
    : await pushRefusal(request.headers['authorization'] ?? '', context);
  if (why !== undefined) return { refused: { code: 'source_signature_invalid', message: why } };
  if (isSns && text(body, 'Type') === 'SubscriptionConfirmation') return confirm(body, context);
  if (isSns && text(body, 'Type') !== 'Notification') return { hints: [] };
  const data = isSns
    ? text(body, 'Message')
    : Buffer.from(text(body, 'message', 'data') ?? '', 'base64').toString();
  const notification = parsed(data ?? '');
  return notification === undefined
    ? invalid('The message is not a JSON object.')
    : hintsOf(notification, context.settings.projectKey);
}

function invalid(message: string): HintAnswer {
  return { refused: { code: 'request_invalid', message } };
}

function parsed(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the hints of a notification, plain or in a CloudEvent. */
function hintsOf(notification: JsonObject, projectKey: string): HintAnswer {
  const inner = at(notification, 'data');
  const body = text(notification, 'specversion') !== undefined && isRecord(inner) ? inner : notification;
  const project = text(body, 'projectKey');
  if (project !== undefined && project !== projectKey)
    return invalid(`The message is from the project "${project}", not from "${projectKey}".`);
  return { hints: hintsIn(body) };
}

/** Reads the hints of a message of a queue, also one that a topic forwarded; undefined when it is not from the project. */
export function hintsOfText(body: string, projectKey: string): readonly Hint[] | undefined {
  const outer = parsed(body);
  const inner =
    outer !== undefined && text(outer, 'Type') === 'Notification' ? text(outer, 'Message') : undefined;
  const notification = inner === undefined ? outer : parsed(inner);
  if (notification === undefined) return undefined;
  const answer = hintsOf(notification, projectKey);
  return 'hints' in answer ? answer.hints : undefined;
}

/** The row of a message. The first message of every subscription is a test, and some resource types are not read. */
export function hintsIn(message: JsonObject): readonly Hint[] {
  const stream = STREAMS.get(text(message, 'resource', 'typeId') ?? '');
  const id = text(message, 'resource', 'id') ?? '';
  return stream !== undefined && /^[0-9A-Za-z-]{1,64}$/.test(id) ? [{ stream, id }] : [];
}

/** Confirms a subscription of SNS by visiting the URL that it sends. */
async function confirm(body: JsonObject, { request }: Context): Promise<HintAnswer> {
  const address = text(body, 'SubscribeURL') ?? '';
  if (!isSnsAddress(address)) return invalid('The confirmation address does not belong to Amazon.');
  const answer = await request({ url: address });
  const isDone = answer.kind === 'response' && answer.ok;
  return isDone
    ? { hints: [] }
    : invalid('The subscription could not be confirmed at Amazon, which asks again.');
}
