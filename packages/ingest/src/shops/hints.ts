import type { Hint } from '@waybill/core';
import type { TimerWrite } from '@waybill/delivery';

/** A waiting hint. */
export interface WaitingHint extends Hint {
  /** When to process it, in epoch milliseconds. */
  readonly due: number;
  /** The number of failed attempts. */
  readonly tries: number;
}

/** The waiting hints of a source: stored as timers, and in memory by row. */
export interface Hints {
  readonly size: number;
  count(stream: string): number;
  /** Starts due hints, the earliest first; a later hint for the same row is a new one. */
  begin(now: number, most: number): readonly WaitingHint[];
  /** Returns when the next one is due; undefined when none waits. */
  nextDue(): number | undefined;
  /** Adds hints; resolves when they are durable, or `full`. */
  take(hints: readonly Hint[], now: number): Promise<'taken' | 'full'>;
  /** Ends a started hint, or schedules a retry. */
  end(hint: WaitingHint, later?: { readonly due: number; readonly tries: number }): readonly TimerWrite[];
  /** Removes waiting hints of this row. */
  drop(isOf: (row: unknown) => boolean): readonly TimerWrite[];
  /** Returns unfinished hints: they are due as before. */
  giveBack(hints: readonly WaitingHint[]): void;
  /** Loads stored hints. */
  load(timers: readonly { readonly key: string; readonly due: number; readonly value: Uint8Array }[]): void;
}

/** The maximum number of waiting hints of a source: polls find the rest. */
export const MOST_HINTS = 50_000;

const DONE = Promise.resolve();

interface Entry {
  readonly hint: WaitingHint;
  readonly stored: Promise<unknown>;
  durable: boolean;
  begun: boolean;
}

/** Creates the hints of a source; `store` writes timers durably, and throws when it cannot. */
export function createHints(store: (timers: readonly TimerWrite[]) => Promise<void>): Hints {
  let entries = new Map<string, Entry>();
  /** Timers that a later one replaces. */
  let left: readonly TimerWrite[] = [];

  /** Returns the writes for hints; in memory they are added at once, so that concurrent ones are merged. */
  const place = (hints: readonly Hint[], now: number) => {
    const timers: TimerWrite[] = [];
    const placed = new Map<string, Entry>();
    const others: Promise<unknown>[] = [];
    const ready = Promise.withResolvers<void>();
    // The caller receives the error below.
    ready.promise.catch(() => undefined);
    for (const { stream, id, row } of hints) {
      const key = keyOf({ stream, id });
      const last = placed.get(key) ?? entries.get(key);
      // A waiting hint covers everything until it is started.
      if (last !== undefined && !last.begun && row === undefined && last.hint.due <= now) {
        if (!placed.has(key)) others.push(last.stored);
        continue;
      }
      const isLater = last === undefined || last.hint.due > now;
      const due = isLater ? now : Math.max(now, last.hint.due + 1);
      if (last !== undefined && !last.begun) timers.push({ key, due: last.hint.due });
      const hint = { stream, id, due, tries: 0, ...(row === undefined ? {} : { row }) };
      timers.push({ key, due, value: valueOf(hint) });
      const entry = { hint, stored: ready.promise, durable: false, begun: false };
      placed.set(key, entry);
      entries.set(key, entry);
    }
    return { timers, placed, others, ready };
  };

  return {
    get size() {
      return entries.size;
    },
    count: (stream) => [...entries.values()].filter(({ hint }) => hint.stream === stream).length,
    begin(now, most) {
      const due = [...entries.values()]
        .filter(({ begun, hint }) => !begun && hint.due <= now)
        .sort((one, other) => one.hint.due - other.hint.due)
        .slice(0, most);
      for (const one of due) one.begun = true;
      return due.map(({ hint }) => hint);
    },
    nextDue() {
      let next: number | undefined;
      for (const { hint, begun } of entries.values())
        if (!begun && (next === undefined || hint.due < next)) next = hint.due;
      return next;
    },
    async take(hints, now) {
      if (entries.size + hints.length > MOST_HINTS) return 'full';
      const { timers, placed, others, ready } = place(hints, now);
      try {
        if (timers.length > 0) await store(timers);
        ready.resolve();
        for (const entry of placed.values()) entry.durable = true;
      } catch (error) {
        for (const [key, entry] of placed) if (entries.get(key) === entry) entries.delete(key);
        ready.reject(error);
        throw error;
      }
      await Promise.all(others);
      return 'taken';
    },
    end(hint, later) {
      const key = keyOf(hint);
      const isLast = entries.get(key)?.hint === hint;
      const timers: TimerWrite[] = [...left, { key, due: hint.due }];
      left = [];
      if (isLast) entries.delete(key);
      // A newer one of the same row replaces it.
      if (later === undefined || !isLast) return timers;
      const again = { ...hint, ...later, due: Math.max(later.due, hint.due + 1) };
      entries.set(key, { hint: again, stored: DONE, durable: true, begun: false });
      return [...timers, { key, due: again.due, value: valueOf(again) }];
    },
    drop(isOf) {
      const dropped = [...entries].filter(([, { hint }]) => hint.row !== undefined && isOf(hint.row));
      for (const [key] of dropped) entries.delete(key);
      return dropped.map(([key, { hint }]) => ({ key, due: hint.due }));
    },
    giveBack(hints) {
      for (const hint of hints) {
        const entry = entries.get(keyOf(hint));
        if (entry?.hint === hint) entry.begun = false;
      }
    },
    load(timers) {
      const kept = new Map<string, Entry>();
      const double: TimerWrite[] = [];
      for (const { key, due, value } of timers) {
        const [stream, id] = JSON.parse(key) as [string, string];
        const rest = JSON.parse(Buffer.from(value).toString()) as Pick<WaitingHint, 'tries' | 'row'>;
        const earlier = kept.get(key);
        if (earlier !== undefined) double.push({ key, due: earlier.hint.due });
        kept.set(key, { hint: { stream, id, due, ...rest }, stored: DONE, durable: true, begun: false });
      }
      // Those being written may have been written too late to be read.
      for (const [key, entry] of entries) if (!entry.durable) kept.set(key, entry);
      entries = kept;
      left = double;
    },
  };
}

function keyOf({ stream, id }: Pick<Hint, 'stream' | 'id'>): string {
  return JSON.stringify([stream, id]);
}

function valueOf({ tries, row }: WaitingHint): Uint8Array {
  return Buffer.from(JSON.stringify({ tries, ...(row === undefined ? {} : { row }) }));
}
