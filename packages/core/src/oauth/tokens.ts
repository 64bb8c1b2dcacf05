import type { InstanceState } from '../define/instance.ts';

/** The tokens of a connected account. Times in epoch milliseconds. */
export interface OAuthTokens {
  readonly accessToken: string;
  /** Absent: nobody can renew the access token; a person has to connect the account again. */
  readonly refreshToken?: string | undefined;
  /** When the access token ends; absent where the server did not say. */
  readonly expiresAt?: number | undefined;
  /** From when on another one is asked for. */
  readonly renewAt?: number | undefined;
  /** When a person has connected the account; absent for tokens that stood in the settings. */
  readonly connectedAt?: number | undefined;
}

/** The key under which an instance keeps its tokens. */
const KEY = 'tokens';

/** A token is renewed at most so many milliseconds before it ends. */
const AHEAD = 60_000;

/** The tokens that an instance keeps. */
export function keptTokens(state: Pick<InstanceState, 'get'>): OAuthTokens | undefined {
  const kept = state.get(KEY);
  return kept === undefined ? undefined : (JSON.parse(kept) as OAuthTokens);
}

/** Keeps tokens in place of those before; false when they are longer than what is kept. */
export function keepTokens(state: Pick<InstanceState, 'set'>, tokens: OAuthTokens): boolean {
  return state.set({ [KEY]: JSON.stringify(tokens) });
}

/** Tokens after a renewal: what it does not give anew stays as it was. */
export function renewedTokens(
  before: Pick<OAuthTokens, 'refreshToken' | 'connectedAt'> | undefined,
  { refreshToken = before?.refreshToken, ...tokens }: OAuthTokens,
): OAuthTokens {
  return { ...tokens, refreshToken, connectedAt: before?.connectedAt };
}

/**
 * When a token that lasts so many seconds ends, and from when on it is renewed: a minute ahead, and at most a quarter of its
 * time. Nothing where the seconds are no number.
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
