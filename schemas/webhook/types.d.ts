/* Generated from the definition by `waybill generate types`. */

export interface Settings {
  /**
   * The URL of the service. A mapping can append a path to it, but cannot choose another host.
   */
  url: string;
  /**
   * Signs requests as Standard Webhooks specifies. Plain text, or whsec_ followed by base64. Leave it empty to send unsigned requests.
   */
  secret?: string;
  /**
   * The request header that contains the credential.
   */
  credentialHeader?: string;
  /**
   * The complete value of that header, for example "Bearer" and a token.
   */
  credential?: string;
  /**
   * HTTP statuses to retry in addition to 408, 423, 429 and 500 and above, for example 409 or 425.
   */
  retryStatuses?: number[];
}

/**
 * Sends a request for each event.
 */
export interface Send {
  /**
   * The HTTP method. GET and DELETE have no body.
   */
  method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET';
  /**
   * Appended to the address in the settings. Insert values of the event with @template: orders/{{properties.order_id}}.
   */
  path?: string;
  /**
   * Query parameters; their values are encoded.
   */
  query?: {
    [k: string]: unknown;
  };
  /**
   * Headers of the request. Put secrets into the settings: mappings are shown.
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
 * Sends one request for up to 100 events: a JSON list of their bodies.
 */
export interface SendBatch {
  /**
   * The HTTP method. GET and DELETE have no body.
   */
  method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET';
  /**
   * Appended to the address in the settings. Insert values of the event with @template: orders/{{properties.order_id}}.
   */
  path?: string;
  /**
   * Query parameters; their values are encoded.
   */
  query?: {
    [k: string]: unknown;
  };
  /**
   * Headers of the request. Put secrets into the settings: mappings are shown.
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
