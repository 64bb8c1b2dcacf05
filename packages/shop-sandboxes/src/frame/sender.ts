import type { Calls } from './calls.ts';
import type { Faults } from './faults.ts';
import type { Delivery, PlatformView } from './view.ts';

/** The timeout of a webhook. */
const PATIENCE_MS = 10_000;

interface Waiting {
  readonly delivery: Delivery;
  readonly attempt: number;
}

/** The counts of deliveries. */
export interface SenderStats {
  readonly delivered: number;
  readonly failed: number;
  readonly lost: number;
  readonly givenUp: number;
  readonly waiting: number;
}

/** Calls webhooks, one at a time, with retries like the platform. */
export class Sender {
  readonly #view: PlatformView;
  readonly #faults: Faults;
  readonly #calls: Calls;
  readonly #now: () => number;
  readonly #queue: Waiting[] = [];
  readonly #later = new Map<Waiting, NodeJS.Timeout>();
  readonly #counts = { delivered: 0, failed: 0, lost: 0, givenUp: 0 };
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(of: {
    readonly view: PlatformView;
    readonly faults: Faults;
    readonly calls: Calls;
    readonly now: () => number;
  }) {
    this.#view = of.view;
    this.#faults = of.faults;
    this.#calls = of.calls;
    this.#now = of.now;
  }

  /** Counts so far. */
  get stats(): SenderStats {
    return { ...this.#counts, waiting: this.#queue.length + this.#later.size };
  }

  /** Adds deliveries. */
  add(deliveries: readonly Delivery[]): void {
    const { lost, duplicated } = this.#faults.now.webhooks ?? {};
    for (const delivery of deliveries) {
      if (this.#faults.happens(lost)) {
        this.#counts.lost += 1;
        continue;
      }
      this.#queue.push({ delivery, attempt: 0 });
      if (this.#faults.happens(duplicated)) this.#queue.push({ delivery, attempt: 0 });
    }
    this.#run();
  }

  /** Resolves when every delivery was attempted, and failed ones wait for a retry. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Retries waiting deliveries at once. */
  async retryNow(): Promise<void> {
    for (const [waiting, timer] of this.#later) {
      clearTimeout(timer);
      this.#queue.push(waiting);
    }
    this.#later.clear();
    this.#run();
    await this.settled();
  }

  /** Drops waiting deliveries. */
  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    for (const timer of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
  }

  #run(): void {
    if (this.#queue.length === 0) return;
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
    });
  }

  async #drain(): Promise<void> {
    // All changes of one moment are queued before the first is sent, so that they can be reordered.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const { reordered, delayMs = 0 } = this.#faults.now.webhooks ?? {};
      const at = this.#faults.happens(reordered) ? this.#queue.length - 1 : 0;
      const [next] = this.#queue.splice(at, 1);
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (!this.#closed) await this.#attempt(next!);
    }
  }

  async #attempt(waiting: Waiting): Promise<void> {
    const { delivery, attempt } = waiting;
    const { url, headers, body } = delivery.request(this.#now());
    let status = 0;
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
      await response.arrayBuffer();
      ({ status } = response);
    } catch {
      // No answer is a failed attempt like any other.
    }
    this.#calls.note({ direction: 'out', method: 'POST', path: url, status });
    if (status >= 200 && status < 300) {
      this.#counts.delivered += 1;
      return;
    }
    this.#counts.failed += 1;
    const pause = this.#view.retries[attempt];
    if (pause === undefined) {
      this.#counts.givenUp += 1;
      this.#view.gaveUp?.(delivery);
    } else if (!this.#closed) this.#wait({ delivery, attempt: attempt + 1 }, pause);
  }

  #wait(waiting: Waiting, ms: number): void {
    const timer = setTimeout(() => {
      this.#later.delete(waiting);
      this.#queue.push(waiting);
      this.#run();
    }, ms);
    // A retry in an hour must not keep a stopped process alive.
    timer.unref();
    this.#later.set(waiting, timer);
  }
}
