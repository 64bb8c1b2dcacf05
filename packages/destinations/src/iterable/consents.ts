import { type ConsentPeriod, type ConsentsSaid, retry } from '@waybill/core';

import { readAnswer } from './api/answer.ts';
import { addressOf, type Context } from './settings.ts';

/** The kinds of data that tell of consent: each is named as the system webhook of it. Four exports a minute are allowed. */
const KINDS = ['emailUnSubscribe', 'emailComplaint', 'emailSubscribe'];

const TIMEOUT = 60_000;

/** What was said within a period, by exports: a line each, without the name of the event. */
export async function consents({ from, to }: ConsentPeriod, context: Context): Promise<ConsentsSaid> {
  const { apiKey } = context.settings;
  const events: unknown[] = [];
  for (const eventName of KINDS) {
    const response = await context.request({
      method: 'GET',
      url: `${addressOf(context.settings).url}/api/export/data.json`,
      query: { dataTypeName: eventName, startDateTime: timeText(from), endDateTime: timeText(to) },
      headers: { 'Api-Key': apiKey },
      timeoutMs: TIMEOUT,
    });
    if (response.kind === 'failure' || !response.ok) {
      const answer = readAnswer(response, context.now());
      return {
        failure: answer.kind === 'refused' ? answer.outcome : retry('destination_unreadable_answer'),
      };
    }
    for (const line of response.text.split('\n')) {
      if (line.trim() === '') continue;
      const row = parsed(line);
      if (row === undefined) {
        const message = `Iterable exported a line of ${eventName} that is no JSON.`;
        return { failure: { status: 'retry', code: 'destination_unreadable_answer', message } };
      }
      events.push({ eventName, dataFields: row });
    }
  }
  return { events };
}

/** "2026-01-15 12:00:00", in UTC. */
function timeText(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
