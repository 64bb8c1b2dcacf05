import { createRequire } from 'node:module';
import { stdout } from 'node:process';
import type { Execution } from '../../src/mapping/index.ts';

/** The executions of a mapping; all must agree. */
export const EXECUTIONS: readonly Execution[] = ['generated', 'closures', 'reference'];

const peer = createRequire(import.meta.url)('@segment/actions-core/mapping-kit') as {
  transform(mapping: unknown, event: unknown): unknown;
};

/** Segment's own runtime, on copies, since it writes into its inputs. */
export function segment(mapping: unknown, event: unknown): unknown {
  return peer.transform(structuredClone(mapping), structuredClone(event));
}

/** Freezes a value at every depth and returns it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** The error of a class that a function throws. */
export function throwing<E extends Error>(kind: new (...args: never[]) => E, run: () => unknown): E {
  try {
    run();
  } catch (error) {
    if (error instanceof kind) return error;
    throw error;
  }
  throw new Error(`Nothing was thrown; expected a ${kind.name}.`);
}

/** Prints the numbers of a run of generated cases, with the seed that repeats it. */
export function report(line: string): void {
  stdout.write(`${line}\n`);
}
