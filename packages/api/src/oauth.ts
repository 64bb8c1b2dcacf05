import { members, route } from './route.ts';
import { AT, named, object, text, type TypeOf, yes } from './schema.ts';

const ACCOUNT = named(
  'Account',
  object(
    {
      /** Whether it was connected here; tokens in the settings do not count. */
      connected: yes(),
      /** Whether the access token is renewed automatically. */
      renews: yes(),
    },
    { connectedAt: AT, expiresAt: AT },
  ),
);
const STATE = text({ maxLength: 2_000 });

/** How the account of a destination is connected. */
export type Account = TypeOf<typeof ACCOUNT>;

/** Routes for connecting the account of a destination: the authorisation code flow of OAuth 2. */
export const OAUTH_ROUTES = {
  'GET /api/destinations/:id/account': route({
    does: 'How to connect the account of a destination that uses OAuth.',
    answer: ACCOUNT,
    errors: ['request_not_found', 'oauth_not_offered'],
  }),
  'POST /api/destinations/:id/account': route({
    role: 'edit',
    does: 'Starts connecting the account: returns the URL where a person allows access, which then redirects to `redirectUri` with a code.',
    body: members(
      {},
      {
        redirectUri: text({
          maxLength: 500,
          description:
            'A page `/console/connect` of this server, or an address on the machine of the caller.',
        }),
      },
    ),
    answer: object({ url: text(), state: text(), expiresAt: AT }),
    errors: ['request_not_found', 'oauth_not_offered', 'oauth_not_set_up', 'oauth_redirect_forbidden'],
  }),
  'POST /api/oauth': route({
    role: 'edit',
    does: 'Completes the connection with the response of the OAuth server: its code is exchanged for tokens, which are stored with the destination.',
    body: members(
      {
        code: text({ maxLength: 4_000 }),
        error: text({ maxLength: 200 }),
        errorDescription: text({ maxLength: 1_000 }),
      },
      { state: STATE },
    ),
    answer: object({ destination: text(), account: ACCOUNT }),
    errors: [
      'request_not_found',
      'oauth_not_offered',
      'oauth_not_set_up',
      'oauth_state_invalid',
      'oauth_state_expired',
      'oauth_denied',
      'oauth_token_refused',
      'destination_timeout',
      'destination_unreachable',
      'destination_address_forbidden',
      'destination_unreadable_answer',
      'destination_rate_limited',
    ],
  }),
} as const;
