import {
  defineAction,
  defineFields,
  type DeletionRequest,
  type Outcome,
  retry,
  skipped,
} from '@waybill/core';

import { withExchanges, withNotes } from '../../http/outcomes.ts';
import { oneByOne } from '../../http/turns.ts';
import { callKlaviyo } from '../api/client.ts';
import { findIds } from '../api/profile-ids.ts';
import { wholeOutcome } from '../api/together.ts';
import { personFields } from '../profile/fields.ts';
import { type Identifiers, identifiersOf, named, type Person } from '../profile/profile.ts';
import { type Context, settings } from '../settings.ts';

/** Requests the erasure of people. */
export const deleteProfile = defineAction({
  title: 'Delete Profile',
  description:
    'Makes Klaviyo erase a person and all their data, as data protection law requires. Klaviyo accepts three requests a second.',
  defaultTrigger: 'type = "track" and event = "User Deleted"',
  settings,
  fields: defineFields(personFields),
  identifiers: identifiersOf,
  send: (items, context) => oneByOne(items, ({ payload, attempt }) => erase(payload, attempt, context)),
});

/** Executes a request to erase a person. */
export function deleteUser(
  context: Context,
  { email, userId, attempt = 1 }: DeletionRequest,
): Promise<Outcome> {
  return erase({ email, externalId: userId }, attempt, context);
}

/** A request names one identifier, and Klaviyo erases every profile that has it. It does not accept an external ID. */
async function erase(person: Person, attempt: number, context: Context): Promise<Outcome> {
  const who = named(person);
  if (who.refused !== undefined) return who.refused;
  const { email, phone_number: phone, external_id: external } = who.by;
  const wanted: { readonly id?: string; readonly by: Identifiers }[] = [];
  if (email !== undefined) wanted.push({ by: { email } });
  else if (phone !== undefined) wanted.push({ by: { phone_number: phone } });
  if (external !== undefined) {
    const found = await findIds([{ external_id: external }], context);
    if (found.failure !== undefined) return found.failure;
    const [id] = found.ids;
    // By its ID first: the other request could be for the same profile.
    if (id !== undefined) wanted.unshift({ id, by: {} });
  }
  if (wanted.length === 0) return unknown(attempt);
  let outcome: Outcome | undefined;
  for (const one of wanted) {
    const before = outcome === undefined || outcome.status === 'skipped' ? [] : (outcome.exchanges ?? []);
    outcome = withExchanges(await request(one, context), before);
    if (outcome.status !== 'delivered') break;
  }
  return withNotes(outcome!, who.notes);
}

async function request(
  { id, by }: { readonly id?: string; readonly by: Identifiers },
  context: Context,
): Promise<Outcome> {
  const profile = { data: { type: 'profile', ...(id === undefined ? {} : { id }), attributes: by } };
  const data = { type: 'data-privacy-deletion-job', attributes: { profile } };
  const call = { path: '/api/data-privacy-deletion-jobs', json: { data }, takes: [202] };
  return wholeOutcome(await callKlaviyo(call, context));
}

function unknown(attempt: number): Outcome {
  if (attempt > 1)
    return skipped('unchanged', 'Klaviyo does not know the person: there is nothing to erase.');
  const message =
    'Klaviyo does not know the person. It is asked once more, because one of their events may still be in transit.';
  return retry('destination_user_not_found', message, 60_000);
}
