import {
  type ErrorCode,
  grantTokens,
  type InstanceState,
  type Issue,
  keepTokens,
  keptTokens,
  oauthServer,
  type ResolvedDestination,
} from '@waybill/core';
import { redactorOf } from '../request/secrets.ts';
import { askedRequest } from './asked.ts';
import { compileLane } from './compile.ts';
import type { Account, BroughtCode, Connected } from './engine.ts';
import type { Lane } from './lane.ts';
import type { LaneShared } from './lane-shared.ts';

/** Exchanges a code for tokens, and stores them for the destination. */
export async function connect(
  destination: ResolvedDestination,
  code: BroughtCode,
  lane: Lane | undefined,
  shared: LaneShared,
): Promise<Connected> {
  const server = oauthServer(destination.destination.oauth ?? {}, destination.settings);
  if (!server.ok) return { issue: server.issues[0]! };
  const compiled = await compileLane(destination, shared, lane?.compiled());
  const { request } = askedRequest(compiled, shared);
  const { own } = compiled.kept;
  const { now } = shared;
  const refusal = await own.inTurn(async () => {
    const granted = await grantTokens(server.value, code, { request, now });
    if ('failed' in granted) return issue(granted.failed.code, granted.failed.message);
    if ('refused' in granted) return issue('oauth_token_refused', granted.reason);
    if (keepTokens(own, { ...granted.tokens, connectedAt: now() })) return undefined;
    return issue('oauth_token_refused', 'The tokens are too long to be stored.');
  });
  if (refusal === undefined) return accountIn(own);
  return { issue: { ...refusal, message: redactorOf(destination).text(refusal.message) } };
}

/** Returns how the account of a destination is connected. */
export async function account(
  destination: ResolvedDestination,
  lane: Lane | undefined,
  shared: LaneShared,
): Promise<Account> {
  const { kept } = await compileLane(destination, shared, lane?.compiled());
  return accountIn(kept.own);
}

function accountIn(own: InstanceState): Account {
  const { connectedAt, expiresAt, refreshToken } = keptTokens(own) ?? {};
  return {
    renews: refreshToken !== undefined,
    ...(connectedAt === undefined ? {} : { connectedAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function issue(code: ErrorCode, message: string): Issue {
  return { code, path: '', message };
}
