import type { FunctionCall } from '../ast.ts';

/** An event as triggers see it: a read-only object. */
export type TriggerEvent = Readonly<Record<string, unknown>>;

/** Reads a value of an event; `item` is the current item inside `any` and `all`. */
export type Reader = (event: TriggerEvent, item: unknown) => unknown;

/** Returns whether a condition is true for an event. */
export type Predicate = (event: TriggerEvent, item: unknown) => boolean;

/** Reports a problem at a position of the trigger; never returns. */
export type Fail = (message: string, offset: number) => never;

/** One function of the language: its shape, its documentation and its meaning. */
export interface FunctionEntry {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly returns: 'bool' | 'string' | 'number';
  readonly doc: string;
  readonly example: string;
  /** Checks beyond the number of arguments. */
  readonly check?: (call: FunctionCall, fail: Fail) => void;
  readonly compile: (args: readonly Reader[], call: FunctionCall) => Reader;
}

/** Creates the `compile` of a function of one value. */
export function ofOneValue(apply: (value: unknown) => unknown): FunctionEntry['compile'] {
  return (args) => {
    const read = args[0]!;
    return (event, item) => apply(read(event, item));
  };
}
