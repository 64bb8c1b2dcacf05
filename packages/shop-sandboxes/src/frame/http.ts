/** A request to the API of a shop. */
export interface ShopRequest {
  readonly method: string;
  /** The full URL as sent by the client. */
  readonly url: string;
  /** Still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The raw body. */
  readonly body: string;
}

/** An answer of a shop. A string is sent unchanged; anything else as JSON; no body when absent. */
export interface ShopAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Creates an answer with a body, 200 by default. */
export function answer(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): ShopAnswer {
  return { status, body, headers };
}

/** The sent form of an answer. */
export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Returns the content and headers of an answer. */
export function sentOf({ status, headers = {}, body }: ShopAnswer): Sent {
  if (body === undefined) return { status, headers, body: '' };
  if (typeof body === 'string')
    return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}
