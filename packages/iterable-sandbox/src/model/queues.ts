import type { Settings } from './settings.ts';

/** The two ways a write takes to its place: single calls and bulk calls do not keep order with each other. */
export type QueueName = 'single' | 'bulk';

/** Applies an accepted write; false when it has no place to go any more. */
export type Act = () => boolean;

interface Waiting {
  readonly due: number;
  readonly seq: number;
  readonly act: Act;
}

/** Accepted writes that are not applied yet. Order holds inside each queue only. */
export class Queues {
  /** How many writes wait: the one thing a request without delays has to look at. */
  waiting = 0;
  /** How many accepted writes found no place when their time came, such as for a user forgotten in between. */
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

  /** Puts a write at the end of its queue. */
  add(name: QueueName, act: Act): void {
    const line = this.#lines[name];
    // A delay made shorter must not let a later write overtake an earlier one of the same queue.
    const due = Math.max(this.#now() + this.#delay(name), line.at(-1)?.due ?? -Infinity);
    line.push({ due, seq: this.#seq, act });
    this.#seq += 1;
    this.waiting += 1;
  }

  /** Applies a write now, or puts it at the end of its queue. */
  run(name: QueueName, act: Act): void {
    if (this.delays(name)) this.add(name, act);
    else act();
  }

  /** Applies every write whose time has come by `now`, the earliest first. */
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

  /** How many writes wait in each queue, for the control API. */
  counts(): object {
    const { single, bulk } = this.#lines;
    return { single: single.length, bulk: bulk.length, dropped: this.dropped };
  }

  /** Forgets all waiting writes. */
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
