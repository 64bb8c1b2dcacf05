import type { ConnectionResult, SendContext } from '@waybill/core';
import { outcomeOfError, resultOfValue } from '../outcome.ts';
import { withSession } from '../request/edge.ts';
import { newSession } from '../request/session.ts';
import type { DataBag, UpstreamDefinition } from '../upstream/types.ts';
import { accountOf } from './account.ts';
import { accountBag } from './bag.ts';
import { clientOf } from './client.ts';
import { askRenewing, type OnTokens } from './renew.ts';

/** Tests the settings with the definition's own test. */
export async function testThrough(
  context: SendContext,
  definition: UpstreamDefinition,
  onTokens: OnTokens | undefined,
): Promise<ConnectionResult> {
  const account = accountOf(context);
  const attempt = async (): ReturnType<typeof testOnce> => testOnce(context, definition);
  const outcome = await askRenewing({ definition, account, context, onTokens }, attempt, {
    outcomeOf: (one) => one,
    failed: (one) => one,
  });
  if (outcome === undefined || outcome.status === 'delivered') return { ok: true };
  return { ok: false, issue: { code: outcome.code, path: '', message: outcome.message } };
}

async function testOnce(
  context: SendContext,
  definition: UpstreamDefinition,
): Promise<ReturnType<typeof outcomeOfError> | undefined> {
  const session = newSession(context.request);
  try {
    const value = await withSession(session, () => {
      const bag = { ...accountBag(accountOf(context)), payload: undefined } as unknown as DataBag;
      return definition.authentication?.testAuthentication?.(clientOf(definition, bag), bag);
    });
    const result = resultOfValue(value, 1, session, context.now());
    return 'all' in result ? result.all : result.each[0];
  } catch (error) {
    return outcomeOfError(error, session, context.now());
  }
}
