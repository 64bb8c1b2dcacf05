/** A request to the API of a shop. */
export interface ShopRequest {
  readonly method: string;
  /** The address as the client wrote it, whole. */
  readonly url: string;
  /** Still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came. */
  readonly body: string;
}

/** An answer of a shop. Text goes out as it is; anything else as JSON; no body at all when absent. */
export interface ShopAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer with a body, 200 unless said otherwise. */
export function answer(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): ShopAnswer {
  return { status, body, headers };
}

/** What is sent for an answer. */
export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The text and headers of an answer. */
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
