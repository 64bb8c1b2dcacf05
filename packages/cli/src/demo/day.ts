import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A line of the recorded day. */
export interface DayEvent {
  readonly type: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly event?: string;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly comment?: string;
  readonly expect?: Readonly<Record<string, string>>;
}

/** The result of sending: the number of accepted events, and why others were not. */
export interface Sent {
  readonly sent: number;
  readonly failed: readonly { readonly messageId: string; readonly reason: string }[];
}

/** The number of calls per request. */
const BATCH = 20;

/** Reads the recording, which is in the tests of the repository and not part of the published package. */
export function readDay(): readonly DayEvent[] {
  const file = fileURLToPath(new URL('../../../../test/day/shop-day.ndjson', import.meta.url));
  if (!existsSync(file))
    throw new Error('The recorded day is part of the repository: run `npm run demo` in a clone.');
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as DayEvent);
}

/** Sends events in order, as a shop's server would: each request waits for the answer to the previous one. */
export async function sendDay(
  url: string,
  writeKey: string,
  events: readonly DayEvent[],
  sent: (count: number) => void = () => undefined,
): Promise<Sent> {
  const failed: { messageId: string; reason: string }[] = [];
  for (let start = 0; start < events.length; start += BATCH) {
    const part = events.slice(start, start + BATCH);
    const answer = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
      body: JSON.stringify({ batch: part.map(toSend) }),
    });
    const reason = `${answer.status} ${await answer.text()}`;
    if (!answer.ok) failed.push(...part.map(({ messageId }) => ({ messageId, reason })));
    sent(start + part.length);
  }
  return { sent: events.length - failed.length, failed };
}

/** An event without the annotations of the recording. */
function toSend({ comment: _comment, expect: _expect, ...event }: DayEvent): object {
  return event;
}
