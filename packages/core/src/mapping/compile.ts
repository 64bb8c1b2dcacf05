import { checkMapping, directiveOf } from './check.ts';
import { toClosure, type Evaluate } from './closures.ts';
import { directiveNamed } from './directives/index.ts';
import { unfoldRoot } from './directives/root.ts';
import { MappingError } from './errors.ts';
import { canGenerate, toFunction } from './generate.ts';
import { formatPlace, type Place } from './paths.ts';
import type { Plan } from './plan.ts';
import { asEvaluationError, eventScope, interpret } from './reference.ts';
import { makesLists, startMeter } from './size.ts';
import { frozenCopy, isMembers, setOwn } from './values.ts';

/** How a compiled mapping runs: as one generated function, as nested closures, or by the reference interpreter. */
export type Execution = 'generated' | 'closures' | 'reference';

/** Options of `compileMapping`. */
export interface CompileMappingOptions {
  /** `auto` (the default) generates a function where that is allowed, and closures elsewhere. */
  readonly execution?: Execution | 'auto';
}

/**
 * Maps one event to a payload. Never write to the payload: it shares parts with the event and constants with every
 * other payload. Throws a MappingEvaluationError, and nothing else.
 */
export type CompiledMapping = (event: unknown) => unknown;

/**
 * Compiles a mapping once, to run for every event. Throws a MappingError that lists all its problems. Later changes of
 * the mapping object have no effect.
 */
export function compileMapping(mapping: unknown, options: CompileMappingOptions = {}): CompiledMapping {
  const problems = checkMapping(mapping);
  if (problems.length > 0) throw new MappingError(problems);
  const execution = resolveExecution(options.execution ?? 'auto');
  if (execution === 'reference') {
    const kept = frozenCopy(mapping);
    return (event) => interpret(kept, event);
  }
  const plan = planMapping(mapping);
  const evaluate = execution === 'generated' ? toFunction(plan) : toClosure(plan);
  return guarded(makesLists(plan) ? metered(evaluate) : evaluate);
}

/** Compiles a checked mapping to its plan. */
export function planMapping(mapping: unknown): Plan {
  return planFields(mapping, []);
}

let generates: boolean | undefined;

function resolveExecution(wanted: Execution | 'auto'): Execution {
  if (wanted !== 'auto') return wanted;
  generates ??= canGenerate();
  return generates ? 'generated' : 'closures';
}

function metered(evaluate: Evaluate): Evaluate {
  return (scope, event) => {
    startMeter();
    return evaluate(scope, event);
  };
}

function guarded(evaluate: Evaluate): CompiledMapping {
  return (event) => {
    const scope = eventScope(event);
    try {
      return evaluate(scope, scope);
    } catch (error) {
      throw asEvaluationError(error);
    }
  };
}

function planFields(mapping: unknown, place: Place): Plan {
  const root = isMembers(mapping) ? unfoldRoot(mapping) : undefined;
  return root === undefined || root.problem !== undefined
    ? planPart(mapping, place)
    : planPart(root.mapping, [...place, ...root.keys]);
}

function planPart(part: unknown, place: Place): Plan {
  if (Array.isArray(part)) {
    return asConstant({ kind: 'list', items: part.map((item, i) => planPart(item, [...place, i])) });
  }
  if (!isMembers(part)) return { kind: 'constant', value: part };
  const directive = directiveOf(part);
  if (directive === undefined) {
    const members = Object.keys(part).map((key) => [key, planPart(part[key], [...place, key])] as const);
    return asConstant({ kind: 'object', members });
  }
  const below = [...place, directive.name];
  return directiveNamed(directive.name)!.compile(directive.value, {
    path: formatPlace(below),
    plan: (inner, ...keys) => planPart(inner, [...below, ...keys]),
    planFields: (inner, ...keys) => planFields(inner, [...below, ...keys]),
  });
}

/** A value of constants only becomes one constant, frozen because every payload shares it. */
function asConstant(plan: Extract<Plan, { kind: 'object' | 'list' }>): Plan {
  const parts = plan.kind === 'list' ? plan.items : plan.members.map(([, member]) => member);
  const values: unknown[] = [];
  for (const part of parts) {
    if (part.kind !== 'constant' || part.value === undefined) return plan;
    values.push(part.value);
  }
  if (plan.kind === 'list') return { kind: 'constant', value: Object.freeze(values) };
  const object: Record<string, unknown> = {};
  plan.members.forEach(([key], i) => setOwn(object, key, values[i]));
  return { kind: 'constant', value: Object.freeze(object) };
}
