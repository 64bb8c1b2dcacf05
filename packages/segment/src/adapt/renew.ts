import {
  codeOfStatus,
  failed,
  grantTokens,
  type InstanceState,
  isRenewalDue,
  type OAuthTokens,
  type Outcome,
  type Rejected,
  rejected,
  type Request,
  type Retry,
  timesOf,
} from '@waybill/core';
import { outcomeOfError } from '../outcome.ts';
import { withSession } from '../request/edge.ts';
import { newSession } from '../request/session.ts';
import type { DataBag, UpstreamDefinition } from '../upstream/types.ts';
import { type Account, type NewTokens, usesOAuth } from './account.ts';
import { accountBag } from './bag.ts';
import { clientOf } from './client.ts';

/** Called when an access token was renewed: store the new tokens, because refresh tokens may be valid only once. */
export type OnTokens = (tokens: NewTokens, settings: unknown) => void | Promise<void>;

/** The part of the context that a renewal needs. */
interface RenewContext {
  readonly request: Request;
  readonly settings: unknown;
  readonly now: () => number;
}

/** Running renewals: calls that fail at the same time share one, also when it fails. */
const renewals = new WeakMap<InstanceState, Promise<'renewed' | 'nothing'>>();

/** Whether an outcome says that the access token is no longer valid, and can be renewed. */
export function canRenew(outcome: Outcome, definition: UpstreamDefinition, account: Account): boolean {
  return (
    outcome.status === 'rejected' &&
    outcome.code === 'destination_unauthorized' &&
    usesOAuth(definition.authentication) &&
    waysToRenew(definition, account)
  );
}

function waysToRenew({ authentication }: UpstreamDefinition, { server }: Account): boolean {
  return authentication?.refreshAccessToken !== undefined || server !== undefined;
}

/** Renews the access token when it expires soon. Ignores a failure: the token may still be valid. */
export async function renewAhead(
  definition: UpstreamDefinition,
  account: Account,
  context: RenewContext,
  onTokens: OnTokens | undefined,
): Promise<void> {
  const { tokens } = account;
  if (!isRenewalDue(tokens, context.now()) || !waysToRenew(definition, account)) return;
  await renew(tokens.accessToken, definition, account, context, onTokens);
}

/**
 * Renews the access token unless it was renewed since `used` was read, here or in another process. Returns `nothing` without a
 * refresh token, and an outcome on failure. Calls that fail at the same time share one renewal.
 */
export async function renew(
  used: string | undefined,
  definition: UpstreamDefinition,
  account: Account,
  context: RenewContext,
  onTokens: OnTokens | undefined,
): Promise<'renewed' | 'nothing' | Outcome> {
  const { state } = account;
  if (account.tokens.accessToken !== used) return 'renewed';
  const told: Told = {};
  const session = newSession(watching(context.request, told));
  let renewal = renewals.get(state);
  if (renewal === undefined) {
    renewal = state
      .inTurn(async () => {
        const { accessToken, refreshToken } = account.tokens;
        if (accessToken !== used) return 'renewed';
        if (refreshToken === undefined && account.client.clientSecret === undefined) return 'nothing';
        const tokens = await withSession(session, () => ask(definition, account, told, context));
        account.renewed(tokens);
        await onTokens?.(tokens, context.settings);
        return 'renewed';
      })
      .finally(() => renewals.delete(state));
    renewals.set(state, renewal);
  }
  try {
    return await renewal;
  } catch (error) {
    const outcome = error instanceof Refused ? error.outcome : outcomeOfError(error, session, context.now());
    // Refused: the account must be connected again. Not reached: retry later.
    if (outcome.status === 'retry' && outcome.code !== 'destination_bug') return outcome;
    const why = outcome.status === 'delivered' ? '' : outcome.message;
    return rejected('destination_unauthorized', `The access token could not be renewed: ${why}`);
  }
}

/**
 * Makes a call with a token that is renewed before it expires, and repeats it when the answer says that the token is invalid.
 * The caller interprets the answers: `outcomeOf` returns the outcome of one, and `failed` creates the answer when the token
 * could not be renewed.
 */
export async function askRenewing<T>(
  {
    definition,
    account,
    context,
    onTokens,
  }: {
    readonly definition: UpstreamDefinition;
    readonly account: Account;
    readonly context: RenewContext;
    readonly onTokens: OnTokens | undefined;
  },
  ask: () => Promise<T>,
  {
    outcomeOf,
    failed,
  }: {
    readonly outcomeOf: (answer: T) => Outcome | undefined;
    readonly failed: (outcome: Rejected | Retry) => T;
  },
): Promise<T> {
  await renewAhead(definition, account, context, onTokens);
  const used = account.tokens.accessToken;
  const first = await ask();
  const outcome = outcomeOf(first);
  if (outcome === undefined || !canRenew(outcome, definition, account)) return first;
  const renewed = await renew(used, definition, account, context, onTokens);
  if (renewed === 'renewed') return ask();
  const isFailure = renewed !== 'nothing' && (renewed.status === 'rejected' || renewed.status === 'retry');
  return isFailure ? failed(renewed) : first;
}

/** The result of a failed renewal by Waybill itself. */
class Refused extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super('The token endpoint returned no token.');
    this.outcome = outcome;
  }
}

/** The parts of an answer of a token endpoint that definitions do not pass on. */
interface Told {
  seconds?: unknown;
}

function watching(request: Request, told: Told): Request {
  return async (call) => {
    const answer = await request(call);
    if (answer.kind === 'response') {
      const { expires_in: seconds } = (answer.body ?? {}) as { readonly expires_in?: unknown };
      told.seconds = seconds ?? told.seconds;
    }
    return answer;
  };
}

/** Renews with the code of the definition, or at the token endpoint of the settings. */
async function ask(
  definition: UpstreamDefinition,
  account: Account,
  told: Told,
  { request, now }: Pick<RenewContext, 'request' | 'now'>,
): Promise<OAuthTokens> {
  const refresh = definition.authentication?.refreshAccessToken;
  if (refresh === undefined) return askServer(account, { request, now });
  const { settings, ...rest } = accountBag(account);
  const context = { ...rest, settings, payload: undefined } as DataBag;
  const tokens = await refresh(clientOf(definition, context), {
    payload: undefined,
    settings: settings as DataBag['settings'],
    auth: { ...account.tokens, ...account.client },
  });
  const { accessToken, refreshToken } = (tokens ?? {}) as Partial<NewTokens>;
  if (typeof accessToken !== 'string' || accessToken === '') {
    throw new Error('The destination returned no access token.');
  }
  return { accessToken, refreshToken, ...timesOf(told.seconds, now()) };
}

async function askServer(
  { server, tokens }: Account,
  context: Pick<RenewContext, 'request' | 'now'>,
): Promise<OAuthTokens> {
  const granted = await grantTokens(server!, { refreshToken: tokens.refreshToken ?? '' }, context);
  if ('tokens' in granted) return granted.tokens;
  if ('failed' in granted) throw new Refused(failed(granted.failed.code, granted.failed.message));
  const { refused, reason } = granted;
  throw new Refused(failed(codeOfStatus(refused.status < 300 ? 400 : refused.status), reason));
}
