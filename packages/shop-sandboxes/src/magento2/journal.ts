import { createHash } from 'node:crypto';
import { answer, type ShopAnswer, type ShopRequest } from '../frame/index.ts';
import { CLIENT_ID } from './events.ts';
import type { Row } from './values.ts';

/** The path of the journal of the event registration. */
export const JOURNAL = '/events/organizations/1/integrations/1/5b5a1f2e-6d2c-4bb2-bf78-209d0eacb6eb';
/** The path of the token endpoint, like Adobe's. */
export const IMS = '/ims/token/v3';
/** The credentials of the project that has the registration. */
export const PROJECT = {
  adobeClientSecret: 'sandbox-adobe-secret',
  adobeOrganization: '0123456789ABCDEF01234567@AdobeOrg',
};

/** The lifetime of a token, in seconds. */
const LASTS = 86_400;
/** Events are kept for a week. */
const KEPT = 7 * 86_400_000;

interface Entry {
  readonly position: string;
  readonly at: number;
  readonly event: Row;
}

/** The journal of an event registration: the events sent to the webhook. */
export class Journal {
  readonly #entries: Entry[] = [];
  readonly #now: () => number;
  /** The number of expired entries. */
  #expired = 0;
  #tokens = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds an event. */
  add(event: Row): void {
    const number = this.#entries.length;
    const hash = createHash('sha256').update(String(number)).digest('hex').slice(0, 12);
    this.#entries.push({ position: `camel:${hash}:${number}`, at: this.#now(), event });
  }

  /** Issues a token. */
  grant({ method, body }: ShopRequest): ShopAnswer {
    const form = new URLSearchParams(body);
    const isRight =
      method === 'POST' &&
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === CLIENT_ID &&
      form.get('client_secret') === PROJECT.adobeClientSecret;
    if (!isRight) return answer({ error: 'invalid_client', error_description: 'invalid client_secret' }, 400);
    this.#tokens += 1;
    return answer({ access_token: this.#token(), token_type: 'bearer', expires_in: LASTS });
  }

  /** Answers requests for the journal. */
  answer({ method, query, headers }: ShopRequest): ShopAnswer {
    if (method !== 'GET') return answer({ error_code: '405' }, 405);
    if (this.#tokens === 0 || headers['authorization'] !== `Bearer ${this.#token()}`)
      return answer({ error_code: '401013', message: 'Oauth token is not valid' }, 401);
    if (headers['x-api-key'] !== CLIENT_ID || headers['x-ims-org-id'] !== PROJECT.adobeOrganization)
      return answer({ error_code: '403000', message: 'Api Key is invalid' }, 403);
    while ((this.#entries[this.#expired]?.at ?? Infinity) < this.#now() - KEPT) this.#expired += 1;
    const since = query.get('since');
    const limit = Number(query.get('limit') ?? 100);
    const found = since === null ? -1 : this.#entries.findIndex(({ position }) => position === since);
    const isEnd = since === 'end:0' || query.get('latest') === 'true';
    if (since !== null && !isEnd && (found < 0 || found + 1 < this.#expired))
      return answer(`Events at position ${since} have expired.`, 410);
    const from = query.get('latest') === 'true' ? this.#entries.length : Math.max(this.#expired, found + 1);
    const page = this.#entries.slice(from, from + limit);
    const last = page.at(-1)?.position ?? this.#entries[from - 1]?.position ?? 'end:0';
    const link = `<${JOURNAL}?since=${encodeURIComponent(last)}&limit=${limit}>; rel="next"`;
    if (page.length === 0) return { status: 204, headers: { link, 'retry-after': '10' } };
    const events = page.map(({ position, event }) => ({ position, event }));
    return { ...answer({ events, _page: { last, count: page.length } }), headers: { link } };
  }

  #token(): string {
    return `sandbox-adobe-token-${this.#tokens}`;
  }
}
