import type { DeletionRequest } from '@waybill/core';
import type { CarriedWrite, Lease, Log, TimerWrite } from '@waybill/delivery';
import { SHADOW } from './shadow.ts';
import { readRow, type UserRow } from './user.ts';
import { timerWrite } from './step-user.ts';

/** Rows per page. */
const PAGE = 500;

/** Deletes the stored data of a user: under their user ID and address, and under their visitor ID. */
export async function forget(
  { userId, email }: DeletionRequest,
  { log, lease }: { readonly log: Pick<Log, 'append' | 'carriedAfter'>; readonly lease: Lease<string> },
): Promise<void> {
  const address = email?.trim().toLowerCase();
  const keys = new Set([
    ...(userId === undefined ? [] : [`u:${userId}`]),
    ...(address === undefined ? [] : [`e:${address}`]),
  ]);
  const isTheirs = (key: string, { who, is }: UserRow): boolean =>
    keys.has(key) ||
    (is !== undefined && keys.has(is)) ||
    (userId !== undefined && who.userId === userId) ||
    (address !== undefined && who.email?.toLowerCase() === address);
  // The keys of an account sort directly before or after that of its address.
  for (let known = -1; known !== keys.size;) {
    known = keys.size;
    for await (const { key, row } of rowsOf(log, lease))
      if (isTheirs(key, row))
        for (const one of [key, ...(row.is === undefined ? [] : [row.is])]) keys.add(one);
  }
  const state: CarriedWrite[] = [];
  const timers: TimerWrite[] = [];
  for await (const { at, key, row } of rowsOf(log, lease)) {
    if (!keys.has(key)) continue;
    state.push({ key: at });
    for (const [name, due] of Object.entries(row.timers)) timers.push(timerWrite(key, name, due, false));
  }
  if (state.length > 0 && (await log.append([], { lease, state, timers })) === 'stale')
    throw new Error('Another server works for this processor.');
}

async function* rowsOf(
  log: Pick<Log, 'carriedAfter'>,
  lease: Lease<string>,
): AsyncGenerator<{ readonly at: string; readonly key: string; readonly row: UserRow }> {
  let after: string | undefined;
  for (;;) {
    const page = await log.carriedAfter(lease.key, { after, limit: PAGE });
    for (const { key: at, value } of page) {
      const key = at.startsWith(SHADOW) ? at.slice(1) : at;
      if (key !== '') yield { at, key, row: readRow(value) };
    }
    if (page.length < PAGE) return;
    after = page.at(-1)!.key;
  }
}
