import { type Rejected, retry, type Retry } from '@waybill/core';

import { isRecord, type JsonObject } from '../../http/json.ts';
import { addressOf, type Context } from '../settings.ts';
import { readAnswer } from './answer.ts';

/** Selects the lines of an export by period, ISO 8601. */
export interface ExportQuery {
  readonly dataTypeName: string;
  readonly from: string;
  readonly to: string;
  /** The members of a line; all when absent. */
  readonly onlyFields?: readonly string[];
}

/** The lines of an export, or why there are none. */
export type ExportRows = { readonly rows: readonly JsonObject[] } | { readonly failure: Rejected | Retry };

const TIMEOUT = 60_000;

/** Exports data of the project. Four exports per minute are allowed. */
export async function exportRows(query: ExportQuery, context: Context): Promise<ExportRows> {
  const { dataTypeName, from, to, onlyFields } = query;
  const response = await context.request({
    method: 'GET',
    url: `${addressOf(context.settings).url}/api/export/data.json`,
    query: {
      dataTypeName,
      startDateTime: timeText(from),
      endDateTime: timeText(to),
      ...(onlyFields === undefined ? {} : { onlyFields: onlyFields.join(',') }),
    },
    headers: { 'Api-Key': context.settings.apiKey },
    timeoutMs: TIMEOUT,
  });
  if (response.kind === 'failure' || !response.ok) {
    const answer = readAnswer(response, context.now());
    return {
      failure: answer.kind === 'refused' ? answer.outcome : retry('destination_unreadable_answer'),
    };
  }
  const rows: JsonObject[] = [];
  for (const line of response.text.split('\n')) {
    if (line.trim() === '') continue;
    const row = parsed(line);
    if (!isRecord(row)) {
      const message = `Iterable exported a line of ${dataTypeName} that is not JSON.`;
      return { failure: retry('destination_unreadable_answer', message) };
    }
    rows.push(row);
  }
  return { rows };
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
