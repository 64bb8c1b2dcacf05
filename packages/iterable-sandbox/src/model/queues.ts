import type { Settings } from './settings.ts';

/** The queues of writes: single and bulk calls are not ordered with each other. */
export type QueueName = 'single' | 'bulk';

/** Applies an accepted write; false when its target is gone. */
export type Act = () => boolean;

interface Waiting {
  readonly due: number;
  readonly seq: number;
  readonly act: Act;
}

/** Accepted writes that are not applied yet. Order is only kept within a queue. */
export class Queues {
  /** The number of waiting writes: all that a request without delays needs to check. */
  waiting = 0;
  /** The number of accepted writes without a target when due, such as for a user forgotten in between. */
  dropped = 0;
  readonly #settings: Settings;
  readonly #now: () => number;
  readonly #lines: Record<QueueName, Waiting[]> = { single: [], bulk: [] };
  #seq = 0;

  constructor(settings: Settings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** Whether a write to this queue has to wait; without a delay it waits only behind others. */
  delays(name: QueueName): boolean {
    return this.#delay(name) > 0 || (this.waiting > 0 && this.#lines[name].length > 0);
  }

  /** Adds a write to the end of its queue. */
  add(name: QueueName, act: Act): void {
    const line = this.#lines[name];
    // A delay made shorter must not let a later write overtake an earlier one of the same queue.
    const due = Math.max(this.#now() + this.#delay(name), line.at(-1)?.due ?? -Infinity);
    line.push({ due, seq: this.#seq, act });
    this.#seq += 1;
    this.waiting += 1;
  }

  /** Applies a write now, or adds it to its queue. */
  run(name: QueueName, act: Act): void {
    if (this.delays(name)) this.add(name, act);
    else act();
  }

  /** Applies every write that is due at `now`, the earliest first. */
  settle(now = this.#now()): void {
    if (this.waiting === 0) return;
    const { single, bulk } = this.#lines;
    const at = { single: 0, bulk: 0 };
    for (;;) {
      const next = earlier(single[at.single], bulk[at.bulk]);
      if (next === undefined || next.due > now) break;
      at[next === single[at.single] ? 'single' : 'bulk'] += 1;
      if (!next.act()) this.dropped += 1;
    }
    single.splice(0, at.single);
    bulk.splice(0, at.bulk);
    this.waiting = single.length + bulk.length;
  }

  /** Counts the waiting writes of each queue, for the control API. */
  counts(): object {
    const { single, bulk } = this.#lines;
    return { single: single.length, bulk: bulk.length, dropped: this.dropped };
  }

  /** Drops all waiting writes. */
  clear(): void {
    this.#lines.single.length = this.#lines.bulk.length = this.waiting = this.dropped = 0;
  }

  #delay(name: QueueName): number {
    return name === 'single' ? this.#settings.singleDelayMs : this.#settings.bulkDelayMs;
  }
}

function earlier(one: Waiting | undefined, other: Waiting | undefined): Waiting | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.due < other.due || (one.due === other.due && one.seq < other.seq) ? one : other;
}
