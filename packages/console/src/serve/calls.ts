import { type ConnectionResult, errorEntry } from '@waybill/core';
import type { PageData } from '@waybill/definitions';

/** The current destination under development. */
export type State =
  | { readonly kind: 'loaded'; readonly version: number; readonly shown: PageData }
  | { readonly kind: 'broken'; readonly version: number; readonly message: string };

/** Calls the server of this page; rejects with its message. */
export async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: { 'x-waybill-token': token(), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value = (await response.json()) as T & { readonly error?: string };
  if (!response.ok) throw new Error(value.error);
  return value;
}

const NOTHING = {
  code: 'request_not_found',
  message: 'This page has neither seen events nor an account.',
  remedy: 'Enter the value, or take it from the sample event.',
};

/** A replacement of the admin API for this page: only connection tests work, everything else returns nothing. */
export async function apiOfPage(...[address, init]: Parameters<typeof fetch>): Promise<Response> {
  if (!String(address).endsWith('/api/connection-test'))
    return Response.json({ error: NOTHING }, { status: 404 });
  const { settings } = JSON.parse(String(init?.body)) as { readonly settings: unknown };
  const tested = await call<ConnectionResult>('POST', '/api/connection', { settings }).catch(
    (error: Error) =>
      ({ ok: false, issue: { code: 'workspace_invalid_settings', message: error.message } }) as const,
  );
  return Response.json(
    tested.ok ? tested : { ...tested, remedy: errorEntry(tested.issue.code)?.remedy ?? '' },
  );
}

/** Called whenever the destination was reloaded, and when the server no longer answers. */
export function follow(onVersion: (version: number) => void, onGone: () => void): () => void {
  const changes = new EventSource(`/api/changes?token=${token()}`);
  changes.onmessage = ({ data }) => onVersion(Number(data));
  changes.onerror = onGone;
  return () => changes.close();
}

/** Only this page has it, so that no other page can use the server. */
function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name=token]')!.content;
}
