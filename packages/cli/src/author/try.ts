import { type Event, type EventExplanation, explainEvent, type Outcome, type Skipped } from '@waybill/core';
import type { TestItem, TestRequest, TestDestination } from '@waybill/testing';
import type { Progress } from '../output/progress.ts';

/** What one mapping made of one event. */
export interface TriedItem {
  readonly mapping: string;
  readonly action: string;
  /** What was, or would be, handed to the action. */
  readonly payload?: unknown;
  /** Absent for an item that would be sent. */
  readonly outcome?: Outcome;
  readonly requests: readonly TestRequest[];
}

/** What one destination made of one event. */
export interface Tried {
  readonly event: Event;
  readonly destination: string;
  readonly skipped?: Skipped;
  readonly items: readonly TriedItem[];
  readonly explanation?: EventExplanation;
}

/** How events are tried. */
export interface TryOptions {
  readonly id: string;
  readonly send: boolean;
  readonly explain: boolean;
  readonly progress?: Progress;
}

/** Events in one run; a run holds all its requests in memory. */
const STRIDE = 500;

/** Runs events through a destination. Without sending, requests are those an action would begin with. */
export async function tryEvents(
  under: TestDestination,
  events: readonly Event[],
  options: TryOptions,
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (let at = 0; at < events.length; at += STRIDE) {
    const part = events.slice(at, at + STRIDE);
    const run = await under.run(part);
    for (const [index, event] of part.entries()) {
      const { items, skipped } = run.events[index]!;
      tried.push({
        event,
        destination: options.id,
        ...(skipped === undefined ? {} : { skipped }),
        items: items.map((item) => shownItem(item, options.send)),
        ...(options.explain ? { explanation: explainEvent(under.resolved, event) } : {}),
      });
    }
    options.progress?.step(Math.min(at + STRIDE, events.length));
  }
  return tried;
}

/** Without sending there was no answer, so what the action made of one says nothing. */
function shownItem({ mapping, action, payload, outcome, requests }: TestItem, send: boolean): TriedItem {
  const base = { mapping, action, ...(payload === undefined ? {} : { payload }) };
  if (send) return { ...base, outcome, requests };
  if (requests.length > 0) {
    return {
      ...base,
      requests: requests.map(({ response: _none, failure: _neither, ...request }) => request),
    };
  }
  return { ...base, outcome, requests };
}

/** Whether something was refused, or failed when it was sent. */
export function hasProblems(tried: readonly Tried[]): boolean {
  return tried.some(({ items }) =>
    items.some(({ outcome }) => outcome !== undefined && ['rejected', 'retry'].includes(outcome.status)),
  );
}
