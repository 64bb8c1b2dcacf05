import { readFileSync } from 'node:fs';
import { Analytics } from '@segment/analytics-node';

export type Json = string | number | boolean | null | Json[] | Fields;
export type Fields = { [key: string]: Json };

interface Common {
  messageId: string;
  timestamp: string;
  userId?: string;
  anonymousId?: string;
  context?: Fields;
  /** Why this line is here, for the reader; never sent. */
  comment?: string;
  /** The expected results by action name (`*` when no action takes the event); never sent. */
  expect?: Record<string, string>;
}

/** One line of the recorded day: a Segment call, and what a reader should know about it. */
export type DayEvent = Common &
  (
    | { type: 'identify'; traits: Fields }
    | { type: 'track'; event: string; properties: Fields }
    | { type: 'page' | 'screen'; name: string; category?: string; properties: Fields }
    | { type: 'group'; groupId: string; traits: Fields }
    | { type: 'alias'; userId: string; previousId: string }
  );

export interface PlayOptions {
  /** Base URL of the tracking API, without `/v1`. */
  host: string;
  writeKey: string;
  /** The events to play; the whole recorded day by default. */
  events?: DayEvent[];
  /** First index to play, and the first one not to play any more. */
  from?: number;
  to?: number;
  /** The maximum number of calls per request; the next request waits for the answer, which keeps the order. */
  flushEvery?: number;
}

export interface PlayResult {
  sent: number;
  failed: { messageId: string; reason: string }[];
}

export const dayFile = new URL('./shop-day.ndjson', import.meta.url);

export function readDay(): DayEvent[] {
  const lines = readFileSync(dayFile, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as DayEvent);
}

/** Sends the events, in order, as a shop's server would: with the tracking library itself. */
export async function playDay(options: PlayOptions): Promise<PlayResult> {
  const { host, writeKey, events = readDay(), from = 0, to = events.length, flushEvery = 20 } = options;
  const failed: PlayResult['failed'] = [];
  const client = new Analytics({ host, writeKey, flushAt: flushEvery, maxRetries: 3 });
  client.on('error', ({ reason, ctx }) => {
    failed.push({ messageId: ctx?.event.messageId ?? 'unknown', reason: messageOf(reason) });
  });

  const played = events.slice(from, to);
  for (let start = 0; start < played.length; start += flushEvery) {
    for (const event of played.slice(start, start + flushEvery)) {
      try {
        call(client, event);
      } catch (error) {
        failed.push({ messageId: event.messageId, reason: messageOf(error) });
      }
    }
    await client.flush();
  }
  await client.closeAndFlush();
  return { sent: played.length - failed.length, failed };
}

function call(client: Analytics, event: DayEvent): void {
  // The library writes into the objects it is given, so it gets its own copy.
  const { messageId, timestamp, context, ...rest } = structuredClone(event);
  const common = { ...identity(rest), messageId, timestamp, context };
  switch (rest.type) {
    case 'identify':
      return client.identify({ ...common, traits: rest.traits });
    case 'track':
      return client.track({ ...common, event: rest.event, properties: rest.properties });
    case 'page':
    case 'screen':
      return client[rest.type]({
        ...common,
        name: rest.name,
        category: rest.category,
        properties: rest.properties,
      });
    case 'group':
      return client.group({ ...common, groupId: rest.groupId, traits: rest.traits });
    case 'alias':
      return client.alias({ ...common, userId: rest.userId, previousId: rest.previousId });
  }
}

function identity({ userId, anonymousId }: Pick<Common, 'userId' | 'anonymousId'>) {
  if (userId !== undefined) return { userId, anonymousId };
  if (anonymousId !== undefined) return { anonymousId };
  throw new Error('The tracking library needs a userId or an anonymousId');
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
