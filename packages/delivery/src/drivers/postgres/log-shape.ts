import type { Statements } from './database.ts';
import type { Keys } from './message-key.ts';

/** What is fixed when a log is created. */
export interface LogShape {
  readonly partitions: number;
  readonly keys: Keys;
}

/** Stores the shape of a new log; an existing one keeps its shape. */
export async function shapeLog({ run }: Statements, partitions: number): Promise<void> {
  await run("INSERT INTO ~log (partitions, keys) VALUES ($1, 'timed') ON CONFLICT DO NOTHING", partitions);
}

/** Returns the shape of a log; of a new log with the given partitions when there is none yet. */
export async function shapeOf({ one }: Statements, partitions: number): Promise<LogShape> {
  return (await one<LogShape>('SELECT partitions, keys FROM ~log')) ?? { partitions, keys: 'timed' };
}
