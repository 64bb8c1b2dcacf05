import { type Identity, type Item, type Memory, rememberedEmail, rememberPair } from '@waybill/core';

import { type Context, projectTypeOf } from '../settings.ts';

/** The identity of an item. Every calling action has identifiers, so the pipeline has always resolved one. */
function identityOf(item: Item): Identity {
  if (item.identity === undefined) throw new Error('The item has no identity.');
  return item.identity;
}

/**
 * Returns the identities of items, completed from memory: pairs in the items are stored, and in an e-mail project the address
 * that came with a user ID before is added.
 */
export async function identitiesOf(items: readonly Item[], context: Context): Promise<readonly Identity[]> {
  const { memory } = context;
  if (memory === undefined) return items.map(identityOf);
  const byEmail = projectTypeOf(context.settings) === 'email';
  const identities: Identity[] = [];
  for (const item of items) {
    const identity = identityOf(item);
    const { email, userId } = identity;
    // Most items have one identifier and need no memory.
    if (email !== undefined && userId !== undefined) {
      if ((await rememberedEmail(memory, userId)) !== email) await rememberPair(memory, email, userId);
    }
    const lacks = byEmail && email === undefined && userId !== undefined;
    identities.push(lacks ? await recalled(identity, userId, memory) : identity);
  }
  return identities;
}

/** Adds the remembered address that an e-mail project needs. */
async function recalled(identity: Identity, userId: string, memory: Memory): Promise<Identity> {
  const known = await rememberedEmail(memory, userId);
  if (known === undefined) return identity;
  return { ...identity, by: 'email', email: known, notes: [...identity.notes, RECALLED_NOTE] };
}

const RECALLED_NOTE = 'The e-mail address was filled in from an earlier event of this user ID.';

/** Returns the identity without its address; undefined when no identifier is left. */
export function byUserIdAlone({ userId, notes }: Identity): Identity | undefined {
  return userId === undefined ? undefined : { by: 'userId', userId, notes };
}
