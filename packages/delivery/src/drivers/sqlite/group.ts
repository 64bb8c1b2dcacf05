/** A caller that waits for the commit of its input. */
interface Waiting<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
}

/** Lets concurrent callers share one commit. */
export interface Group<Input, Output> {
  /** Resolves after the commit of the input. */
  add(input: Input): Promise<Output>;
  /** Commits the waiting inputs. */
  flush(): void;
}

/** The maximum wait of an input for others, in milliseconds. */
const PATIENCE = 10;

/**
 * Collects inputs until a turn of the event loop adds none, then commits them together. The commit blocks the loop as long as
 * the disk takes; requests that arrive meanwhile form the next group. `commit` returns one output per input, or throws: then
 * every caller of the group fails.
 */
export function createGroup<Input, Output>(
  commit: (inputs: readonly Input[]) => readonly Output[],
): Group<Input, Output> {
  let waiting: Waiting<Input, Output>[] = [];
  let scheduled = false;
  let seen = 0;
  let began = 0;
  const turn = (): void => {
    if (waiting.length > seen && performance.now() - began < PATIENCE) {
      seen = waiting.length;
      setImmediate(turn);
    } else flush();
  };
  const flush = (): void => {
    scheduled = false;
    seen = 0;
    if (waiting.length === 0) return;
    const group = waiting;
    waiting = [];
    try {
      const outputs = commit(group.map((one) => one.input));
      group.forEach((one, index) => {
        const output = outputs[index];
        if (output === undefined) one.reject(new Error('The commit did not answer for every caller.'));
        else one.resolve(output);
      });
    } catch (error) {
      for (const one of group) one.reject(error);
    }
  };
  return {
    add(input) {
      return new Promise((resolve, reject) => {
        waiting.push({ input, resolve, reject });
        if (scheduled) return;
        scheduled = true;
        began = performance.now();
        setImmediate(turn);
      });
    },
    flush,
  };
}
