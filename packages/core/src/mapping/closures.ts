import { isPlainKey, readKeys } from './paths.ts';
import { canHoldUndefined, type Form, type Plan } from './plan.ts';
import { itemCost, mustMeasure, spend, spendOn } from './size.ts';
import { isFilled, isMembers, isPresent, setOwn, toText, withoutUndefined, type Members } from './values.ts';

/** A compiled plan: returns the value for a scope and the whole event. */
export type Evaluate = (scope: unknown, event: unknown) => unknown;

/** Compiles a plan to nested closures, for environments without code generation. */
export function toClosure(plan: Plan): Evaluate {
  return closure(plan, 'payload', true);
}

function closure(plan: Plan, form: Form, tidy: boolean): Evaluate {
  switch (plan.kind) {
    case 'constant': {
      const { value } = plan;
      return () => value;
    }
    case 'read': {
      return tidied(reader(plan.keys), plan, form, tidy);
    }
    case 'event': {
      const body = closure(plan.body, form, true);
      return (_scope, event) => body(event, event);
    }
    case 'object':
      return objectClosure(plan.members, form, tidy);
    case 'list': {
      const items = plan.items.map((item) => filled(closure(item, form, tidy), form));
      return (scope, event) => items.map((item) => item(scope, event));
    }
    case 'text': {
      const { check } = plan;
      const parts = plan.parts.map((part) =>
        typeof part === 'string' ? () => part : closure(part, 'raw', tidy),
      );
      return (scope, event) => {
        let text = '';
        for (const part of parts) text += toText(part(scope, event));
        return check(text);
      };
    }
    case 'choose': {
      const test = plan.test === 'present' ? isPresent : isFilled;
      const of = closure(plan.of, 'raw', tidy);
      const yes = closure(plan.yes, form, tidy);
      const no = closure(plan.no, form, tidy);
      return (scope, event) => (test(of(scope, event)) ? yes(scope, event) : no(scope, event));
    }
    case 'first':
      return plan.of
        .map((part) => closure(part, form, tidy))
        .reduceRight((rest, part) => (scope, event) => part(scope, event) ?? rest(scope, event));
    case 'each':
      return eachClosure(plan, form, tidy);
    case 'within': {
      const inner = closure(plan.scope, 'members', tidy);
      const body = closure(plan.body, form, !canHoldUndefined(plan.scope, tidy, 'members'));
      return (scope, event) => body(inner(scope, event), event);
    }
    case 'call': {
      const run = plan.run as (...values: unknown[]) => unknown;
      const args = plan.args.map((arg) => closure(arg, 'raw', tidy));
      return tidied((scope, event) => run(...args.map((arg) => arg(scope, event))), plan, form, tidy);
    }
  }
}

/** Reads keys; skips the own-property check where the prototype has no such key. */
function reader(keys: readonly string[]): Evaluate {
  if (!keys.every(isPlainKey)) return (scope) => readKeys(scope, keys);
  const [first, second, ...more] = keys;
  const member = (value: unknown, key: string) => value && (value as Members)[key];
  if (first === undefined) return (scope) => scope;
  if (second === undefined) return (scope) => member(scope, first);
  if (more.length === 0) return (scope) => member(member(scope, first), second);
  return (scope) => {
    let value: unknown = scope;
    for (const key of keys) value = member(value, key);
    return value;
  };
}

function objectClosure(members: readonly (readonly [string, Plan])[], form: Form, tidy: boolean): Evaluate {
  const parts = members.map(([key, part]) => ({
    key,
    evaluate: closure(part, form, tidy),
    put: key === '__proto__',
  }));
  return (scope, event) => {
    const result: Record<string, unknown> = {};
    for (const { key, evaluate, put } of parts) {
      const value = evaluate(scope, event);
      if (value === undefined && form !== 'raw') continue;
      if (put) setOwn(result, key, value);
      else result[key] = value;
    }
    return result;
  };
}

function eachClosure(plan: Extract<Plan, { kind: 'each' }>, form: Form, tidy: boolean): Evaluate {
  const from = closure(plan.list, 'raw', tidy);
  const make = filled(closure(plan.shape, form, !canHoldUndefined(plan.list, tidy)), form);
  const cost = itemCost(plan.shape);
  const shape = mustMeasure(plan.shape) ? measured(make) : make;
  const { single } = plan;
  return (scope, event) => {
    const list = from(scope, event);
    if (Array.isArray(list)) {
      spend(list.length * cost);
      return list.map((item) => shape(item, event));
    }
    const asOne = single === 'object' ? isMembers(list) : isPresent(list);
    return asOne ? [shape(list, event)] : single === 'object' ? list : undefined;
  };
}

/** Measures an item whose size is unknown before it is made. */
function measured(item: Evaluate): Evaluate {
  return (scope, event) => {
    const value = item(scope, event);
    spendOn(value);
    return value;
  };
}

/** Returns an item of a list: in a payload, a missing one is null. */
function filled(item: Evaluate, form: Form): Evaluate {
  if (form !== 'payload') return item;
  return (scope, event) => {
    const value = item(scope, event);
    return value === undefined ? null : value;
  };
}

/** Drops undefined values inside a value that was not built here, if there can be any. */
function tidied(evaluate: Evaluate, plan: Plan, form: Form, tidy: boolean): Evaluate {
  if (form === 'raw' || !canHoldUndefined(plan, tidy)) return evaluate;
  const hole = form === 'payload' ? null : undefined;
  return (scope, event) => withoutUndefined(evaluate(scope, event), hole);
}
