import type { ConnectionResult, HttpCall, HttpFailure, HttpResponse, SendContext } from '@waybill/core';
import { readAnswer } from './answer.ts';
import { credentials } from './credentials.ts';
import type { Settings } from './settings.ts';

/** What every call needs. */
export type Context = SendContext<Settings>;

/** Calls the service, with the credentials of the settings. */
export async function callApi(
  path: string,
  call: Pick<HttpCall, 'method' | 'json'>,
  context: Context,
): Promise<HttpResponse | HttpFailure> {
  const made = await credentials(context);
  if ('refused' in made) return made.refused;
  const base = context.settings.apiUrl.replace(/\/+$/, '');
  return context.request({ method: 'POST', ...call, url: `${base}${path}`, headers: made.headers });
}

/** Tries the settings. */
export async function testConnection(context: Context): Promise<ConnectionResult> {
  const outcome = readAnswer(await callApi('/me', { method: 'GET' }, context));
  if (outcome.status === 'delivered') return { ok: true };
  return { ok: false, issue: { code: outcome.code, path: '', message: outcome.message } };
}
