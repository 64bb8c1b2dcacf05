/* Generated from the definition by `waybill generate types`. */

export interface Settings {
  /**
   * What becomes of the items that the destination is given.
   */
  mode?: 'ok' | 'reject' | 'retry' | 'rate_limit' | 'unauthorized' | 'slow' | 'flaky' | 'bug' | 'wrong_count';
  /**
   * The mode applies to every n-th item of a call; the others are accepted. Empty or 1: to all.
   */
  failEvery?: number;
  /**
   * How long the modes that wait do so, in milliseconds.
   */
  delay?: number;
  /**
   * How many attempts fail in the mode that fails at first.
   */
  attempts?: number;
}

/**
 * Sends nothing anywhere, and answers as the mode says.
 */
export interface Send {
  /**
   * What the item is called in the record of deliveries.
   */
  name?: string;
  /**
   * What would be sent.
   */
  data?: {
    [k: string]: unknown;
  };
  /**
   * Another mode for this item alone.
   */
  mode?: 'ok' | 'reject' | 'retry' | 'rate_limit' | 'unauthorized' | 'slow' | 'flaky' | 'bug' | 'wrong_count';
}
