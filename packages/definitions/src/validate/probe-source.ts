import type { ShopStream, Source, SourceContext, Stream } from '@waybill/core';
import { answering, example, MOMENT, patient, REFUSED } from './probe.ts';

/** A function of a source, by its place, that treated an error as an answer. */
export interface Mistaken {
  readonly place: readonly string[];
  readonly stream: string;
}

type Call = readonly [name: string, ask: (context: SourceContext) => Promise<unknown>];

/**
 * Reads each stream of a source while every call is answered with 500, without network access. Returns the streams that did not
 * fail.
 */
export async function mistakenStreams(source: Source): Promise<readonly Mistaken[]> {
  const found: Mistaken[] = [];
  const streams = [
    ...Object.entries(source.streams).map(([name, one]) => [['streams', name], callsOf(one)] as const),
    ...Object.entries(source.shop?.streams ?? {}).map(
      ([name, one]) => [['shop', 'streams', name], shopCallsOf(one)] as const,
    ),
  ];
  for (const [place, calls] of streams)
    for (const [name, ask] of calls)
      if (await isMistaken(source, ask)) found.push({ place: [...place, name], stream: place.at(-1)! });
  return found;
}

/** Whether the webhook of a source accepts an unsigned request. */
export async function takesUnsigned(source: Source): Promise<boolean> {
  const { context } = refusing(source);
  const request = { method: 'POST', headers: {}, query: {}, body: new TextEncoder().encode('{}') };
  const ask = source.shop?.hints ?? source.webhook;
  if (ask === undefined) return false;
  const answer = await patient(async () => ask(request, context));
  if (typeof answer !== 'object' || answer === null) return false;
  // A handshake answer does not count as accepted.
  return !('refused' in answer) && !('answer' in answer) && !('failure' in answer);
}

function callsOf({ read }: Stream): readonly Call[] {
  return [['read', (context) => read({}, context)]];
}

function shopCallsOf({ page, get, pageSize: limit }: ShopStream): readonly Call[] {
  return [
    ...(page === undefined
      ? []
      : [['page', (context) => page({ by: 'changed', skip: 0, limit }, context)] satisfies Call]),
    ...(get === undefined ? [] : [['get', (context) => get('1', context)] satisfies Call]),
  ];
}

/** Whether anything succeeded although a call failed. */
async function isMistaken(source: Source, ask: Call[1]): Promise<boolean> {
  const { context, calls } = refusing(source);
  const answer = await patient(() => ask(context));
  if (answer === undefined || calls() === 0) return false;
  return typeof answer !== 'object' || answer === null || !('failure' in answer);
}

/** A context that answers every call with 500 and counts them. */
function refusing({ settings }: Source): { readonly context: SourceContext; readonly calls: () => number } {
  const { request, calls } = answering(500, REFUSED);
  return {
    context: { settings: example(settings, 0), request, now: () => MOMENT, memory: new Map() },
    calls,
  };
}
