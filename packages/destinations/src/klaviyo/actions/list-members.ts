import { defineAction, defineFields, type Item, type Outcome, rejected, retry, skipped } from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';
import { withExchanges, withNotes } from '../../http/outcomes.ts';
import { callKlaviyo } from '../api/client.ts';
import { importMany, importOne } from '../api/import-profiles.ts';
import { listChoices } from '../api/lists.ts';
import { findIds } from '../api/profile-ids.ts';
import { FEW, sendTogether, wholeOutcome } from '../api/together.ts';
import { listHook, listOf } from '../list-hook.ts';
import { personFields } from '../profile/fields.ts';
import { forNamed, identifiersOf, type Named, type Person, profileOf } from '../profile/profile.ts';
import { type Context, settings } from '../settings.ts';
import { PROFILE_BATCH } from './upsert-profile.ts';

/** The list that people are added to or removed from. */
export const listField = defineFields({
  listId: {
    type: 'string',
    label: 'List',
    description:
      'The ID of the list. The list that the mapping chose or created when it was published takes precedence.',
    dynamic: true,
  },
});

const fields = defineFields({ ...listField, ...personFields });
/** The common parts of both actions. */
const membership = {
  settings,
  fields,
  identifiers: identifiersOf,
  dynamicFields: { listId: listChoices },
  hooks: { onMappingSave: listHook },
  batch: {
    ...PROFILE_BATCH,
    groupBy: ({ listId = '' }: { readonly listId?: string | undefined }) => listId,
  },
};

type Member = Item<Person & { readonly listId?: string | undefined }>;
type Known = Member & { readonly who: Extract<Named, { notes: object }> };

/** Adds people to a list. */
export const addToList = defineAction({
  title: 'Add to List',
  description:
    'Adds a person to a list, and creates the profile if there is none. This is not consent: see Subscribe.',
  defaultTrigger: 'type = "track" and event = "Audience Entered"',
  ...membership,
  send: (items, context) => byList(items, (listId, members) => add(listId, members, context)),
});

/** Removes people from a list. */
export const removeFromList = defineAction({
  title: 'Remove from List',
  description: 'Removes a person from a list. Their consent does not change.',
  defaultTrigger: 'type = "track" and event = "Audience Exited"',
  ...membership,
  send: (items, context) => byList(items, (listId, members) => remove(listId, members, context)),
});

/** Items of a call share a list, from a hook or the payload. */
async function byList(
  items: readonly Member[],
  send: (listId: string, members: readonly Known[]) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const listId = items[0] === undefined ? undefined : listOf(items[0]);
  if (listId === undefined) {
    const message = 'The mapping names no list: choose one, or have one created when it is published.';
    return items.map(() => rejected('payload_required', message, 'listId'));
  }
  return forNamed(items, async (known) => {
    const outcomes = await send(listId, known);
    return outcomes.map((outcome, index) => withNotes(outcome, known[index]!.who.notes));
  });
}

function add(listId: string, members: readonly Known[], context: Context): Promise<readonly Outcome[]> {
  const entries = members.map(({ who }) => ({ by: who.by, profile: profileOf(who.by) }));
  return sendTogether(entries, {
    together: (some) => importMany(some, listId, context),
    few: (some) => addFew(listId, some, context),
    most: FEW,
  });
}

/** Creates the profiles, then adds all of them to the list in one call. */
async function addFew(
  listId: string,
  entries: readonly { readonly profile: JsonObject }[],
  context: Context,
): Promise<readonly Outcome[]> {
  const made: Awaited<ReturnType<typeof importOne>>[] = [];
  for (const entry of entries) made.push(await importOne(entry, context));
  const ids = made.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return made.map(({ outcome }) => outcome);
  const put = await changeMembers('POST', listId, ids, context);
  return made.map(({ id, outcome }) =>
    id === undefined || outcome.status === 'skipped' ? outcome : withExchanges(put, outcome.exchanges ?? []),
  );
}

async function remove(
  listId: string,
  members: readonly Known[],
  context: Context,
): Promise<readonly Outcome[]> {
  const found = await findIds(
    members.map(({ who }) => who.by),
    context,
  );
  if (found.failure !== undefined) return members.map(() => found.failure);
  const ids = found.ids.flatMap((id) => id ?? []);
  const taken = ids.length === 0 ? undefined : await changeMembers('DELETE', listId, ids, context);
  return members.map(({ attempt }, index) => (found.ids[index] === undefined ? unknown(attempt) : taken!));
}

/** New profiles are found after a delay, so the search is repeated once. */
function unknown(attempt: number): Outcome {
  if (attempt < 2)
    return retry('destination_user_not_found', 'Klaviyo does not know the profile yet.', 60_000);
  return skipped('unchanged', 'Klaviyo does not know the profile: it is on no list.');
}

async function changeMembers(
  method: 'POST' | 'DELETE',
  listId: string,
  ids: readonly string[],
  context: Context,
): Promise<Outcome> {
  const path = `/api/lists/${encodeURIComponent(listId)}/relationships/profiles`;
  const data = [...new Set(ids)].map((id) => ({ type: 'profile', id }));
  return wholeOutcome(await callKlaviyo({ method, path, json: { data }, takes: [204] }, context));
}
