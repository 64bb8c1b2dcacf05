import { createHash, createHmac, randomBytes } from 'node:crypto';
import { sameSecret } from '@waybill/ingest';
import { Failure } from '../failure.ts';

/** What an authorisation was begun for. */
export interface Begun {
  readonly destination: string;
  /** Where the OAuth server sends the person back to. */
  readonly redirectUri: string;
}

/** An authorisation that a person is sent on. */
export interface Sent {
  readonly state: string;
  /** The S256 challenge of PKCE. */
  readonly challenge: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Authorisations under way: who ends one must be who began it. */
export interface OAuthStates {
  /** Begins one for whoever `who` stands for: a session, or a token. */
  begin(begun: Begun, who: string): Sent;
  /** What the state was begun for, with the verifier of PKCE. Throws a Failure when it is not that of `who`, or is over. */
  end(state: string, who: string): Begun & { readonly verifier: string };
}

/** How long a person may take, in milliseconds. */
const PATIENCE = 10 * 60_000;

/**
 * Authorisations of a server. Nothing of them is stored: a state carries what it was begun for under a signature, and the verifier
 * follows from the state and the key of the server. So it may end in another process than it began in, and after a restart.
 * Used again, a state helps nobody: its verifier fits codes alone that were asked for with its challenge, and each is good once.
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
