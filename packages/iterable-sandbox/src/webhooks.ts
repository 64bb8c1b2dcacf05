import { isObject, type Json, type JsonObject } from './json.ts';
import type { Project } from './model/project.ts';
import { json, type Reply } from './model/errors.ts';

/**
 * Sends system webhooks like Iterable: the given events, with a time in its format. With `lost` nothing is sent. Returns the answers.
 */
export async function sendWebhooks(sent: Json, project: Project): Promise<Reply> {
  if (!isObject(sent)) return wrong('webhooks take an object');
  const { url, headers = {}, events, lost = false } = sent;
  if (typeof url !== 'string' || !URL.canParse(url)) return wrong('"url" is no address');
  if (!isObject(headers)) return wrong('"headers" is no object');
  if (!Array.isArray(events) || !events.every((one) => isObject(one)))
    return wrong('"events" is no list of objects');
  const dated = (events as readonly JsonObject[]).map((event) => ({
    ...event,
    dataFields: {
      createdAt: timeText(project.now()),
      ...(isObject(event['dataFields']) ? event['dataFields'] : {}),
    },
  }));
  project.said.push(...dated);
  if (lost === true) return json({ status: 0, body: 'lost' });
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      body: JSON.stringify(dated.length === 1 ? dated[0] : dated),
      signal: AbortSignal.timeout(10_000),
    });
    return json({ status: answer.status, body: await answer.text() });
  } catch (error) {
    return json({ status: 0, body: error instanceof Error ? error.message : String(error) });
  }
}

/** "2026-01-15 12:00:00 +00:00" */
function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} +00:00`;
}

function wrong(error: string): Reply {
  return json({ error }, 400);
}
