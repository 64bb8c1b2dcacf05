import type { ErrorCode } from '../result/errors.ts';
import type { Issue } from '../result/issue.ts';
import type { Checker } from './directives/directive.ts';
import { directiveNamed, DIRECTIVES } from './directives/index.ts';
import { unfoldRoot } from './directives/root.ts';
import { formatPlace, type Place } from './paths.ts';
import { isMembers, kindOf, type Members } from './values.ts';

/** The maximum size of a mapping. It keeps evaluation and code generation within a few milliseconds. */
export const LIMITS = { depth: 64, values: 10_000, characters: 500_000, problems: 100 } as const;

/** The directive of an object and its value, or undefined for any other object. */
export function directiveOf(value: Members): { readonly name: string; readonly value: unknown } | undefined {
  const name = Object.keys(value).find((key) => key.startsWith('@'));
  return name === undefined ? undefined : { name, value: value[name] };
}

/** Lists every problem of a mapping; none means that it compiles. */
export function checkMapping(mapping: unknown): readonly Issue[] {
  const problems: Issue[] = [];
  const budget = { values: LIMITS.values, characters: LIMITS.characters, stopped: false };
  new MappingChecker(problems, budget, []).mapping(mapping);
  return problems;
}

interface Budget {
  values: number;
  characters: number;
  stopped: boolean;
}

class MappingChecker implements Checker {
  readonly #problems: Issue[];
  readonly #budget: Budget;
  readonly #place: Place;

  constructor(problems: Issue[], budget: Budget, place: Place) {
    this.#problems = problems;
    this.#budget = budget;
    this.#place = place;
  }

  at(...keys: (string | number)[]): MappingChecker {
    return new MappingChecker(this.#problems, this.#budget, [...this.#place, ...keys]);
  }

  problem(message: string, code: ErrorCode = 'mapping_invalid_directive'): void {
    if (this.#problems.length >= LIMITS.problems) this.#budget.stopped = true;
    if (this.#budget.stopped) return;
    this.#problems.push({ code, path: formatPlace(this.#place), message });
  }

  mapping(value: unknown): void {
    if (!isMembers(value)) {
      this.problem(`A mapping is an object, not ${kindOf(value)}.`, 'mapping_invalid_shape');
      return;
    }
    const root = unfoldRoot(value);
    if (root === undefined) this.expression(value);
    else if (root.problem !== undefined) this.at(...root.keys).problem(root.problem);
    else this.at(...root.keys).expression(root.mapping);
  }

  expression(value: unknown): void {
    if (!this.#spend(value)) return;
    if (Array.isArray(value)) {
      // Not forEach: it skips the holes of a sparse array.
      for (let i = 0; i < value.length && !this.#budget.stopped; i++) this.at(i).expression(value[i]);
    } else if (isMembers(value)) {
      this.#object(value);
    } else if (!isScalar(value)) {
      this.problem('A mapping may only contain JSON values.', 'mapping_invalid_shape');
    }
  }

  textOrDirective(value: unknown): void {
    if (typeof value === 'string' || isDirectiveLike(value)) this.expression(value);
    else this.problem(`Expected a string or a directive, got ${kindOf(value)}.`);
  }

  objectOrDirective(value: unknown): void {
    if (isMembers(value)) this.expression(value);
    else this.problem(`Expected an object or a directive, got ${kindOf(value)}.`);
  }

  options(value: unknown): Members | undefined {
    if (!isMembers(value)) {
      this.problem(`The directive expects an object of options, not ${kindOf(value)}.`);
      return undefined;
    }
    const directive = directiveOf(value);
    if (directive !== undefined) {
      this.problem(`The directive expects options, not another directive (${directive.name}).`);
      return undefined;
    }
    return value;
  }

  text(value: unknown, shortest: number, longest: number): value is string {
    if (typeof value !== 'string') this.problem(`Expected a string, got ${kindOf(value)}.`);
    else if (value.length < shortest) this.problem('Expected a string that is not empty.');
    else if (value.length > longest) this.problem(`The string may have at most ${longest} characters.`);
    else return true;
    return false;
  }

  word(value: unknown, words: readonly string[]): void {
    if (typeof value === 'string' && words.includes(value)) return;
    this.problem(`Expected one of ${words.map((word) => `"${word}"`).join(', ')}.`);
  }

  flag(value: unknown): void {
    if (typeof value !== 'boolean') this.problem(`Expected true or false, got ${kindOf(value)}.`);
  }

  wholeNumber(value: unknown, least: number, most: number): void {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return;
    this.problem(`Expected a whole number from ${least} to ${most}.`);
  }

  known(options: Members, names: readonly string[]): void {
    for (const key of Object.keys(options)) {
      if (names.includes(key)) continue;
      this.at(key).problem(`The directive has no option "${key}"; it has ${names.join(', ')}.`);
    }
  }

  others(options: Members, names: readonly string[]): void {
    for (const key of Object.keys(options)) if (!names.includes(key)) this.at(key).expression(options[key]);
  }

  #object(value: Members): void {
    const keys = Object.keys(value);
    const names = keys.filter((key) => key.startsWith('@'));
    if (names.length === 0) {
      for (const key of keys) {
        if (this.#budget.stopped) return;
        this.at(key).expression(value[key]);
      }
      return;
    }
    const name = names[0]!;
    if (names.length > 1 || keys.some((key) => !key.startsWith('@') && key !== '_metadata')) {
      this.problem(`${name} must be the only key, except for \`_metadata\`.`, 'mapping_mixed_directive');
      return;
    }
    const directive = directiveNamed(name);
    if (directive === undefined) {
      const known = DIRECTIVES.map((each) => each.name).join(', ');
      this.problem(
        `There is no directive ${name}; known directives are ${known}.`,
        'mapping_unknown_directive',
      );
      return;
    }
    directive.check(value[name], this.at(name));
  }

  /** Subtracts a value from the budget; false when the mapping is too large to continue. */
  #spend(value: unknown): boolean {
    const budget = this.#budget;
    if (budget.stopped) return false;
    budget.values -= 1;
    if (typeof value === 'string') budget.characters -= value.length;
    else if (isMembers(value)) for (const key of Object.keys(value)) budget.characters -= key.length;
    const what =
      this.#place.length > LIMITS.depth
        ? `nested more deeply than ${LIMITS.depth} levels`
        : budget.values < 0
          ? `larger than ${LIMITS.values} values`
          : budget.characters < 0
            ? `longer than ${LIMITS.characters} characters`
            : undefined;
    if (what === undefined) return true;
    this.problem(`The mapping is ${what}.`, 'mapping_too_large');
    budget.stopped = true;
    return false;
  }
}

function isScalar(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function isDirectiveLike(value: unknown): boolean {
  return isMembers(value) && directiveOf(value) !== undefined;
}
