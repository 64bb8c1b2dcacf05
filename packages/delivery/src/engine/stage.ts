/** Options of a stage. */
export interface StageRules {
  /** The maximum number of concurrent entries. */
  readonly limit: number;
  /** The milliseconds without a finished entry after which `leave` decides whether to continue without the rest. */
  readonly patience: number;
  readonly leave: () => boolean;
}

/** Runs `work` for every entry; resolves when all have ended, or the last few were detached. */
export async function runStage<T>(
  entries: readonly T[],
  { limit, patience, leave }: StageRules,
  work: (entry: T) => Promise<void>,
): Promise<void> {
  let begun = 0;
  let ended = 0;
  const worker = async (): Promise<void> => {
    while (begun < entries.length) {
      const entry = entries[begun]!;
      begun += 1;
      await work(entry);
      ended += 1;
    }
  };
  const all = Promise.all(Array.from({ length: Math.min(limit, entries.length) }, worker));
  for (let before = -1; ended < entries.length;) {
    const timer = alarm(patience);
    await Promise.race([all, timer.rings]);
    timer.stop();
    if (ended < entries.length && begun === entries.length && before === ended && leave()) return;
    before = ended;
  }
  await all;
}

function alarm(milliseconds: number): { readonly rings: Promise<void>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const rings = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return { rings, stop: () => clearTimeout(timer) };
}
