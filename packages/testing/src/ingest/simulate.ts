import { type Event, compileTrigger, type Processor } from '@waybill/core';
import { beginWork, createDerive, introduces, readRow, readTimerKey, type UserRow } from '@waybill/ingest';
import { resolveProcessor } from './processor.ts';

/** A simulated processor without a log, for property tests with very many histories. */
export interface Simulation {
  /** Receives an event at a time, in epoch milliseconds. A duplicate messageId is dropped, as by the log. */
  receive(event: Event, at: number): void;
  /** Fires due timers until then. Without a call between two events, the server was down. */
  advance(to: number): void;
  /** The derived events, without duplicates. */
  readonly derived: readonly Event[];
  /** The errors. */
  readonly failures: readonly string[];
  /** The states of users, by key: `u:` and a user ID, `e:` and an e-mail address, `a:` and an anonymous ID. */
  users(): ReadonlyMap<string, UserRow>;
}

/** Simulates one instance of a processor: keys, merging, timers and ids are those of a server. Throws TestSetupError. */
export function simulateProcessor(
  processor: Processor,
  settings: Readonly<Record<string, unknown>> = {},
): Simulation {
  const resolved = resolveProcessor(processor, settings);
  const matches = compileTrigger(processor.trigger);
  const derive = createDerive(resolved);
  const kept = new Map<string, Uint8Array>();
  const timers = new Map<string, { readonly key: string; readonly due: number }>();
  const known = new Set<string>();
  const derived: Event[] = [];
  const failures: string[] = [];
  let seq = 0;
  const settle = (work: ReturnType<typeof beginWork>, now: number): void => {
    const done = work.done();
    for (const { key, value } of done.state)
      if (value === undefined) kept.delete(key);
      else kept.set(key, value);
    for (const { key, due, value } of done.timers)
      if (value === undefined) timers.delete(`${due} ${key}`);
      else timers.set(`${due} ${key}`, { key, due });
    failures.push(...done.failures.map(({ message }) => message));
    for (const event of done.events) {
      if (known.has(event.messageId!)) continue;
      known.add(event.messageId!);
      derived.push({ ...event, receivedAt: new Date(now).toISOString() } as Event);
    }
  };
  return {
    derived,
    failures,
    receive(event, at) {
      if (known.has(event.messageId)) return;
      known.add(event.messageId);
      const received = { ...event, receivedAt: new Date(at).toISOString() };
      const work = beginWork(resolved, kept, at, derive);
      const logged = { seq: (seq += 1), sourceId: 'test', event: received };
      if (matches(received)) work.event(logged);
      else if (processor.merge !== undefined && introduces(received)) work.introduce(logged);
      settle(work, at);
    },
    advance(to) {
      const isDue = ({ due }: { readonly due: number }): boolean => due <= to;
      for (let due = [...timers.values()].filter(isDue); due.length > 0;) {
        for (const one of due.sort((a, b) => a.due - b.due)) {
          const work = beginWork(resolved, kept, to, derive);
          work.timer(...readTimerKey(one.key), one.due);
          settle(work, to);
        }
        due = [...timers.values()].filter(isDue);
      }
    },
    users: () => new Map([...kept].map(([key, row]) => [key, readRow(row)])),
  };
}
