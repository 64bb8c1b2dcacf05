import {
  defineAction,
  defineDestination,
  defineFields,
  oauthClientSettings,
  oauthServerSettings,
} from '@waybill/core';
import { AccessTokens, outcomeOf, signedRequest } from '@waybill/destinations/http';
import { adaptDefinition } from '@waybill/segment';

/* Two destinations with OAuth: one written by a partner for Waybill, one published for Segment. */

const oauth = { scopes: ['openid'] };
const settings = defineFields({
  address: { type: 'string', label: 'Address', description: 'Of the API.', required: true },
  ...oauthClientSettings,
  ...oauthServerSettings,
});
const fields = defineFields({
  name: { type: 'string', label: 'Name', description: 'Of the event.', required: true },
});

/** Keeps names, as a partner writes it. */
export const names = defineDestination({
  slug: 'names',
  name: 'Names',
  description: 'Keeps names.',
  settings,
  oauth,
  open: (_settings, state) => new AccessTokens(state),
  actions: {
    send: defineAction({
      title: 'Send',
      description: 'Sends a name.',
      settings,
      fields,
      async send(items, context) {
        const request = signedRequest(oauth, context);
        const answer = await request({
          method: 'POST',
          url: `${context.settings.address}/api/names`,
          json: items.map(({ payload }) => payload.name),
        });
        const outcome = outcomeOf(answer, context);
        return items.map(() => outcome);
      },
    }),
  },
});

/** Keeps names, as it is published. */
export const published = adaptDefinition({
  name: 'Published Names',
  slug: 'published-names',
  mode: 'cloud',
  description: 'Keeps names.',
  authentication: {
    scheme: 'oauth2',
    fields: { address: { type: 'string', label: 'Address', description: 'Of the API.', required: true } },
    async refreshAccessToken(request, { settings: own, auth }) {
      const { refreshToken, clientId, clientSecret } = auth as Readonly<Record<string, string>>;
      const { data } = await request(`${String(own['address'])}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: refreshToken!,
          client_id: clientId!,
          client_secret: clientSecret!,
        }),
      });
      const { access_token: accessToken, refresh_token: next } = data as Readonly<Record<string, string>>;
      return { accessToken, refreshToken: next };
    },
  },
  actions: {
    send: {
      title: 'Send',
      description: 'Sends a name.',
      fields: { name: { type: 'string', label: 'Name', description: 'Of the event.', required: true } },
      perform: (request, { payload, settings: own, auth }) =>
        request(`${String(own['address'])}/api/names`, {
          method: 'POST',
          headers: { authorization: `Bearer ${(auth as { readonly accessToken: string }).accessToken}` },
          json: [(payload as { name: string }).name],
        }),
    },
  },
});
