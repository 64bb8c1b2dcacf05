import type { Identity, Outcome } from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';
import { withExchanges, withNotes } from '../../http/outcomes.ts';
import type { BulkEndpoint } from '../api/bulk/entry.ts';
import { sendGuarded } from '../fields/guarded.ts';
import type { Context } from '../settings.ts';
import { byUserIdAlone } from './identities.ts';

/** Returns the note about an item that was sent without its address. */
export function addressNote(address: string | undefined): string {
  return `The e-mail address ${address === undefined ? '' : `"${address}" `}was left out: Iterable refuses it as malformed.`;
}

/** Whether Iterable refused an item for its address, and it has a user ID. */
export function isAddressRefused(outcome: Outcome, identity: Identity): boolean {
  return (
    outcome.status === 'rejected' &&
    outcome.code === 'destination_invalid_identifier' &&
    identity.email !== undefined &&
    identity.userId !== undefined
  );
}

/**
 * Sends items with a refused address again by user ID, as for an address that validation finds malformed: Iterable's rules for
 * addresses are stricter than any published ones. If that fails too, the refusal is the outcome.
 */
export async function againByUserId(
  outcomes: readonly Outcome[],
  identities: readonly Identity[],
  bodyOf: (index: number, identity: Identity) => JsonObject,
  endpoint: BulkEndpoint,
  context: Context,
): Promise<readonly Outcome[]> {
  const again: { readonly index: number; readonly body: JsonObject }[] = [];
  for (let index = 0; index < outcomes.length; index += 1) {
    const identity = identities[index]!;
    if (!isAddressRefused(outcomes[index]!, identity)) continue;
    const alone = byUserIdAlone(identity);
    if (alone !== undefined) again.push({ index, body: bodyOf(index, alone) });
  }
  if (again.length === 0) return outcomes;
  const sent = await sendGuarded(
    again.map(({ body }) => body),
    endpoint,
    context,
  );
  const settled = [...outcomes];
  for (const [position, { index }] of again.entries()) {
    const outcome = sent[position]!;
    const before = settled[index]!;
    if (outcome.status === 'rejected' && outcome.code === 'destination_user_not_found') continue;
    const { exchanges = [] } = before as { exchanges?: readonly number[] };
    settled[index] = withExchanges(withNotes(outcome, [addressNote(identities[index]!.email)]), exchanges);
  }
  return settled;
}
