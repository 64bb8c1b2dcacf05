import type { ConnectionResult, HttpCall, SendContext } from '@waybill/core';
import { addressBelow, type Answer, connectionOf } from '@waybill/destinations/http';
import { credentials } from './credentials.ts';
import type { Settings } from './settings.ts';

/** The context of every call. */
export type Context = SendContext<Settings>;

/** Calls the service, with the credentials of the settings. */
export async function callApi(
  path: string,
  call: Pick<HttpCall, 'method' | 'json'>,
  context: Context,
): Promise<Answer> {
  const made = await credentials(context);
  if ('refused' in made) return made.refused;
  const url = addressBelow(context.settings.apiUrl, path);
  return context.request({ method: 'POST', ...call, url, headers: made.headers });
}

/** Tests the settings. */
export async function testConnection(context: Context): Promise<ConnectionResult> {
  return connectionOf(await callApi('/me', { method: 'GET' }, context), context);
}
