import { type DeletionRequest, type Outcome, rejected, type SendContext } from '@waybill/core';
import { outcomeOfError, resultOfValue } from '../outcome.ts';
import { withSession } from '../request/edge.ts';
import { newSession } from '../request/session.ts';
import type { DataBag, UpstreamDefinition } from '../upstream/types.ts';
import { accountOf } from './account.ts';
import { accountBag } from './bag.ts';
import { clientOf } from './client.ts';
import { askRenewing, type OnTokens } from './renew.ts';

/** Runs the code of a definition that deletes a person; repeats it after a renewal of the token. */
export async function deleteThrough(
  context: SendContext,
  who: DeletionRequest,
  definition: UpstreamDefinition,
  onTokens: OnTokens | undefined,
): Promise<Outcome> {
  const { userId, anonymousId } = who;
  // The input of definitions on Segment: without e-mail addresses.
  if (userId === undefined && anonymousId === undefined) return rejected('deletion_identifier_missing');
  const account = accountOf(context);
  const attempt = (): Promise<Outcome> => deleteOnce(context, { userId, anonymousId }, definition);
  return askRenewing({ definition, account, context, onTokens }, attempt, {
    outcomeOf: (one) => one,
    failed: (one) => one,
  });
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
