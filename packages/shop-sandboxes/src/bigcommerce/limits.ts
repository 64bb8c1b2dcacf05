/** Calls per window of the smaller plans, for all apps of a store together. */
const QUOTA = 150;
const WINDOW = 30_000;

/** The remaining calls in an answer. */
export interface Left {
  readonly headers: Readonly<Record<string, string>>;
  readonly isOver: boolean;
}

/** Counts the calls of a store. */
export class Quota {
  readonly #now: () => number;
  readonly #holds: boolean;
  #began = 0;
  #used = 0;

  constructor(now: () => number, holds: boolean) {
    this.#now = now;
    this.#holds = holds;
  }

  /** Counts a call. */
  take(): Left {
    const now = this.#now();
    if (now - this.#began >= WINDOW) [this.#began, this.#used] = [now, 0];
    const isOver = this.#holds && this.#used >= QUOTA;
    if (!isOver) this.#used += 1;
    const reset = this.#began + WINDOW - now;
    const headers = {
      'x-rate-limit-time-window-ms': String(WINDOW),
      'x-rate-limit-time-reset-ms': String(reset),
      'x-rate-limit-requests-quota': String(QUOTA),
      'x-rate-limit-requests-left': String(this.#holds ? Math.max(0, QUOTA - this.#used) : QUOTA),
      ...(isOver ? { 'x-retry-after': String(Math.ceil(reset / 1000)) } : {}),
    };
    return { headers, isOver };
  }
}
