const EVERY = 10_000;
const KEYS = 1_000;

/** Logs repeated messages occasionally, with the number of suppressed ones. */
export type Sparing = (key: string, say: (unsaid: number) => void) => void;

/** Creates a logger that logs each key once in ten seconds. */
export function createSparing(now: () => number): Sparing {
  const last = new Map<string, { at: number; unsaid: number }>();
  return (key, say) => {
    const known = last.get(key);
    if (known !== undefined && now() - known.at < EVERY) {
      known.unsaid += 1;
      return;
    }
    if (known === undefined && last.size >= KEYS) last.delete(last.keys().next().value!);
    last.set(key, { at: now(), unsaid: 0 });
    say(known?.unsaid ?? 0);
  };
}
