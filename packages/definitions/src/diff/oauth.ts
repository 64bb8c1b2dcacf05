import type { OAuthDeclaration } from '@waybill/core';
import { type Changes, same, show } from './change.ts';

/** Compares how an account is connected. */
export function compareOAuth(
  before: OAuthDeclaration | undefined,
  after: OAuthDeclaration | undefined,
  to: Changes,
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined) return to.add('oauth_added', 'oauth', 'Accounts are connected by OAuth.');
  if (after === undefined)
    return to.add('oauth_removed', 'oauth', 'Accounts are no longer connected by OAuth.');
  for (const name of ['authorizeUrl', 'tokenUrl'] as const) {
    const [from, now] = [before[name], after[name]];
    if (from === now) continue;
    const message = `"${name}" was ${said(from)} and is ${said(now)}.`;
    to.add('oauth_address_changed', `oauth.${name}`, message, from, now);
  }
  compareScopes(before.scopes ?? [], after.scopes ?? [], to);
  for (const [name, absent] of [
    ['parameters', {}],
    ['clientAuthentication', 'body'],
  ] as const) {
    const [from, now] = [before[name] ?? absent, after[name] ?? absent];
    if (same(from, now)) continue;
    const message = `"${name}" was ${show(from)} and is ${show(now)}.`;
    to.add('oauth_request_changed', `oauth.${name}`, message, from, now);
  }
}

function compareScopes(before: readonly string[], after: readonly string[], to: Changes): void {
  for (const scope of before) {
    if (!after.includes(scope))
      to.add('oauth_scope_removed', 'oauth.scopes', `The scope "${scope}" is no longer requested.`, scope);
  }
  for (const scope of after) {
    if (!before.includes(scope))
      to.add(
        'oauth_scope_added',
        'oauth.scopes',
        `The scope "${scope}" is also requested.`,
        undefined,
        scope,
      );
  }
}

function said(address: string | undefined): string {
  return address === undefined ? 'left to a setting' : show(address);
}
