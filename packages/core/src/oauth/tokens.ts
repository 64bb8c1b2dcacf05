import type { InstanceState } from '../define/instance.ts';

/** The tokens of a connected account. Times in epoch milliseconds. */
export interface OAuthTokens {
  readonly accessToken: string;
  /** Absent: the access token cannot be renewed; the account must be connected again. */
  readonly refreshToken?: string | undefined;
  /** When the access token expires; absent where the server did not say. */
  readonly expiresAt?: number | undefined;
  /** When renewal becomes due. */
  readonly renewAt?: number | undefined;
  /** When the account was connected; absent for tokens from the settings. */
  readonly connectedAt?: number | undefined;
}

/** The key of the tokens in the state of an instance. */
const KEY = 'tokens';

/** How long before expiry a token is renewed at most, in milliseconds. */
const AHEAD = 60_000;

/** Returns the stored tokens of an instance. */
export function keptTokens(state: Pick<InstanceState, 'get'>): OAuthTokens | undefined {
  const kept = state.get(KEY);
  return kept === undefined ? undefined : (JSON.parse(kept) as OAuthTokens);
}

/** Replaces the stored tokens; false when they are too long to store. */
export function keepTokens(state: Pick<InstanceState, 'set'>, tokens: OAuthTokens): boolean {
  return state.set({ [KEY]: JSON.stringify(tokens) });
}

/** Returns the tokens after a renewal: values that it does not include stay. */
export function renewedTokens(
  before: Pick<OAuthTokens, 'refreshToken' | 'connectedAt'> | undefined,
  { refreshToken = before?.refreshToken, ...tokens }: OAuthTokens,
): OAuthTokens {
  return { ...tokens, refreshToken, connectedAt: before?.connectedAt };
}

/**
 * Returns when a token with this lifetime in seconds expires and when its renewal is due: a minute before, and at most
 * a quarter of its lifetime. Empty when the lifetime is not a number.
 */
export function timesOf(seconds: unknown, now: number): Pick<OAuthTokens, 'expiresAt' | 'renewAt'> {
  const lasts = Number(seconds) * 1_000;
  if (seconds === undefined || seconds === null || !Number.isFinite(lasts) || lasts <= 0) return {};
  return { expiresAt: now + lasts, renewAt: now + lasts - Math.min(AHEAD, lasts / 4) };
}

/** Whether it is time to renew. */
export function isRenewalDue(tokens: Pick<OAuthTokens, 'renewAt'> | undefined, now: number): boolean {
  return tokens?.renewAt !== undefined && now >= tokens.renewAt;
}
