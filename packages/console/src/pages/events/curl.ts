import type { LoggedEvent } from '@waybill/api';

/** Members that Waybill adds to an event, again on resending. */
const OURS: ReadonlySet<string> = new Set(['receivedAt']);

/** Returns the command that sends an event again, with a new messageId, so that it is not a duplicate. */
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

/** Quotes a string for a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
