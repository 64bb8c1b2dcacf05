import { createHash, createHmac, randomBytes } from 'node:crypto';
import { sameSecret } from '@waybill/ingest';
import { Failure } from '../failure.ts';

/** The subject of an authorisation. */
export interface Begun {
  readonly destination: string;
  /** The redirect URI. */
  readonly redirectUri: string;
}

/** A started authorisation. */
export interface Sent {
  readonly state: string;
  /** The S256 challenge of PKCE. */
  readonly challenge: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Pending authorisations: only the caller who started one can finish it. */
export interface OAuthStates {
  /** Starts one for `who`: a session, or a token. */
  begin(begun: Begun, who: string): Sent;
  /**
   * Returns the subject of a state, with the PKCE verifier. Throws a Failure when it does not belong to `who`, or has expired.
   */
  end(state: string, who: string): Begun & { readonly verifier: string };
}

/** The timeout of an authorisation, in milliseconds. */
const PATIENCE = 10 * 60_000;

/**
 * Creates the authorisations of a server. Nothing is stored: a state contains its signed subject, and the verifier follows from
 * the state and the key of the server. So it may end in another process than it started in, and after a restart. Reusing a
 * state is useless: its verifier only fits codes requested with its challenge, each valid once.
 */
export function createOAuthStates(secretKey: string, now: () => number): OAuthStates {
  const keyed = (purpose: string, ...parts: readonly string[]): string =>
    createHmac('sha256', secretKey)
      .update(`oauth ${purpose}\0`)
      .update(JSON.stringify(parts))
      .digest('base64url');
  return {
    begin({ destination, redirectUri }, who) {
      const expiresAt = now() + PATIENCE;
      const nonce = randomBytes(16).toString('base64url');
      const content = Buffer.from(JSON.stringify([destination, redirectUri, expiresAt, nonce])).toString(
        'base64url',
      );
      const state = `${content}.${keyed('state', content, who)}`;
      const challenge = createHash('sha256').update(keyed('verifier', state)).digest('base64url');
      return { state, challenge, expiresAt };
    },
    end(state, who) {
      const [content = '', signature = ''] = state.split('.');
      if (!sameSecret(signature, keyed('state', content, who))) throw new Failure('oauth_state_invalid');
      const [destination, redirectUri, expiresAt] = JSON.parse(
        Buffer.from(content, 'base64url').toString(),
      ) as [string, string, number];
      if (now() >= expiresAt) throw new Failure('oauth_state_expired');
      return { destination, redirectUri, verifier: keyed('verifier', state) };
    },
  };
}
