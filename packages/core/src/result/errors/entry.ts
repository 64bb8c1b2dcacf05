/** What the registry knows of one error code. */
export interface ErrorEntry {
  /** HTTP status an answer with this code carries. */
  readonly status: number;
  /** Whether trying again later, unchanged, can succeed. */
  readonly retryable: boolean;
  /** What happened, for a person. */
  readonly message: string;
  /** What to do about it, for a person. */
  readonly remedy: string;
}
