/* A destination with OAuth, as its author writes it for Segment's framework: for tests of stored tokens. */
import { adaptDefinition, type UpstreamDefinition } from '@waybill/segment';

const definition = {
  name: 'Signed In',
  slug: 'signed-in',
  description: 'For tests.',
  authentication: {
    scheme: 'oauth2',
    fields: { address: { type: 'string', label: 'Address', description: 'Where to send.', required: true } },
    async refreshAccessToken(
      request: (url: string, options: object) => Promise<{ data: Record<string, string> }>,
      { settings, auth }: { settings: { address: string }; auth: { refreshToken?: string } },
    ) {
      const { data } = await request(`${settings.address}/token`, {
        method: 'post',
        json: { refresh_token: auth.refreshToken },
      });
      return { accessToken: data['access_token'], refreshToken: data['refresh_token'] };
    },
  },
  extendRequest: ({ auth }: { auth: { accessToken: string } }) => ({
    headers: { authorization: `Bearer ${auth.accessToken}` },
  }),
  actions: {
    send: {
      title: 'Send',
      description: 'Sends.',
      fields: { name: { type: 'string', label: 'Name', description: 'A name.' } },
      perform: (
        request: (url: string, options: object) => Promise<unknown>,
        { settings, payload }: { settings: { address: string }; payload: object },
      ) => request(`${settings.address}/send`, { method: 'post', json: payload }),
    },
  },
};

/** The destination. */
export const signedIn = adaptDefinition(definition as unknown as UpstreamDefinition);
