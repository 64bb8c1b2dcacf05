import type { HttpCall, Rejected } from '@waybill/core';
import { rejected } from '@waybill/core';

import { addressBelow } from '../http/index.ts';
import type { RequestPayload } from './fields.ts';
import { signatureOf } from './sign.ts';
import type { Settings } from './settings.ts';

/** The content of a request; `undefined` for one without a body. */
export interface Content {
  readonly text: string;
  readonly type: string;
}

/** A request, or why the payload is invalid. */
export type Made = { readonly call: HttpCall } | { readonly refused: Rejected };

/** Headers that mappings cannot set: they control transport, or belong to Waybill. */
const RESERVED: ReadonlySet<string> = new Set([
  ...[
    'host',
    'connection',
    'keep-alive',
    'content-length',
    'transfer-encoding',
    'te',
    'trailer',
    'upgrade',
    'expect',
  ],
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature'],
]);
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/** Creates the request of a call; `keys` name its items. */
export function requestOf(
  payload: RequestPayload,
  content: Content | undefined,
  {
    settings,
    keys,
    now,
  }: { readonly settings: Settings; readonly keys: readonly string[]; readonly now: number },
): Made {
  const { method = 'POST', path, query = {}, headers: given = {} } = payload;
  const url = addressOf(settings.url, path, query);
  if (url === undefined) return refuse('The path must lead below the address of the settings.', 'path');
  const headers: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    const [name, text] = [key.toLowerCase(), textOf(value)];
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(text))
      return refuse(
        'A header may contain only letters, digits and punctuation of ASCII, on one line.',
        `headers["${key}"]`,
      );
    if (RESERVED.has(name)) return refuse('This header is set by Waybill.', `headers["${key}"]`);
    headers[name] = text;
  }
  const credential = credentialOf(settings);
  if ('refused' in credential) return credential;
  const hasBody = method !== 'GET' && method !== 'DELETE' && content !== undefined;
  const type = hasBody && headers['content-type'] === undefined ? { 'content-type': content.type } : {};
  const body = hasBody ? content.text : '';
  // The settings take precedence over the event.
  const all = {
    ...headers,
    ...type,
    ...credential.headers,
    ...signatureOf(body, { secret: settings.secret, keys, now }),
  };
  return { call: { method, url, headers: all, ...(hasBody ? { body } : {}) } };
}

function credentialOf({
  credential,
  credentialHeader = 'authorization',
}: Settings): { readonly headers: Readonly<Record<string, string>> } | { readonly refused: Rejected } {
  if (credential === undefined || credential === '') return { headers: {} };
  const name = credentialHeader.toLowerCase();
  if (HEADER_NAME.test(name) && HEADER_VALUE.test(credential) && !RESERVED.has(name))
    return { headers: { [name]: credential } };
  const message = 'The header of the credential, or its value, cannot be sent.';
  return { refused: rejected('workspace_invalid_settings', message) };
}

/** Returns the address with a path and parameters; undefined when the path leads elsewhere. */
function addressOf(
  base: string,
  path: string | undefined,
  query: Readonly<Record<string, unknown>>,
): string | undefined {
  if (!URL.canParse(base)) return undefined;
  const from = new URL(base);
  const root = from.pathname.replace(/\/+$/, '');
  const joined = path === undefined || path === '' ? from.href : addressBelow(`${from.origin}${root}`, path);
  if (!URL.canParse(joined)) return undefined;
  const to = new URL(joined);
  const isBelow = to.pathname === root || to.pathname === `${root}/` || to.pathname.startsWith(`${root}/`);
  if (to.origin !== from.origin || !isBelow) return undefined;
  to.hash = '';
  if (to.href !== from.href) for (const [key, value] of from.searchParams) to.searchParams.append(key, value);
  for (const [key, value] of Object.entries(query))
    if (value !== null && value !== undefined) to.searchParams.set(key, textOf(value));
  return to.href;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function refuse(message: string, field: string): Made {
  return { refused: rejected('payload_invalid_format', message, field) };
}
