import { type Event, type EventExplanation, explainEvent, type Outcome, type Skipped } from '@waybill/core';
import type { TestItem, TestRequest, TestDestination } from '@waybill/testing';
import type { Progress } from '../output/progress.ts';

/** The result of one mapping for one event. */
export interface TriedItem {
  readonly mapping: string;
  readonly action: string;
  /** The payload for the action. */
  readonly payload?: unknown;
  /** Absent for an item that would be sent. */
  readonly outcome?: Outcome;
  readonly requests: readonly TestRequest[];
}

/** The result of one destination for one event. */
export interface Tried {
  readonly event: Event;
  readonly destination: string;
  readonly skipped?: Skipped;
  readonly items: readonly TriedItem[];
  readonly explanation?: EventExplanation;
}

/** Options of a try. */
export interface TryOptions {
  readonly id: string;
  readonly send: boolean;
  readonly explain: boolean;
  readonly progress?: Progress;
}

/** The number of events per run; a run keeps all its requests in memory. */
const STRIDE = 500;

/** Runs events through a destination. Without sending, requests are the first ones of an action. */
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

/** Without sending there was no answer, so the outcome of the action means nothing. */
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

/** Whether anything was refused, or failed when sent. */
export function hasProblems(tried: readonly Tried[]): boolean {
  return tried.some(({ items }) =>
    items.some(({ outcome }) => outcome !== undefined && ['rejected', 'retry'].includes(outcome.status)),
  );
}
