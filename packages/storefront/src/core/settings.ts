/** What the server says of a source, in front of the script. */
export interface Settings {
  /** The public key that events are sent with. */
  readonly key: string;
  /** Whether a visitor is asked first, or has agreed as long as nobody says otherwise. */
  readonly consent: 'asked' | 'assumed';
}
