import { type Identity, type Item, type Memory, rememberedEmail, rememberPair } from '@waybill/core';

import { type Context, projectTypeOf } from '../settings.ts';

/** The identity of an item. Every action that asks names identifiers, so the pipeline has always resolved one. */
function identityOf(item: Item): Identity {
  if (item.identity === undefined) throw new Error('The item has no identity.');
  return item.identity;
}

/**
 * The identities of items, with what is remembered of their users: pairs that the items carry are kept, and an e-mail
 * project is given the address that came with a user ID before.
 */
export async function identitiesOf(items: readonly Item[], context: Context): Promise<readonly Identity[]> {
  const { memory } = context;
  if (memory === undefined) return items.map(identityOf);
  const byEmail = projectTypeOf(context.settings) === 'email';
  const identities: Identity[] = [];
  for (const item of items) {
    const identity = identityOf(item);
    const { email, userId } = identity;
    // Most items name one identifier and need nothing of the memory.
    if (email !== undefined && userId !== undefined) {
      if ((await rememberedEmail(memory, userId)) !== email) await rememberPair(memory, email, userId);
    }
    const lacks = byEmail && email === undefined && userId !== undefined;
    identities.push(lacks ? await recalled(identity, userId, memory) : identity);
  }
  return identities;
}

/** An identity with the address that an e-mail project needs, when it is remembered. */
async function recalled(identity: Identity, userId: string, memory: Memory): Promise<Identity> {
  const known = await rememberedEmail(memory, userId);
  if (known === undefined) return identity;
  return { ...identity, by: 'email', email: known, notes: [...identity.notes, RECALLED_NOTE] };
}

const RECALLED_NOTE = 'The e-mail address was filled in from an earlier event of this user ID.';

/** The same identity without its address; undefined when nothing is left to go by. */
export function byUserIdAlone({ userId, notes }: Identity): Identity | undefined {
  return userId === undefined ? undefined : { by: 'userId', userId, notes };
}
