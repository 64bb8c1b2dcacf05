/** The settings of a source, which the server prepends to the script. */
export interface Settings {
  /** The public key for sending events. */
  readonly key: string;
  /** Whether a visitor is asked first, or consent is implied. */
  readonly consent: 'asked' | 'assumed';
}
