import { defineAction, type Item, type Outcome } from '@waybill/core';

import { withNotes } from '../../http/outcomes.ts';
import { importMany, importOne } from '../api/import-profiles.ts';
import { FEW, inTurn, sendTogether } from '../api/together.ts';
import { profileFields } from '../profile/fields.ts';
import { clears, forNamed, identifiersOf, type Named, type Person, profileOf } from '../profile/profile.ts';
import { type Context, settings } from '../settings.ts';

/** The batch rule of profiles. */
export const PROFILE_BATCH = { maxItems: 1_000, maxBytes: 4_000_000, oneItemPerUser: true } as const;

/** Creates or updates profiles. */
export const upsertProfile = defineAction({
  title: 'Upsert Profile',
  description: 'Creates or updates a profile. Many profiles at once are sent by an import job.',
  defaultTrigger: 'type = "identify"',
  settings,
  fields: profileFields,
  identifiers: identifiersOf,
  batch: PROFILE_BATCH,
  send: (items, context) => forNamed(items, (known) => sendProfiles(known, context)),
});

type KnownItem = Item<Person> & { readonly who: Extract<Named, { notes: object }> };

async function sendProfiles(items: readonly KnownItem[], context: Context): Promise<readonly Outcome[]> {
  const entries = items.map(({ payload, who }) => ({
    by: who.by,
    profile: profileOf(who.by, payload),
    clears: clears(payload),
  }));
  const few = (some: readonly (typeof entries)[number][]) =>
    inTurn(some, async (one) => (await importOne(one, context)).outcome);
  const [clearing, others] = [entries.filter((one) => one.clears), entries.filter((one) => !one.clears)];
  // An import job interprets null as "unchanged".
  const alone = await few(clearing);
  const rest = await sendTogether(others, {
    together: (some) => importMany(some, undefined, context),
    few,
    most: FEW,
  });
  const outcomes = new Map([...zip(clearing, alone), ...zip(others, rest)]);
  return entries.map((entry, index) => withNotes(outcomes.get(entry)!, items[index]!.who.notes));
}

function zip<T, R>(keys: readonly T[], values: readonly R[]): readonly (readonly [T, R])[] {
  return keys.map((key, index) => [key, values[index]!]);
}
