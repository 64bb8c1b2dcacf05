import type { LoggedEvent } from '@waybill/api';

/** What Waybill itself has added; a server that gets the event again adds it again. */
const OURS: ReadonlySet<string> = new Set(['receivedAt']);

/** The command that sends an event once more, under a messageId of its own, so that it is no duplicate. */
export function curlOf(event: LoggedEvent['event'], origin: string, messageId: string): string {
  const members = Object.entries(event).filter(([name]) => !OURS.has(name));
  const body = JSON.stringify({ ...Object.fromEntries(members), messageId });
  return [
    `curl ${quoted(`${origin}/v1/batch`)}`,
    `-u "$WRITE_KEY:"`,
    `-H 'content-type: application/json'`,
    `-d ${quoted(`{"batch":[${body}]}`)}`,
  ].join(' \\\n  ');
}

/** Text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
