import { type Event, compileTrigger, type Processor } from '@waybill/core';
import { beginWork, createDerive, introduces, readRow, readTimerKey, type UserRow } from '@waybill/ingest';
import { resolveProcessor } from './processor.ts';

/** A processor over events and a clock, without a log: for properties over very many histories. */
export interface Simulation {
  /** Has an event arrive at a time, in epoch milliseconds. A second one of the same messageId is dropped, as the log does. */
  receive(event: Event, at: number): void;
  /** Fires what is due until then. Not called between two events, it is as if the server had been down. */
  advance(to: number): void;
  /** What was derived, each id once. */
  readonly derived: readonly Event[];
  /** What it could not work on. */
  readonly failures: readonly string[];
  /** What is kept of users, by their keys: `u:` and a user id, `e:` and an e-mail address, `a:` and an anonymous id. */
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
