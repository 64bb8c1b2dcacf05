import type { Identity } from '@waybill/core';

import { normalEmail } from '../api/identifiers.ts';
import { canonicalDate, epochMilliseconds } from '../fields/dates.ts';
import { sendGuarded } from '../fields/guarded.ts';
import type { Context } from '../settings.ts';
import { identifierOf } from './profile.ts';
import { usersEndpoint } from './write-users.ts';

/** A sent choice: its user, its time, and the key of that time. */
export interface SentConsent {
  readonly identity: Identity;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The field: choices about e-mail and text messages are independent. */
  readonly field: string | undefined;
  readonly delivered: boolean;
}

/** Returns the time in a profile field, in epoch milliseconds: Iterable stores whole seconds. */
export function consentTime(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? epochMilliseconds(value) : undefined;
}

/** Returns the time of the latest remembered choice of the user, in epoch milliseconds. */
export async function rememberedConsent(
  identity: Identity,
  field: string | undefined,
  { memory }: Context,
): Promise<number | undefined> {
  const kept = await memory?.get(keyOf(identity, field));
  return kept === undefined ? undefined : Number(kept);
}

/** Stores the times of accepted choices; returns a note for each. */
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
    // The choice itself arrived; only a later, older one would not be noticed.
    notes[index]!.push(`The time of the choice could not be stored in the profile: ${outcome.message}`);
  }
  return notes;
}

function keyOf({ by, email, userId }: Identity, field = ''): string {
  const who = by === 'email' ? `e ${normalEmail(email!)}` : `u ${userId}`;
  return `${field === '' ? 'consent' : `consent ${field}`} of ${who}`;
}
