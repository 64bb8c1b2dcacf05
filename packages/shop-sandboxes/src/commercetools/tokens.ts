import { answer, type ShopAnswer, type ShopRequest, type ViewContext } from '../frame/index.ts';
import { idOf } from './values.ts';

/** The lifetime of a token, in seconds: two days. */
const LASTS = 172_800;

/** The API client. */
export const CLIENT = { clientId: 'sandbox-client', clientSecret: 'sandbox-client-secret' };

/** The issued tokens. */
export class Tokens {
  readonly #made = new Map<string, { readonly until: number; calls: number }>();
  readonly #context: Pick<ViewContext, 'now' | 'tokenCalls'>;

  constructor(context: Pick<ViewContext, 'now' | 'tokenCalls'>) {
    this.#context = context;
  }

  /** Issues a token for the client. */
  grant({ method, headers, body, query }: ShopRequest, projectKey: string): ShopAnswer {
    const expected = Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64');
    if (method !== 'POST' || headers['authorization'] !== `Basic ${expected}`)
      return refused(
        'invalid_client',
        'Please provide valid client credentials using HTTP Basic Authentication.',
      );
    const type = new URLSearchParams(body).get('grant_type') ?? query.get('grant_type');
    if (type !== 'client_credentials')
      return refused('unsupported_grant_type', 'Invalid parameter: grant_type', 400);
    const token = idOf(`token ${this.#made.size}`).replaceAll('-', '');
    this.#made.set(token, { until: this.#context.now() + LASTS * 1000, calls: 0 });
    return answer({
      access_token: token,
      expires_in: LASTS,
      scope: `manage_project:${projectKey}`,
      token_type: 'Bearer',
    });
  }

  /** Returns why a request is unauthorised; undefined when it is authorised. */
  refusal({ headers }: ShopRequest): ShopAnswer | undefined {
    const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
    const made = this.#made.get(token);
    const most = this.#context.tokenCalls() ?? Infinity;
    if (made === undefined || made.until <= this.#context.now() || ++made.calls > most)
      return refused('invalid_token', 'invalid_token');
    return undefined;
  }
}

function refused(code: string, message: string, status = 401): ShopAnswer {
  const body = { statusCode: status, message, errors: [{ code, message }], error: code };
  return answer(body, status);
}
