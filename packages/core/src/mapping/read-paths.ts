import { checkMapping } from './check.ts';
import { planMapping } from './compile.ts';
import { MappingError } from './errors.ts';
import { formatPlace } from './paths.ts';
import type { Plan } from './plan.ts';

/**
 * The paths of the event that a mapping can read, sorted: `properties.products[].sku`. `[]` matches every item of a
 * list, and the empty path for the whole event. Paths that are computed from the event are not included. Throws a
 * MappingError for an invalid mapping.
 */
export function pathsOf(mapping: unknown): readonly string[] {
  const problems = checkMapping(mapping);
  if (problems.length > 0) throw new MappingError(problems);
  const found = new Set<string>();
  collect(planMapping(mapping), [], found);
  return [...found].sort();
}

/** The position of a scope in the event: its keys, or undefined for a scope that the mapping created. */
type Base = readonly string[] | undefined;

const EVERY = '[]';

function collect(plan: Plan, base: Base, found: Set<string>): void {
  switch (plan.kind) {
    case 'constant':
      return;
    case 'read':
      return add(base, plan.keys, found);
    case 'event':
      return collect(plan.body, [], found);
    case 'object':
      return plan.members.forEach(([, part]) => collect(part, base, found));
    case 'list':
      return plan.items.forEach((part) => collect(part, base, found));
    case 'text':
      return plan.parts.forEach((part) => typeof part !== 'string' && collect(part, base, found));
    case 'choose':
      return [plan.of, plan.yes, plan.no].forEach((part) => collect(part, base, found));
    case 'first':
      return plan.of.forEach((part) => collect(part, base, found));
    case 'each': {
      collect(plan.list, base, found);
      return basesOf(plan.list, base).forEach((list) => collect(plan.shape, list && [...list, EVERY], found));
    }
    case 'within': {
      collect(plan.scope, base, found);
      return basesOf(plan.scope, base).forEach((scope) => collect(plan.body, scope, found));
    }
    case 'call':
      plan.reads?.forEach((keys) => add(base, keys, found));
      // A function that declares what it reads does not read the rest of its argument.
      if (plan.reads === undefined) plan.args.forEach((part) => collect(part, base, found));
  }
}

/** The places of the event that the value of a plan can come from. */
function basesOf(plan: Plan, base: Base): readonly Base[] {
  switch (plan.kind) {
    case 'read':
      return [base && [...base, ...plan.keys]];
    case 'event':
      return basesOf(plan.body, []);
    case 'choose':
      return [...basesOf(plan.yes, base), ...basesOf(plan.no, base)];
    case 'first':
      return plan.of.flatMap((part) => basesOf(part, base));
    case 'call':
      return plan.selects === true ? basesOf(plan.args[0]!, base) : [undefined];
    default:
      return [undefined];
  }
}

function add(base: Base, keys: readonly string[], found: Set<string>): void {
  if (base === undefined) return;
  let path = '';
  let place: string[] = [];
  const flush = () => {
    const text = formatPlace(place);
    path += path !== '' && text !== '' && !text.startsWith('[') ? `.${text}` : text;
    place = [];
  };
  for (const key of [...base, ...keys]) {
    if (key === EVERY) {
      flush();
      path += EVERY;
    } else place.push(key);
  }
  flush();
  found.add(path);
}
