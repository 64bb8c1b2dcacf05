/**
 * What a mapping does, as data: directives compile to these few steps, and each execution (generated code, closures)
 * implements them in its own way.
 */
export type Plan =
  | { readonly kind: 'constant'; readonly value: unknown }
  /** Reads keys from the scope; none means the scope itself. */
  | { readonly kind: 'read'; readonly keys: readonly string[] }
  /** Evaluates against the whole event, whatever the scope is. */
  | { readonly kind: 'event'; readonly body: Plan }
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, value: Plan])[] }
  | { readonly kind: 'list'; readonly items: readonly Plan[] }
  /** Strings and values concatenated; `check` returns the string, or throws. */
  | {
      readonly kind: 'text';
      readonly parts: readonly (string | Plan)[];
      readonly check: (text: string) => string;
    }
  | {
      readonly kind: 'choose';
      readonly test: 'present' | 'filled';
      readonly of: Plan;
      readonly yes: Plan;
      readonly no: Plan;
    }
  /** The first that is neither undefined nor null; else the last. */
  | { readonly kind: 'first'; readonly of: readonly [Plan, ...Plan[]] }
  /**
   * Evaluates `shape` for every item of a list, with the item as its scope. `single` is the treatment of a value that
   * is not a list: `object` takes an object as a list of one and passes everything else through, `any` takes every
   * present value as a list of one.
   */
  | { readonly kind: 'each'; readonly list: Plan; readonly shape: Plan; readonly single: 'object' | 'any' }
  /** Evaluates `body` with the value of `scope`, without its undefined members, as the scope. */
  | { readonly kind: 'within'; readonly scope: Plan; readonly body: Plan }
  /**
   * Calls a function. `holds` says whether undefined can occur inside the result: never, only if an argument contains
   * it, or always. `reads` names what the function reads from the scope besides its arguments. `selects` says that the
   * result is the first argument, or a part of its items.
   */
  | {
      readonly kind: 'call';
      readonly run: (...values: never[]) => unknown;
      readonly args: readonly Plan[];
      readonly holds: 'never' | 'passed' | 'always';
      readonly reads?: readonly (readonly string[])[];
      readonly selects?: boolean;
    };

/** The plan without a value. */
export const NOTHING: Plan = { kind: 'constant', value: undefined };

/** The plan that reads the whole scope. */
export const SCOPE: Plan = { kind: 'read', keys: [] };

/**
 * Where undefined can occur inside a value. `raw`: anywhere, as directives see it. `members`: only as items of lists,
 * as `@transform` passes it on. `payload`: nowhere, as it leaves the mapping.
 */
export type Form = 'raw' | 'members' | 'payload';

/** Whether a plan can return undefined. */
export function canBeUndefined(plan: Plan): boolean {
  switch (plan.kind) {
    case 'constant':
      return plan.value === undefined;
    case 'text':
    case 'object':
    case 'list':
      return false;
    case 'event':
      return canBeUndefined(plan.body);
    case 'choose':
      return canBeUndefined(plan.yes) || canBeUndefined(plan.no);
    default:
      return true;
  }
}

/**
 * Whether the raw value of a plan can contain undefined. `tidy` says that its scope contains none, which is true of an
 * event. With `members`, undefined members do not count, because they are dropped.
 */
export function canHoldUndefined(plan: Plan, tidy: boolean, form: 'raw' | 'members' = 'raw'): boolean {
  const inside = (part: Plan) => canHoldUndefined(part, tidy, form);
  switch (plan.kind) {
    case 'constant':
    case 'text':
      return false;
    case 'read':
      return !tidy;
    case 'event':
      return canHoldUndefined(plan.body, true, form);
    case 'object':
      return plan.members.some(([, part]) => (form === 'raw' && canBeUndefined(part)) || inside(part));
    case 'list':
      return plan.items.some((part) => canBeUndefined(part) || inside(part));
    case 'choose':
      return inside(plan.yes) || inside(plan.no);
    case 'first':
      return plan.of.some(inside);
    case 'each':
      return (
        canBeUndefined(plan.shape) ||
        canHoldUndefined(plan.shape, !canHoldUndefined(plan.list, tidy, 'raw'), form) ||
        (plan.single === 'object' && inside(plan.list))
      );
    case 'within':
      return canHoldUndefined(plan.body, !canHoldUndefined(plan.scope, tidy, 'members'), form);
    case 'call':
      return (
        plan.holds === 'always' ||
        (plan.holds === 'passed' && plan.args.some((part) => canHoldUndefined(part, tidy, 'raw')))
      );
  }
}
