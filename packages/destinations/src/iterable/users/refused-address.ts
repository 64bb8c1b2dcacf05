import type { Identity, Outcome } from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';
import { withExchanges, withNotes } from '../../http/outcomes.ts';
import type { BulkEndpoint } from '../api/bulk/entry.ts';
import { sendGuarded } from '../fields/guarded.ts';
import type { Context } from '../settings.ts';
import { byUserIdAlone } from './identities.ts';

/** What to tell of an item that went out without its address. */
export function addressNote(address: string | undefined): string {
  return `The e-mail address ${address === undefined ? '' : `"${address}" `}was left out: Iterable refuses it as malformed.`;
}

/** Whether Iterable refused an item for its address, and a user ID is there to go by. */
export function isAddressRefused(outcome: Outcome, identity: Identity): boolean {
  return (
    outcome.status === 'rejected' &&
    outcome.code === 'destination_invalid_identifier' &&
    identity.email !== undefined &&
    identity.userId !== undefined
  );
}

/**
 * Iterable is stricter about addresses than any rule that is known. What it refuses for one goes out by the user ID,
 * like an address that was found malformed before; only where that does not work either, the refusal stands.
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
