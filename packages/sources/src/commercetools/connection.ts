import type { ConnectionResult } from '@waybill/core';
import { rowsOf } from './api.ts';
import { scopeOf } from './failures.ts';
import type { Context } from './settings.ts';
import { mayReadMessages, tokenOf } from './token.ts';

/** The required lists. */
const NEEDED = [
  'customers',
  'orders',
  'carts',
  'payments',
  'product-projections',
  'reviews',
  'recurring-orders',
];

/** Tests the credentials, and each of the lists. */
export async function testConnection(context: Context): Promise<ConnectionResult> {
  const token = await tokenOf(context);
  if ('failure' in token) return refused([token.failure]);
  const query = [
    ['limit', '1'],
    ['withTotal', 'false'],
  ] as const;
  const answers = await Promise.all(NEEDED.map((path) => rowsOf(context, { path, query })));
  const failures = answers.flatMap((answer) => ('failure' in answer ? [answer.failure] : []));
  if (failures.length === 1 || failures.some(({ code }) => code !== 'source_forbidden'))
    return refused(failures.slice(0, 1));
  const { projectKey } = context.settings;
  if (failures.length === 0) {
    const unheard = mayReadMessages(token)
      ? ''
      : ` Without view_messages:${projectKey}, deletions are reported only by a queue.`;
    return { ok: true, message: `${projectKey}: all required scopes.${unheard}` };
  }
  const lacking = NEEDED.filter((_path, index) => 'failure' in answers[index]!).map((path) => scopeOf(path)!);
  const scopes = [...new Set(lacking)].map((scope) => `${scope}:${projectKey}`).join(', ');
  const message = `The API client lacks the scopes ${scopes}. Scopes of a client cannot be changed: create a new client with them.`;
  return { ok: false, issue: { code: 'source_forbidden', path: 'clientId', message } };
}

function refused(
  failures: readonly { readonly code: ConnectionIssue['code']; readonly message: string }[],
): ConnectionResult {
  const { code, message } = failures[0]!;
  const paths: Readonly<Record<string, string>> = {
    source_unauthorized: 'clientSecret',
    source_forbidden: 'clientId',
    source_not_found: 'projectKey',
  };
  return { ok: false, issue: { code, path: paths[code] ?? 'apiUrl', message } };
}

type ConnectionIssue = Extract<ConnectionResult, { readonly ok: false }>['issue'];
