/** Simulated time: sleepers wake in order when a test runs the clock, without real waiting. */
export interface SimulatedTime {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Runs until `end`; every sleeper before it is woken at its time. */
  run(end: number): Promise<void>;
}

/** A clock that begins at 0. */
export function simulatedTime(): SimulatedTime {
  let time = 0;
  let count = 0;
  const sleepers: { at: number; order: number; wake: () => void }[] = [];
  const before = (a: (typeof sleepers)[number], b: (typeof sleepers)[number]): boolean =>
    a.at < b.at || (a.at === b.at && a.order < b.order);
  const push = (one: (typeof sleepers)[number]): void => {
    sleepers.push(one);
    for (let at = sleepers.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!before(sleepers[at]!, sleepers[parent]!)) break;
      [sleepers[at], sleepers[parent]] = [sleepers[parent]!, sleepers[at]!];
      at = parent;
    }
  };
  const pop = (): (typeof sleepers)[number] | undefined => {
    const first = sleepers[0];
    const last = sleepers.pop();
    if (first === undefined || last === undefined || sleepers.length === 0) return first;
    sleepers[0] = last;
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < sleepers.length && before(sleepers[child]!, sleepers[least]!)) least = child;
      }
      if (least === at) return first;
      [sleepers[at], sleepers[least]] = [sleepers[least]!, sleepers[at]!];
      at = least;
    }
  };
  // The code of a sleeper before its next sleep takes some rounds of microtasks, and no time.
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 12; round += 1) await Promise.resolve();
  };
  return {
    now: () => time,
    sleep: (milliseconds) =>
      new Promise((wake) => push({ at: time + Math.max(0, milliseconds), order: (count += 1), wake })),
    async run(end) {
      await settle();
      while (sleepers.length > 0 && sleepers[0]!.at <= end) {
        const next = pop()!;
        time = Math.max(time, next.at);
        next.wake();
        await settle();
      }
      time = end;
    },
  };
}
