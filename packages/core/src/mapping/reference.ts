import { checkMapping, directiveOf } from './check.ts';
import { directiveNamed } from './directives/index.ts';
import { unfoldRoot } from './directives/root.ts';
import { MappingError, MappingEvaluationError } from './errors.ts';
import { formatPlace, readKeys, type Place } from './paths.ts';
import type { RuleId } from './rules.ts';
import { spend, spendOn, startMeter } from './size.ts';
import { isMembers, setOwn, withoutUndefined, type Members } from './values.ts';

/** Receives the steps of an evaluation. */
export interface Observer {
  /** A directive starts; everything up to its end belongs to it. */
  enter?(path: string, directive: string): void;
  /** The innermost directive read something from its scope. */
  read?(keys: readonly string[], value: unknown): void;
  /** The innermost directive ended with a value. */
  leave?(value: unknown): void;
  /** Segment's result differs at this place, by the named rule. */
  differs?(rule: RuleId, path: string): void;
}

/**
 * Evaluates a mapping for one event by walking it: the specification for the compiled executions. Throws a MappingError
 * for an invalid mapping, and a MappingEvaluationError when evaluation fails for this event.
 */
export function evaluateReference(mapping: unknown, event: unknown, observer: Observer = {}): unknown {
  const problems = checkMapping(mapping);
  if (problems.length > 0) throw new MappingError(problems);
  return interpret(mapping, event, observer);
}

/** Evaluates a mapping that has been checked. */
export function interpret(mapping: unknown, event: unknown, observer: Observer = {}): unknown {
  const scope = eventScope(event);
  startMeter();
  try {
    const value = evaluateFields(mapping, scope, [], { event: scope, observer });
    return withoutUndefined(value, null);
  } catch (error) {
    throw asEvaluationError(error);
  }
}

/** The scope of a mapping: the event itself, which must be an object. */
export function eventScope(event: unknown = {}): unknown {
  if (isMembers(event)) return event;
  throw new MappingEvaluationError('', 'The event is not an object.');
}

/** Converts any error of an evaluation to the one type that evaluations throw. */
export function asEvaluationError(error: unknown): MappingEvaluationError {
  if (error instanceof MappingEvaluationError) return error;
  // Lists nested ten thousand deep overflow the stack of the engine first.
  const message =
    error instanceof RangeError ? 'The event is too large or too deeply nested.' : String(error);
  return new MappingEvaluationError('', message);
}

/** The minimum cost of an object. */
const LEAST = 2;

interface Run {
  readonly event: unknown;
  readonly observer: Observer;
}

/**
 * Evaluates a mapping of fields: the whole one, or the one that `@transform` applies. Either may have a root directive.
 */
function evaluateFields(mapping: unknown, scope: unknown, place: Place, run: Run): unknown {
  const root = isMembers(mapping) ? unfoldRoot(mapping) : undefined;
  if (root?.problem !== undefined) throw new MappingEvaluationError(formatPlace(place), root.problem);
  return root === undefined
    ? evaluate(mapping, scope, place, run)
    : evaluate(root.mapping, scope, [...place, ...root.keys], run);
}

function evaluate(part: unknown, scope: unknown, place: Place, run: Run): unknown {
  if (Array.isArray(part)) return part.map((item, i) => evaluate(item, scope, [...place, i], run));
  if (!isMembers(part)) {
    spendOn(part);
    return part;
  }
  spend(LEAST);
  const directive = directiveOf(part);
  return directive === undefined
    ? evaluateObject(part, scope, place, run)
    : evaluateDirective(directive.name, directive.value, scope, [...place, directive.name], run);
}

function evaluateObject(members: Members, scope: unknown, place: Place, run: Run): unknown {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(members))
    setOwn(result, key, evaluate(members[key], scope, [...place, key], run));
  return result;
}

function evaluateDirective(name: string, value: unknown, scope: unknown, place: Place, run: Run): unknown {
  const { event, observer } = run;
  const path = formatPlace(place);
  observer.enter?.(path, name);
  const result = directiveNamed(name)!.reference(value, scope, {
    event,
    evaluate: (part, inner, ...keys) => evaluate(part, inner, [...place, ...keys], run),
    evaluateFields: (fields, inner, ...keys) => evaluateFields(fields, inner, [...place, ...keys], run),
    read(from, keys) {
      const found = readKeys(from, keys);
      observer.read?.(keys, found);
      if (reachesPrototype(from, keys)) observer.differs?.('M4', path);
      return found;
    },
    differs: (rule) => observer.differs?.(rule, path),
    fail(message) {
      throw new MappingEvaluationError(path, message);
    },
  });
  if (typeof result === 'string') spendOn(result);
  observer.leave?.(result);
  return result;
}

/** Whether a path asks for a member that only a prototype has. */
function reachesPrototype(scope: unknown, keys: readonly string[]): boolean {
  let value = scope;
  for (const key of keys) {
    if (!value) return false;
    if (!Object.hasOwn(value as object, key)) return key in Object(value);
    value = (value as Members)[key];
  }
  return false;
}
