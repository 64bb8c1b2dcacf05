import type { Statements } from './database.ts';

/** Small durable values by key. */
export interface Notes {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** Returns the values of a table. */
export function notesOf({ one, run }: Statements, table: string): Notes {
  return {
    get: async (key) =>
      (await one<{ value: string }>(`SELECT value FROM ~${table} WHERE key = $1`, key))?.value,
    async set(key, value) {
      await run(
        `INSERT INTO ~${table} VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        key,
        value,
      );
    },
  };
}
