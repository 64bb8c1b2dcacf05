import {
  compileValidator,
  createPipeline,
  type Destination,
  type Event,
  type HttpCall,
  type HttpResponse,
  type Outcome,
  planCalls,
  type ReadyItem,
  type Request,
} from '@waybill/core';
import type { Tree } from '../corpus/events.ts';
import { answerOf, type Mood, type Sent, sentOf } from './answers.ts';
import type { Case } from './cases.ts';
import { inTime, type Ran } from './upstream.ts';

/** The results of events here, in addition to what upstream reports. */
export interface OwnRan extends Ran {
  readonly outcomes: readonly Outcome[];
  /** Events that ended before they were sent. */
  readonly refused: number;
  /** The events of each call, by number. */
  readonly calls: readonly (readonly number[])[];
}

/** A request function answered by a destination, with a record of its requests. */
export function requestIn(mood: Mood): { readonly request: Request; readonly sent: readonly Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    request(call: HttpCall): Promise<HttpResponse> {
      const exchange = sent.push(sentOf(call.method ?? 'GET', call.url, call.headers ?? {}, call.body)) - 1;
      const { status, headers, text } = answerOf(mood);
      const ok = status < 300;
      return Promise.resolve({ kind: 'response', ok, status, headers, text, body: undefined, exchange });
    },
  };
}

/** Runs events through Waybill: trigger, mapping, validation, plan, send. */
export async function runOurs(
  destination: Destination,
  one: Case,
  events: readonly Tree[],
  given: object,
  mood: Mood,
): Promise<OwnRan> {
  const checked = compileValidator(destination.settings)(given);
  const settings: object = checked.ok ? checked.payload : given;
  const { request, sent } = requestIn(mood);
  const pipeline = createPipeline({
    destination,
    settings,
    mappings: [
      {
        id: 'case',
        name: one.name,
        enabled: true,
        action: one.action,
        trigger: one.trigger,
        dialect: 'segment',
        mapping: one.mapping,
      },
    ],
  });
  const outcomes: Outcome[] = [];
  const ready: { readonly number: number; readonly item: ReadyItem }[] = [];
  for (const [number, event] of events.entries()) {
    const prepared = pipeline.prepare(event as unknown as Event);
    const [item] = prepared.items;
    if (item === undefined) outcomes[number] = 'skipped' in prepared ? prepared.skipped : missing();
    else if (item.kind === 'ended') outcomes[number] = item.outcome;
    else ready.push({ number, item: withMapping(item, one.mapping) });
  }
  const refused = events.length - ready.length;
  const numbers = new Map(ready.map(({ number, item }) => [item.item.key, number]));
  const calls: number[][] = [];
  const run = async (): Promise<true> => {
    for (const call of planCalls(ready.map(({ item }) => item)).flat()) {
      const of = call.items.map(({ item }) => numbers.get(item.key)!);
      calls.push(of);
      const made = await pipeline.send(call.items, { settings, request, now: Date.now });
      for (const [at, number] of of.entries()) outcomes[number] = made[at]!;
    }
    return true;
  };
  const late = (await inTime(run())) === undefined;
  const words = outcomes
    .map((outcome) => (outcome.status === 'delivered' ? '' : outcome.message))
    .join(' | ');
  const ends = outcomes.map(({ status }) => (status === 'skipped' ? 'unknown' : status));
  return { sent, outcomes, ends, refused, calls, words, late };
}

function missing(): Outcome {
  return { status: 'retry', code: 'destination_bug', message: 'No item.' };
}

/** The mapping of an item goes with it. */
function withMapping(item: ReadyItem, mapping: Case['mapping']): ReadyItem {
  return 'mapping' in item.item ? item : ({ ...item, item: { ...item.item, mapping } } as ReadyItem);
}
