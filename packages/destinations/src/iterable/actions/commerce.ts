import {
  delivered,
  type Identity,
  type Outcome,
  type Rejected,
  rejected,
  type Retry,
  type Skipped,
} from '@waybill/core';

import type { JsonObject } from '../../http/json.ts';
import { withExchanges, withNotes } from '../../http/outcomes.ts';
import { confirmed, type TypeConflict, typeConflicts } from '../api/answer.ts';
import { callIterable } from '../api/client.ts';
import { MOST_REPAIRS, repairOf } from '../fields/guarded.ts';
import { instanceOf } from '../fields/instance.ts';
import type { Context } from '../settings.ts';
import { addressWanted, LINKED_NOTE, linkedByEmail, ownerOf, withoutAddress } from '../users/conflict.ts';
import { byUserIdAlone } from '../users/identities.ts';
import { noteKnown } from '../users/known-users.ts';
import type { UserBody } from '../users/profile.ts';
import { addressNote, isAddressRefused } from '../users/refused-address.ts';

/** A cart or an order, and notes about its user. */
export interface CommerceCall {
  readonly path: '/api/commerce/updateCart' | '/api/commerce/trackPurchase';
  readonly user: UserBody;
  readonly identity: Identity;
  /** The members besides `user`. */
  readonly rest: JsonObject;
  readonly notes: readonly string[];
}

/**
 * Sends a cart or an order, first with its address, then, if Iterable refuses that as malformed, by the user ID.
 */
export async function sendCommerce(call: CommerceCall, context: Context): Promise<Outcome> {
  const first = await sendLinked(call, context);
  if (first.status === 'delivered') noteKnown(call.identity, context);
  const alone = byUserIdAlone(call.identity);
  if (alone === undefined || !isAddressRefused(first, call.identity)) return first;
  const { email: _refused, ...rest } = withoutAddress(call.user);
  const user = { ...rest, userId: alone.userId! };
  const again = await sendLinked(
    { ...call, identity: alone, user, notes: [...call.notes, addressNote(call.identity.email)] },
    context,
  );
  if (again.status === 'rejected' && again.code === 'destination_user_not_found') return first;
  return withExchanges(again, (first as { exchanges?: readonly number[] }).exchanges ?? []);
}

/**
 * Sends a cart or an order. A conflict of identifiers must not lose it: a guest becomes the user, and the address of another
 * user is left out.
 */
async function sendLinked(call: CommerceCall, context: Context): Promise<Outcome> {
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

/** One attempt; if values are to be converted, fields whose type Iterable refuses are left out one by one. */
async function attempt(
  call: CommerceCall,
  user: UserBody,
  context: Context,
): Promise<Exclude<Outcome, Skipped>> {
  const { guard } = instanceOf(context);
  let body: JsonObject = { user, ...call.rest };
  let outcome = await once(call.path, body, context);
  const notes: string[] = [];
  for (let repairs = 0; guard.converts && repairs < MOST_REPAIRS; repairs += 1) {
    const repair = repairOf(outcome, body);
    if (repair === undefined) break;
    body = repair.body;
    notes.push(repair.note);
    const { exchanges = [] } = outcome;
    outcome = withExchanges(await once(call.path, body, context), exchanges) as Exclude<Outcome, Skipped>;
  }
  if (outcome.status === 'delivered') {
    guard.took('user', (body['user'] as UserBody).dataFields);
    guard.took('purchase', body['dataFields']);
  }
  guard.keep();
  return withNotes(outcome, notes) as Exclude<Outcome, Skipped>;
}

async function once(path: string, json: JsonObject, context: Context): Promise<Exclude<Outcome, Skipped>> {
  const answer = await callIterable({ path, json }, context);
  const problem = confirmed(answer);
  const { exchange } = answer;
  if (problem === undefined) return { ...delivered(), exchanges: [exchange] };
  const params = answer.kind === 'refused' ? answer.params : {};
  for (const { key, expectedType, ofUser } of typeConflicts(params)) {
    const name = key.includes(':::') ? key.slice(key.indexOf(':::') + 3) : key;
    if (expectedType !== undefined)
      instanceOf(context).guard.learn(ofUser ? 'user' : 'purchase', name, expectedType);
  }
  return { ...withField(problem, params), exchanges: [exchange] };
}

/** Adds the field that Iterable names to the refusal. */
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
