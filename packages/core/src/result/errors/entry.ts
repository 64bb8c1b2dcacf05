/** An entry of the error registry. */
export interface ErrorEntry {
  /** HTTP status of an answer with this code. */
  readonly status: number;
  /** Whether a later attempt, unchanged, can succeed. */
  readonly retryable: boolean;
  /** What happened, for people. */
  readonly message: string;
  /** What to do about it, for people. */
  readonly remedy: string;
}
