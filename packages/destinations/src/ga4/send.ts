import { delivered, type Item, type Outcome, type Payload, type Rejected, rejected } from '@waybill/core';

import { addressBelow } from '../http/address.ts';
import { outcomeOf } from '../http/answer.ts';
import { isRecord, type JsonObject } from '../http/json.ts';
import { withNotes } from '../http/outcomes.ts';
import type { whoFields } from './fields.ts';
import { fitting, LIMITS, problemOf, userPropertiesProblem } from './rules.ts';
import { baseOf, type Context } from './settings.ts';

type Who = Payload<typeof whoFields>;

/** An event to record: its name, and its specific parameters. */
export interface Recorded {
  readonly name: string;
  readonly params: JsonObject;
}

/** Sends an event, unless it breaks the rules. */
export async function sendEvent(
  { payload, event }: Item<Who>,
  recorded: Recorded,
  context: Context,
): Promise<Outcome> {
  const notes: string[] = [];
  const at = payload.timestamp ?? event.timestamp;
  const made = bodyOf(payload, recorded, { now: context.now(), time: new Date(at).getTime(), notes });
  if ('refused' in made) return made.refused;
  const { settings } = context;
  const isCheck = settings.mode === 'check';
  const answer = await context.request({
    method: 'POST',
    url: addressBelow(baseOf(settings), isCheck ? 'debug/mp/collect' : 'mp/collect'),
    query: { measurement_id: settings.measurementId, api_secret: settings.apiSecret },
    json: made.body,
  });
  const outcome = outcomeOf(answer, context);
  if (!isCheck || outcome.status !== 'delivered' || answer.kind === 'failure')
    return withNotes(outcome, notes);
  return withNotes(checked(answer.body, answer.exchange), notes);
}

/** Sends an event to the debug endpoint. */
function checked(body: unknown, exchange: number): Outcome {
  const messages = isRecord(body) ? body['validationMessages'] : undefined;
  if (!Array.isArray(messages)) {
    const message = 'The debug endpoint did not report its findings.';
    return { status: 'retry', code: 'destination_unreadable_answer', message, exchanges: [exchange] };
  }
  const [first] = messages as readonly unknown[];
  if (!isRecord(first))
    return { ...delivered('Google checked it and recorded nothing.'), exchanges: [exchange] };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const message = `Google says: ${text(first['description'])} (${text(first['validationCode'])})`;
  const field = text(first['fieldPath']);
  return {
    ...rejected('destination_rejected', message, field === '' ? undefined : field),
    exchanges: [exchange],
  };
}

function bodyOf(
  who: Who,
  { name, params: own }: Recorded,
  { now, time, notes }: { readonly now: number; readonly time: number; readonly notes: string[] },
): { readonly body: JsonObject } | { readonly refused: Rejected } {
  const { clientId, userId, sessionId, engagementTime = 1, userProperties = {}, params: more = {} } = who;
  const cut = (member: string): void =>
    void notes.push(`${member} was cut to the length that Google accepts.`);
  const all = {
    ...withoutEmpty(more),
    ...withoutEmpty(own),
    ...(sessionId === undefined ? {} : { session_id: sessionId }),
    engagement_time_msec: engagementTime,
  };
  const wrong =
    whoProblem(userId, time, now) ??
    problemOf(name, all) ??
    ownProblem(own) ??
    userPropertiesProblem(userProperties);
  if (wrong !== undefined) return { refused: wrong };
  const params = fitting(all, LIMITS.paramValue, cut);
  const items = own['items'] as readonly JsonObject[] | undefined;
  const properties = fitting(withoutEmpty(userProperties), LIMITS.userPropertyValue, cut);
  const body = {
    client_id: clientId,
    ...(userId === undefined ? {} : { user_id: userId }),
    // A fast clock must not send events of the future.
    ...(time > now ? {} : { timestamp_micros: time * 1_000 }),
    ...(Object.keys(properties).length === 0 ? {} : { user_properties: wrapped(properties) }),
    ...consentOf(who),
    events: [
      {
        name,
        params: {
          ...params,
          ...(items === undefined
            ? {}
            : { items: items.map((item) => fitting(withoutEmpty(item), LIMITS.paramValue, cut)) }),
        },
      },
    ],
  };
  if (Buffer.byteLength(JSON.stringify(body)) > LIMITS.bodyBytes)
    return { refused: rejected('payload_too_large', `A request has at most ${LIMITS.bodyBytes} bytes.`) };
  return { body };
}

function whoProblem(userId: string | undefined, time: number, now: number): Rejected | undefined {
  if (Number.isNaN(time)) return rejected('payload_invalid_format', 'The time is not valid.', 'timestamp');
  if (now - time > LIMITS.age)
    return rejected(
      'payload_out_of_range',
      'Google accepts no event that is older than 72 hours.',
      'timestamp',
    );
  if (userId !== undefined && userId.length > LIMITS.userId)
    return rejected('payload_out_of_range', `A user ID has at most ${LIMITS.userId} characters.`, 'userId');
  return undefined;
}

/** Values that must not be cut, and parameters that require another. */
function ownProblem({ value, currency, transaction_id: order }: JsonObject): Rejected | undefined {
  if (value !== undefined && currency === undefined)
    return rejected('payload_required', 'A value needs its currency.', 'currency');
  if (currency !== undefined && !/^[A-Z]{3}$/.test(String(currency)))
    return rejected(
      'payload_invalid_format',
      `"${String(currency)}" is not a currency code such as EUR.`,
      'currency',
    );
  if (order !== undefined && String(order).length > LIMITS.paramValue)
    return rejected('payload_out_of_range', 'A transaction ID has at most 100 characters.', 'transactionId');
  return undefined;
}

function consentOf({ adConsent: { adUserData, adPersonalization } = {} }: Who): JsonObject {
  const consent = {
    ...(adUserData === undefined ? {} : { ad_user_data: adUserData }),
    ...(adPersonalization === undefined ? {} : { ad_personalization: adPersonalization }),
  };
  return Object.keys(consent).length === 0 ? {} : { consent };
}

function withoutEmpty(values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null),
  );
}

function wrapped(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, { value }]));
}
