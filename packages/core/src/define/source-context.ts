import type { SendContext } from './action.ts';

/** What the functions of a source are handed: one small object, passed whole. */
export interface SourceContext<S = unknown> extends Pick<SendContext<S>, 'settings' | 'request' | 'now'> {
  /** What the source remembers, such as a token, until its settings are changed or the process ends. */
  readonly memory: Map<string, unknown>;
}

/** A request to the webhook of a source, as it came. */
export interface WebhookRequest {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The bytes that a signature is made of. */
  readonly body: Uint8Array;
}
