import type { Identity } from '@waybill/core';

import { normalEmail } from '../api/identifiers.ts';
import { canonicalDate, epochMilliseconds } from '../fields/dates.ts';
import { sendGuarded } from '../fields/guarded.ts';
import type { Context } from '../settings.ts';
import { identifierOf } from './profile.ts';
import { usersEndpoint } from './write-users.ts';

/** A choice that was sent: whose, when made, and where its time is kept. */
export interface SentConsent {
  readonly identity: Identity;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Choices of different fields are about different things: e-mail, text messages. */
  readonly field: string | undefined;
  readonly delivered: boolean;
}

/** The time that a profile field holds, in epoch milliseconds: Iterable keeps whole seconds. */
export function consentTime(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? epochMilliseconds(value) : undefined;
}

/** When the user made the latest choice that is remembered here, in epoch milliseconds. */
export async function rememberedConsent(
  identity: Identity,
  field: string | undefined,
  { memory }: Context,
): Promise<number | undefined> {
  const kept = await memory?.get(keyOf(identity, field));
  return kept === undefined ? undefined : Number(kept);
}

/** Keeps the times of choices that Iterable took; returns what there is to tell of each. */
export async function keepConsentTimes(
  sent: readonly SentConsent[],
  context: Context,
): Promise<readonly (readonly string[])[]> {
  const notes: string[][] = sent.map(() => []);
  for (const { identity, at, field, delivered } of sent) {
    if (delivered) await context.memory?.set(keyOf(identity, field), String(at));
  }
  const written = sent.flatMap(({ identity, at, field = '', delivered }, index) =>
    delivered && field !== ''
      ? [{ index, body: { ...identifierOf(identity), dataFields: { [field]: canonicalDate(at) } } }]
      : [],
  );
  if (written.length === 0) return notes;
  const outcomes = await sendGuarded(
    written.map(({ body }) => body),
    usersEndpoint({}, context),
    context,
  );
  for (const [position, { index }] of written.entries()) {
    const outcome = outcomes[position]!;
    if (outcome.status === 'delivered' || outcome.status === 'skipped') continue;
    // The choice itself arrived; only an older one that comes later would not be noticed.
    notes[index]!.push(`The time of the choice could not be stored in the profile: ${outcome.message}`);
  }
  return notes;
}

function keyOf({ by, email, userId }: Identity, field = ''): string {
  const who = by === 'email' ? `e ${normalEmail(email!)}` : `u ${userId}`;
  return `${field === '' ? 'consent' : `consent ${field}`} of ${who}`;
}
