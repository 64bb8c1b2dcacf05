import { type InstanceState, type Outcome, rejected, type Request } from '@waybill/core';
import { outcomeOfError } from '../outcome.ts';
import { withSession } from '../request/edge.ts';
import { newSession } from '../request/session.ts';
import type { DataBag, UpstreamDefinition } from '../upstream/types.ts';
import { type Account, type NewTokens, usesOAuth } from './account.ts';
import { accountBag } from './bag.ts';
import { clientOf } from './client.ts';

/** Told when an access token was renewed: keep what came back, because refresh tokens may be good only once. */
export type OnTokens = (tokens: NewTokens, settings: unknown) => void | Promise<void>;

/** Renewals under way: calls that fail at the same time share one, because a refresh token may be good only once. */
const renewals = new WeakMap<InstanceState, Promise<void>>();

/** Whether an outcome says that the access token is no longer good, and there is a way to get another. */
export function canRenew(outcome: Outcome, definition: UpstreamDefinition, account: Account): boolean {
  const { authentication } = definition;
  return (
    outcome.status === 'rejected' &&
    outcome.code === 'destination_unauthorized' &&
    usesOAuth(authentication) &&
    authentication?.refreshAccessToken !== undefined &&
    (account.tokens.refreshToken !== undefined || account.client.clientSecret !== undefined)
  );
}

/**
 * Renews the access token unless that happened since `used` was read; undefined when it worked. Calls that fail at the
 * same time share one renewal.
 */
export async function renew(
  used: string | undefined,
  definition: UpstreamDefinition,
  account: Account,
  context: { readonly request: Request; readonly settings: unknown; readonly now: () => number },
  onTokens: OnTokens | undefined,
): Promise<Outcome | undefined> {
  if (account.tokens.accessToken !== used) return undefined;
  const session = newSession(context.request);
  let renewal = renewals.get(account.state);
  if (renewal === undefined) {
    renewal = withSession(session, async () => {
      const tokens = await ask(definition, account);
      account.renewed(tokens);
      await onTokens?.(tokens, context.settings);
    }).finally(() => renewals.delete(account.state));
    renewals.set(account.state, renewal);
  }
  try {
    await renewal;
    return undefined;
  } catch (error) {
    const outcome = outcomeOfError(error, session, context.now());
    // Refused: a person has to connect the account again. Not reached: later.
    if (outcome.status === 'retry' && outcome.code !== 'destination_bug') return outcome;
    const why = outcome.status === 'delivered' ? '' : outcome.message;
    return rejected('destination_unauthorized', `The access token could not be renewed: ${why}`);
  }
}

async function ask(definition: UpstreamDefinition, account: Account): Promise<NewTokens> {
  const { settings, ...rest } = accountBag(account);
  const context = { ...rest, settings, payload: undefined } as DataBag;
  const tokens = await definition.authentication?.refreshAccessToken?.(clientOf(definition, context), {
    payload: undefined,
    settings: settings as DataBag['settings'],
    auth: { ...account.tokens, ...account.client },
  });
  const { accessToken } = (tokens ?? {}) as Partial<NewTokens>;
  if (typeof accessToken !== 'string' || accessToken === '') {
    throw new Error('The destination gave no access token.');
  }
  return tokens as NewTokens;
}
