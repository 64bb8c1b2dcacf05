import type { Statements } from './database.ts';
import type { Keys } from './message-key.ts';

/** What is settled when a log is made, and stays. */
export interface LogShape {
  readonly partitions: number;
  readonly keys: Keys;
}

/** Settles the shape of a log that is made now; one that is there keeps its own. */
export async function shapeLog({ run }: Statements, partitions: number): Promise<void> {
  await run("INSERT INTO ~log (partitions, keys) VALUES ($1, 'timed') ON CONFLICT DO NOTHING", partitions);
}

/** The shape of a log; that of a new one with so many partitions when there is none yet. */
export async function shapeOf({ one }: Statements, partitions: number): Promise<LogShape> {
  return (await one<LogShape>('SELECT partitions, keys FROM ~log')) ?? { partitions, keys: 'timed' };
}
