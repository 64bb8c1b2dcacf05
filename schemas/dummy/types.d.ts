/* Generated from the definition by `waybill generate types`. */

export interface Settings {
  /**
   * The result of the items that the destination receives.
   */
  mode?: 'ok' | 'reject' | 'retry' | 'rate_limit' | 'unauthorized' | 'slow' | 'flaky' | 'bug' | 'wrong_count';
  /**
   * The mode applies to every n-th item of a call; the others are accepted. Empty or 1: all items.
   */
  failEvery?: number;
  /**
   * How long the modes with a delay wait, in milliseconds.
   */
  delay?: number;
  /**
   * Number of failed attempts in the mode that fails at first.
   */
  attempts?: number;
}

/**
 * Sends nothing, and answers according to the mode.
 */
export interface Send {
  /**
   * Name of the item in the record of deliveries.
   */
  name?: string;
  /**
   * What would be sent.
   */
  data?: {
    [k: string]: unknown;
  };
  /**
   * Another mode for this item only.
   */
  mode?: 'ok' | 'reject' | 'retry' | 'rate_limit' | 'unauthorized' | 'slow' | 'flaky' | 'bug' | 'wrong_count';
}
