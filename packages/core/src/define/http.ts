/** One HTTP call of an action. */
export interface HttpCall {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** Sent as the JSON body. */
  readonly json?: unknown;
  /** Sent unchanged when there is no `json`; the caller sets its content type in the headers. */
  readonly body?: string | Uint8Array;
  /** Timeout for the whole answer, in milliseconds; 30,000 when absent. */
  readonly timeoutMs?: number;
}

/** An answer with any status. */
export interface HttpResponse {
  readonly kind: 'response';
  /** Whether the status is 2xx. Never take that alone for success: read the body. */
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed JSON of the text; undefined when it is none. */
  readonly body: unknown;
  /** Number of this exchange within the call of the action; outcomes refer to it. */
  readonly exchange: number;
}

/** Reads a header of an answer, case-insensitively. */
export function headerOf({ headers }: Pick<HttpResponse, 'headers'>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers[wanted] ?? Object.entries(headers).find(([given]) => given.toLowerCase() === wanted)?.[1];
}

/** No answer. */
export interface HttpFailure {
  readonly kind: 'failure';
  readonly ok: false;
  readonly code:
    | 'destination_timeout'
    | 'destination_unreachable'
    | 'destination_address_forbidden'
    | 'destination_unreadable_answer'
    /** The call was not made, because the rate limit would have delayed it too long. */
    | 'destination_rate_limited';
  readonly message: string;
  readonly exchange: number;
}

/** Makes one HTTP call. Never throws for a status or a network failure; never retries: the engine does. */
export type Request = (call: HttpCall) => Promise<HttpResponse | HttpFailure>;
