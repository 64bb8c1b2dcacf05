import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Answer, Harness } from '../e2e/harness.ts';

/** A track event of a user; `seq` is read back from the sandbox's log. */
export function track(messageId: string, userId: string, seq = 0, event = 'Seen'): object {
  return { type: 'track', messageId, userId, event, properties: { seq } };
}

/** The ids of all events that the sandbox holds, with how often each is there. */
export async function arrived(harness: Harness): Promise<ReadonlyMap<string, number>> {
  const state = (await harness.iterable()) as Answer;
  const counts = new Map<string, number>();
  for (const { id } of state.events) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** What arrived for a user, in order, each once. */
export async function order(harness: Harness, userId: string): Promise<readonly number[]> {
  const answer = await fetch(`${harness.sandbox.url}/_sandbox/log?user=${userId}`);
  const { items } = (await answer.json()) as Answer;
  return [...new Set<number>(items.map((one: Answer) => one.orderMarker))];
}

/** Replaces the faults of the sandbox. */
export async function faults(harness: Harness, rules: readonly unknown[]): Promise<void> {
  const answer = await fetch(`${harness.sandbox.url}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rules),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Locks a database, so that no other process can write to it. */
export function lock(harness: Harness, file: 'log.db' | 'state.db'): { release(): void } {
  const database = new DatabaseSync(join(harness.dataDir, file));
  database.exec('BEGIN IMMEDIATE');
  return {
    release() {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

/** Resolves when a condition holds. */
export async function until(holds: () => Promise<boolean> | boolean, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It did not come to pass in time.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
