import { delivered, type Outcome, type Rejected, rejected, type Retry, type Skipped } from '@waybill/core';

import { confirmed, type TypeConflict, typeConflicts } from './answer.ts';
import { callIterable } from './client.ts';
import { addressWanted, LINKED_NOTE, linkedByEmail, ownerOf, withoutAddress } from './conflict.ts';
import type { JsonObject } from './json.ts';
import { withExchanges, withNotes } from './outcomes.ts';
import type { UserBody } from './profile.ts';
import type { Context } from './settings.ts';

/** A cart or an order, and what was left out of its user. */
export interface CommerceCall {
  readonly path: '/api/commerce/updateCart' | '/api/commerce/trackPurchase';
  readonly user: UserBody;
  /** The members beside `user`. */
  readonly rest: JsonObject;
  readonly notes: readonly string[];
}

/**
 * Sends a cart or an order. A conflict of its user's identifiers must not lose it: a guest becomes the user, and an
 * address of somebody else is left out.
 */
export async function sendCommerce(call: CommerceCall, context: Context): Promise<Outcome> {
  const first = await attempt(call, call.user, context);
  const address = addressWanted(call.user);
  if (address === undefined || !isConflict(first)) return withNotes(first, call.notes);

  const owner = await ownerOf(address, context);
  let exchanges = [...(first.exchanges ?? []), owner.exchange];
  if (owner.kind === 'failed') return withExchanges(owner.outcome, exchanges);
  if (owner.kind === 'guest') {
    const linked = await attempt(call, linkedByEmail(call.user, address), context);
    if (!isConflict(linked)) {
      return withExchanges(withNotes(linked, [...call.notes, LINKED_NOTE]), exchanges);
    }
    exchanges = [...exchanges, ...(linked.exchanges ?? [])];
  }
  const whose = owner.kind === 'user' ? `of user ID "${owner.userId}"` : 'that this user ID does not name';
  const note = `The e-mail address ${address} was left out: it belongs to a profile ${whose}.`;
  const alone = await attempt(call, withoutAddress(call.user), context);
  return withExchanges(withNotes(alone, [...call.notes, note]), exchanges);
}

async function attempt(
  call: CommerceCall,
  user: UserBody,
  context: Context,
): Promise<Exclude<Outcome, Skipped>> {
  const answer = await callIterable({ path: call.path, json: { user, ...call.rest } }, context);
  const problem = confirmed(answer);
  const { exchange } = answer;
  if (problem !== undefined) {
    return { ...withField(problem, answer.kind === 'refused' ? answer.params : {}), exchanges: [exchange] };
  }
  return { ...delivered(), exchanges: [exchange] };
}

/** The refusal with the field that Iterable names. */
function withField(problem: Rejected | Retry, params: JsonObject): Rejected | Retry {
  if (problem.status === 'retry' || problem.field !== undefined) return problem;
  const place = Object.keys(params).find((key) => key.startsWith('obj.'));
  const [conflict] = typeConflicts(params);
  const field = place?.slice('obj.'.length) ?? (conflict === undefined ? undefined : fieldOf(conflict));
  return field === undefined ? problem : rejected(problem.code, problem.message, field);
}

function fieldOf({ key, ofUser }: TypeConflict): string {
  if (ofUser) return `user.dataFields.${key}`;
  const name = key.slice(key.indexOf(':::') === -1 ? 0 : key.indexOf(':::') + 3);
  const line = /^(?:updatedS|s)hoppingCartItems\.(.+)$/.exec(name)?.[1];
  return line === undefined ? `dataFields.${name}` : `items.${line}`;
}

function isConflict(outcome: Outcome): boolean {
  return outcome.status === 'rejected' && outcome.code === 'destination_identity_conflict';
}
