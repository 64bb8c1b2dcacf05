import { type Identity, type Item, type Outcome, rejected } from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';
import { withExchanges, withNotes } from '../../http/outcomes.ts';
import type { BulkEndpoint } from '../api/bulk/entry.ts';
import { stableId } from '../api/stable-id.ts';
import { waitOrReject } from '../api/waiting.ts';
import { epochSeconds } from '../fields/dates.ts';
import { sendGuarded } from '../fields/guarded.ts';
import { instanceOf } from '../fields/instance.ts';
import { type Context, projectTypeOf } from '../settings.ts';
import { identitiesOf } from '../users/identities.ts';
import { forgetKnown } from '../users/known-users.ts';
import { identifierOf } from '../users/profile.ts';
import { againByUserId } from '../users/refused-address.ts';
import { ensureProfiles, UNKNOWN_USER } from '../users/unknown-users.ts';

/** How events share calls. Iterable publishes no byte limit for events; the limit for users is assumed. */
export const EVENT_BATCH = { maxItems: 1_000, maxBytes: 3_600_000 } as const;

/** The input for an event, for all actions. */
export interface EventInput {
  readonly eventName: string;
  readonly id?: string | undefined;
  readonly createdAt?: string | number | undefined;
  readonly dataFields?: JsonObject | undefined;
  readonly campaignId?: number | undefined;
  readonly templateId?: number | undefined;
}

/** Sends events through the bulk endpoint and returns the outcome of each. */
export async function sendEvents<P>(
  items: readonly Item<P>[],
  inputOf: (item: Item<P>) => EventInput,
  context: Context,
): Promise<readonly Outcome[]> {
  const inputs = items.map(inputOf);
  const times = inputs.map(({ createdAt }, index) =>
    epochSeconds(createdAt ?? items[index]!.event.timestamp),
  );
  const outcomes: (Outcome | undefined)[] = inputs.map((input, index) => unreadableTime(input, times[index]));
  const identities = await identitiesOf(items, context);
  const before = await ensureProfiles(
    identities.map((identity, index) =>
      outcomes[index] === undefined ? { identity, attempt: items[index]!.attempt } : undefined,
    ),
    context,
  );
  const open: number[] = [];
  for (let index = 0; index < items.length; index += 1) {
    outcomes[index] ??= before[index]?.problem;
    if (outcomes[index] === undefined) open.push(index);
  }
  const { guard } = instanceOf(context);
  const checked = open.map((index) => {
    const { eventName, dataFields } = inputs[index]!;
    return dataFields === undefined ? undefined : guard.check(`event ${eventName}`, dataFields);
  });
  const bodyOf = (position: number, identity: Identity): JsonObject => {
    const index = open[position]!;
    return eventBody(items[index]!, inputs[index]!, times[index], checked[position]?.fields, identity);
  };
  const mine = open.map((index) => identities[index]!);
  const endpoint = eventsEndpoint(context);
  const bodies = mine.map((identity, position) => bodyOf(position, identity));
  const sent =
    bodies.length === 0
      ? []
      : await againByUserId(await sendGuarded(bodies, endpoint, context), mine, bodyOf, endpoint, context);
  for (let position = 0; position < open.length; position += 1) {
    const index = open[position]!;
    const told = withNotes(withNotes(sent[position]!, checked[position]?.notes), mine[position]!.notes);
    // Few events wait here: a promise for each would cost more than the rest of this loop.
    const settled = isOfUnknownUser(told)
      ? await unknownUser(told, mine[position]!, items[index]!.attempt, context)
      : told;
    outcomes[index] = withExchanges(settled, before[index]?.exchanges);
  }
  return outcomes as readonly Outcome[];
}

/** Only members that the endpoint knows: a payload has others. */
function eventBody(
  item: Item,
  { eventName, id, campaignId, templateId }: EventInput,
  createdAt: number | undefined,
  dataFields: JsonObject | undefined,
  identity: Identity,
): JsonObject {
  return {
    // One identifier: with two of different profiles, the event would be refused or go to either.
    ...identifierOf(identity),
    eventName,
    id: id ?? stableId(item),
    createdAt,
    // JSON omits undefined members.
    dataFields,
    campaignId,
    templateId,
  };
}

function unreadableTime({ createdAt }: EventInput, time: number | undefined): Outcome | undefined {
  if (createdAt === undefined || time !== undefined) return undefined;
  return rejected('payload_invalid_format', `"${createdAt}" is not a valid time.`, 'createdAt');
}

function eventsEndpoint(context: Context): BulkEndpoint {
  const unknown = {
    code: 'destination_user_not_found',
    message: projectTypeOf(context.settings) === 'email' ? UNKNOWN_USER : 'Iterable does not know the user.',
  } as const;
  return {
    path: '/api/events/trackBulk',
    list: 'events',
    meanings: {
      'failedUpdates.notFoundEmails': unknown,
      'failedUpdates.notFoundUserIds': unknown,
      // For events, unlike users, this old list names user IDs that were not found.
      invalidUserIds: unknown,
    },
  };
}

/** The outcome of the event of an unknown user. */
type UnknownUserOutcome = Extract<Outcome, { readonly status: 'rejected' }>;

function isOfUnknownUser(outcome: Outcome): outcome is UnknownUserOutcome {
  return outcome.status === 'rejected' && outcome.code === 'destination_user_not_found';
}

/** Returns the outcome for an unknown user by the settings. */
async function unknownUser(
  outcome: UnknownUserOutcome,
  identity: Identity,
  attempt: number,
  context: Context,
): Promise<Outcome> {
  await forgetKnown(identity, context);
  const { unknownUsers } = context.settings;
  if (unknownUsers === 'report' || projectTypeOf(context.settings) !== 'email') return outcome;
  const waiting = waitOrReject(outcome.code, outcome.message, attempt, outcome.field);
  return withExchanges(waiting, outcome.exchanges ?? []);
}
