/** Calls per period, by its seconds. */
const QUOTAS = [
  [1_000, 3_600],
  [10_000, 86_400],
] as const;

/** Counts the calls of a key. */
export class Quota {
  readonly #now: () => number;
  readonly #holds: boolean;
  readonly #used = QUOTAS.map(() => ({ began: 0, calls: 0 }));

  constructor(now: () => number, holds: boolean) {
    this.#now = now;
    this.#holds = holds;
  }

  /** Counts a call; returns the exceeded limit. */
  take(): string | undefined {
    const now = this.#now();
    for (const [index, [calls, seconds]] of QUOTAS.entries()) {
      const used = this.#used[index]!;
      if (now - used.began >= seconds * 1_000) Object.assign(used, { began: now, calls: 0 });
      used.calls += 1;
      if (this.#holds && used.calls > calls) return `rate of ${calls} per ${seconds} second(s) exceeded.`;
    }
    return undefined;
  }
}
