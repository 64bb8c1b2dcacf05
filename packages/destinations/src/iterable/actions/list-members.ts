import { defineFields, type Identity, type Item, type Outcome } from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';
import { withExchanges, withNotes } from '../../http/outcomes.ts';
import type { BulkEndpoint } from '../api/bulk/entry.ts';
import { waitOrReject } from '../api/waiting.ts';
import { sendGuarded } from '../fields/guarded.ts';
import type { Context } from '../settings.ts';
import { identitiesOf } from '../users/identities.ts';
import { againByUserId } from '../users/refused-address.ts';

/** The list that users are added to or removed from. */
export const listField = defineFields({
  listId: {
    type: 'integer',
    label: 'List',
    description: 'ID of a list of the type "Standard"; only Iterable fills other lists.',
    required: true,
    dynamic: true,
    default: { '@path': '$.properties.list_id' },
  },
});

/** How users of a list share calls. */
export const listBatchFields = defineFields({
  enable_batching: {
    type: 'boolean',
    label: 'Send in Batches',
    description: 'Whether users of the same list share calls.',
    required: false,
    default: true,
  },
  batch_size: {
    type: 'number',
    label: 'Batch Size',
    description: 'Maximum number of users per call, up to 1,000.',
    required: false,
    unsafe_hidden: true,
    default: 1000,
  },
});

/** The maximum size of a call. */
export const LIST_BATCH = { maxItems: 1_000, maxBytes: 3_600_000, oneItemPerUser: true } as const;

/** Sends members of a list and returns the outcome of each. */
export async function sendMembers(
  items: readonly Item[],
  bodyOf: (index: number, identity: Identity) => JsonObject,
  endpoint: BulkEndpoint,
  notes: readonly (readonly string[])[],
  context: Context,
): Promise<readonly Outcome[]> {
  const identities = await identitiesOf(items, context);
  const bodies = identities.map((identity, index) => bodyOf(index, identity));
  const sent = await sendGuarded(bodies, endpoint, context);
  const settled = await againByUserId(sent, identities, bodyOf, endpoint, context);
  return settled.map((outcome, index) => {
    const told = withNotes(outcome, [...identities[index]!.notes, ...notes[index]!]);
    return unknownList(told, items[index]!);
  });
}

/** A new list may be unknown for a moment, so the item is retried before it is rejected. */
function unknownList(outcome: Outcome, { attempt }: Item): Outcome {
  if (outcome.status !== 'rejected' || !outcome.message.includes('invalidListId')) return outcome;
  const waiting = waitOrReject(outcome.code, outcome.message, attempt, 'listId');
  return withExchanges(waiting, outcome.exchanges ?? []);
}
