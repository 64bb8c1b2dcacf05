import { MappingEvaluationError } from '../errors.ts';
import type { Plan } from '../plan.ts';
import { isPresent, kindOf, type Members } from '../values.ts';
import type { Builder, Checker, Evaluation } from './directive.ts';

/** What happens to a value that cannot be converted: the event fails, the field is left out, or the value stays. */
export type Invalid = 'fail' | 'drop' | 'keep';

/** The sentence about `invalid` in the documentation of converting directives. */
export const INVALID_NOTE =
  'A missing value or null returns no value. `invalid` decides what happens to a value that cannot be parsed: `fail` (default) rejects the event, `drop` leaves the field out, `keep` returns the value unchanged.';

/** A directive that converts one value, with options as further values; undefined for one it cannot convert. */
export interface Conversion<Options> {
  /** Names of options that are evaluated and passed to `convert` after the value. */
  readonly parts: readonly (keyof Options & string)[];
  /** The expected value, for messages: "a phone number". */
  readonly wanted: string;
  make(options: Options): (value: unknown, ...parts: unknown[]) => unknown;
}

interface Convertible {
  readonly value: unknown;
  readonly invalid?: Invalid;
}

/** Checks the common options of converting directives; undefined when nothing else needs checking. */
export function checkConversion(
  value: unknown,
  names: readonly string[],
  checker: Checker,
): Members | undefined {
  const options = checker.options(value);
  if (options === undefined) return undefined;
  checker.known(options, ['value', 'invalid', ...names]);
  if (options['value'] === undefined) checker.at('value').problem('Expected the value to convert.');
  else checker.at('value').expression(options['value']);
  if (options['invalid'] !== undefined)
    checker.at('invalid').word(options['invalid'], ['fail', 'drop', 'keep']);
  return options;
}

/** Evaluates a converting directive. */
export function referenceConversion<Options extends Convertible>(
  conversion: Conversion<Options>,
  options: Options,
  scope: unknown,
  evaluation: Evaluation,
): unknown {
  const value = evaluation.evaluate(options.value, scope, 'value');
  const parts = conversion.parts.map((name) => evaluation.evaluate(options[name], scope, name));
  return settle(conversion, options, (message) => evaluation.fail(message))(value, ...parts);
}

/** Compiles a converting directive. */
export function compileConversion<Options extends Convertible>(
  conversion: Conversion<Options>,
  options: Options,
  builder: Builder,
): Plan {
  const fail = (message: string) => {
    throw new MappingEvaluationError(builder.path, message);
  };
  const parts = conversion.parts.map((name) => builder.plan(options[name], name));
  return {
    kind: 'call',
    run: settle(conversion, options, fail),
    args: [builder.plan(options.value, 'value'), ...parts],
    holds: 'passed',
  };
}

function settle<Options extends Convertible>(
  conversion: Conversion<Options>,
  options: Options,
  fail: (message: string) => never,
): (value: unknown, ...parts: unknown[]) => unknown {
  const convert = conversion.make(options);
  const { invalid = 'fail' } = options;
  return (value, ...parts) => {
    if (!isPresent(value)) return undefined;
    const converted = convert(value, ...parts);
    if (converted !== undefined) return converted;
    if (invalid === 'keep') return value;
    return invalid === 'drop' ? undefined : fail(`${describe(value)} is not ${conversion.wanted}.`);
  };
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return typeof value === 'number' ? String(value) : kindOf(value);
}
