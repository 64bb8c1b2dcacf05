import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One line of the recorded day. */
export interface DayEvent {
  readonly type: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly event?: string;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly comment?: string;
  readonly expect?: Readonly<Record<string, string>>;
}

/** The recorded day and its player. */
export interface Day {
  readDay(): DayEvent[];
  playDay(options: {
    host: string;
    writeKey: string;
    events: readonly DayEvent[];
  }): Promise<{ sent: number; failed: readonly { messageId: string; reason: string }[] }>;
}

/** Loads the recording, which lives with the tests of the repository and is not part of the published package. */
export async function loadDay(): Promise<Day> {
  const player = new URL('../../../../test/day/player.ts', import.meta.url);
  if (!existsSync(fileURLToPath(player))) {
    throw new Error('The recorded day is part of the repository: run `npm run demo` in a clone.');
  }
  return (await import(player.href)) as Day;
}
