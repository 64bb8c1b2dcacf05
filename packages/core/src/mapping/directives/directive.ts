import type { ErrorCode } from '../../result/errors.ts';
import type { Plan } from '../plan.ts';
import type { RuleId } from '../rules.ts';
import type { Members } from '../values.ts';

/** What the checker offers a directive: it checks parts of a mapping and collects problems with their places. */
export interface Checker {
  /** The checker of a place below this one. */
  at(...keys: (string | number)[]): Checker;
  /** Reports a problem here. */
  problem(message: string, code?: ErrorCode): void;
  /** Checks a whole mapping, with its root directive if it has one. */
  mapping(value: unknown): void;
  /** Checks a value that may hold directives anywhere. */
  expression(value: unknown): void;
  /** Checks a value that must be a string or a directive. */
  textOrDirective(value: unknown): void;
  /** Checks a value that must be an object or a directive. */
  objectOrDirective(value: unknown): void;
  /** Checks that a directive's value is an object of options and returns it. Options themselves are not directives. */
  options(value: unknown): Members | undefined;
  /** Checks a literal string of the mapping. */
  text(value: unknown, shortest: number, longest: number): value is string;
  /** Checks that a string is one of a few words. */
  word(value: unknown, words: readonly string[]): void;
  /** Checks true or false. */
  flag(value: unknown): void;
  /** Checks a whole number within bounds. */
  wholeNumber(value: unknown, least: number, most: number): void;
  /** Reports every unknown option; a misspelt option would otherwise have no effect, silently. */
  known(options: Members, names: readonly string[]): void;
  /** Checks options that a directive does not know: they have no effect, but must not hide a broken directive. */
  others(options: Members, names: readonly string[]): void;
}

/** What the reference interpreter offers a directive during evaluation. */
export interface Evaluation {
  /** The whole event. */
  readonly event: unknown;
  /** Evaluates a part of the mapping at `keys` below the directive's value. */
  evaluate(part: unknown, scope: unknown, ...keys: (string | number)[]): unknown;
  /** Evaluates a mapping of fields, which may have a root directive. */
  evaluateFields(fields: unknown, scope: unknown, ...keys: (string | number)[]): unknown;
  /** Reads keys from a scope; own members only. */
  read(scope: unknown, keys: readonly string[]): unknown;
  /** Reports that Segment would return something else here. */
  differs(rule: RuleId): void;
  /** Fails for this event, with the path of the directive. */
  fail(message: string): never;
}

/** What the compiler offers a directive during compilation. */
export interface Builder {
  /** JSON path of the directive, for failures. */
  readonly path: string;
  /** Compiles a part of the mapping at `keys` below the directive's value. */
  plan(part: unknown, ...keys: (string | number)[]): Plan;
  /** Compiles a mapping of fields, which may have a root directive. */
  planFields(fields: unknown, ...keys: (string | number)[]): Plan;
}

/** An example of a directive in use; a test runs each. */
export interface DirectiveExample {
  readonly mapping: unknown;
  readonly event: unknown;
  readonly payload: unknown;
}

/** One directive: its shape, its meaning, its compilation and its page in the reference. */
export interface Directive<Shape = unknown> {
  readonly name: `@${string}`;
  /** Whether Segment has it too. */
  readonly portable: boolean;
  /** Its effect, in one sentence. */
  readonly summary: string;
  /** Remarks beyond the summary, a sentence or two each. */
  readonly notes: readonly string[];
  readonly examples: readonly [DirectiveExample, ...DirectiveExample[]];
  /** Reports everything that is wrong with the value of the directive's key. */
  check(value: unknown, checker: Checker): void;
  /** Evaluates a checked value in the plainest way. */
  reference(value: Shape, scope: unknown, evaluation: Evaluation): unknown;
  /** Compiles a checked value. */
  compile(value: Shape, builder: Builder): Plan;
  /** Reports where Segment, though it has the directive, would return something else for every event. */
  unportable?(value: unknown): readonly { readonly message: string; readonly rule: RuleId }[];
}

/**
 * Whether converting a value to a string would call an own member named toString, which JSON can contain but not make
 * callable: Segment's runtime throws there.
 */
export function hidesToString(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hidesToString);
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'toString');
}
