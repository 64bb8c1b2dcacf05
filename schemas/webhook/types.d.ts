/* Generated from the definition by `waybill generate types`. */

export interface Settings {
  /**
   * Where the service is reached; mappings can add a path below it, and choose no other host.
   */
  url: string;
  /**
   * Requests are signed with it, by the rules of Standard Webhooks. Text, or whsec_ and base64. Empty: they are not signed.
   */
  secret?: string;
  /**
   * The header that carries the credential.
   */
  credentialHeader?: string;
  /**
   * The whole value of that header, such as Bearer and a token.
   */
  credential?: string;
  /**
   * Answers with these are retried, in addition to 408, 423, 429 and all from 500 on; 409 or 425, for example.
   */
  retryStatuses?: number[];
}

/**
 * Makes a request for each event.
 */
export interface Send {
  /**
   * How the request is made. GET and DELETE have no body.
   */
  method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET';
  /**
   * Added to the address of the settings. Write parts of the event with @template: orders/{{properties.order_id}}.
   */
  path?: string;
  /**
   * Parameters of the address; their values are encoded.
   */
  query?: {
    [k: string]: unknown;
  };
  /**
   * Headers of the request. Secrets belong into the settings: what a mapping holds is shown.
   */
  headers?: {
    [k: string]: unknown;
  };
  /**
   * Sent as JSON; the whole event unless the mapping says otherwise.
   */
  body?: {
    [k: string]: unknown;
  };
  /**
   * Sent unchanged, in place of the body: XML, for example, with a content-type among the headers.
   */
  text?: string;
}

/**
 * Makes one request for up to 100 events: a JSON list of their bodies.
 */
export interface SendBatch {
  /**
   * How the request is made. GET and DELETE have no body.
   */
  method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET';
  /**
   * Added to the address of the settings. Write parts of the event with @template: orders/{{properties.order_id}}.
   */
  path?: string;
  /**
   * Parameters of the address; their values are encoded.
   */
  query?: {
    [k: string]: unknown;
  };
  /**
   * Headers of the request. Secrets belong into the settings: what a mapping holds is shown.
   */
  headers?: {
    [k: string]: unknown;
  };
  /**
   * Sent as JSON; the whole event unless the mapping says otherwise.
   */
  body?: {
    [k: string]: unknown;
  };
}
