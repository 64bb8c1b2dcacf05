import { type DeletionRequest, type Outcome, rejected, type SendContext } from '@waybill/core';
import { outcomeOfError, resultOfValue } from '../outcome.ts';
import { withSession } from '../request/edge.ts';
import { newSession } from '../request/session.ts';
import type { DataBag, UpstreamDefinition } from '../upstream/types.ts';
import { accountOf } from './account.ts';
import { accountBag } from './bag.ts';
import { clientOf } from './client.ts';
import { canRenew, type OnTokens, renew, renewAhead } from './renew.ts';

/** Asks the code of a definition to delete a person; once more after a token was renewed. */
export async function deleteThrough(
  context: SendContext,
  who: DeletionRequest,
  definition: UpstreamDefinition,
  onTokens: OnTokens | undefined,
): Promise<Outcome> {
  const { userId, anonymousId } = who;
  // What definitions are asked with there: they know of no addresses.
  if (userId === undefined && anonymousId === undefined) return rejected('deletion_identifier_missing');
  const account = accountOf(context);
  await renewAhead(definition, account, context, onTokens);
  const used = account.tokens.accessToken;
  const first = await deleteOnce(context, { userId, anonymousId }, definition);
  if (!canRenew(first, definition, account)) return first;
  const renewed = await renew(used, definition, account, context, onTokens);
  if (renewed === 'nothing') return first;
  return renewed === 'renewed' ? deleteOnce(context, { userId, anonymousId }, definition) : renewed;
}

async function deleteOnce(
  context: SendContext,
  payload: Pick<DeletionRequest, 'userId' | 'anonymousId'>,
  definition: UpstreamDefinition,
): Promise<Outcome> {
  const session = newSession(context.request);
  try {
    const value = await withSession(session, () => {
      const bag = { ...accountBag(accountOf(context)), payload } as unknown as DataBag;
      return definition.onDelete?.(clientOf(definition, bag), bag);
    });
    const result = resultOfValue(value, 1, session, context.now());
    return 'all' in result ? result.all : result.each[0]!;
  } catch (error) {
    return outcomeOfError(error, session, context.now());
  }
}
