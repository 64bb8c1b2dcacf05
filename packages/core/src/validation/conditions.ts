import type { FieldCondition, FieldConditions, Json } from '../define/fields.ts';
import { sameJson } from './json.ts';

/** The inputs of conditions besides the payload. */
export interface ConditionOptions {
  /** Sync mode of the mapping. */
  readonly syncMode?: string | undefined;
  /** Settings of the mapping that conditions may name, for example `enable_batching`. */
  readonly settings?: Readonly<Record<string, Json>> | undefined;
  /** The path of the object that contains the field, when that is not the payload itself: `['items', 1]`. */
  readonly within?: readonly (string | number)[] | undefined;
  /**
   * Whether a field without a value counts as different from every value. Off for `required`, where a condition about
   * an absent field does not apply; a mapping editor that hides fields by `depends_on` may turn it on.
   */
  readonly absentDiffers?: boolean | undefined;
}

function member(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (!Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

/** Follows a dotted path from an object; where it follows the path of the field, it stays on the field's item. */
function follow(
  holder: unknown,
  segments: readonly string[],
  within: readonly (string | number)[],
  depth: number,
): unknown {
  let value = holder;
  let at = depth;
  for (const [index, segment] of segments.entries()) {
    value = member(value, segment);
    at = within[at] === segment ? at + 1 : within.length;
    const line = within[at];
    if (typeof line === 'number' && index < segments.length - 1) {
      value = Array.isArray(value) ? (value[line] as unknown) : undefined;
      at += 1;
    }
  }
  return value;
}

/** The value that a condition reads: searched for in the objects around the holder of the field, then in the holder. */
function lookUp(payload: unknown, fieldKey: string, within: readonly (string | number)[]): unknown {
  const segments = fieldKey.split('.');
  const holders = [payload];
  for (const step of within) {
    const last = holders.at(-1);
    holders.push(Array.isArray(last) ? (last[Number(step)] as unknown) : member(last, step));
  }
  const order = [...holders.keys()].slice(0, -1).reverse();
  order.push(within.length);
  const found = order.find((depth) => member(holders[depth], segments[0] ?? '') !== undefined);
  return found === undefined ? undefined : follow(holders[found], segments, within, found);
}

/** Whether a known value meets a condition. */
export function meets(condition: FieldCondition, value: unknown, absentDiffers = false): boolean {
  const wanted = condition.value;
  const empty = value === undefined || value === null;
  if (wanted === undefined) return empty === (condition.operator === 'is');
  if (value === undefined) return absentDiffers && condition.operator === 'is_not';
  const equal = Array.isArray(wanted)
    ? (wanted as readonly Json[]).some((one) => sameJson(one, value))
    : sameJson(wanted, value);
  return equal === (condition.operator === 'is');
}

/** Whether the conditions of a field (`required` or `depends_on`) hold for a payload. An empty list never holds. */
export function evaluateConditions(
  conditions: FieldConditions,
  payload: unknown,
  options: ConditionOptions = {},
): boolean {
  if (conditions.conditions.length === 0) return false;
  const holds = (condition: FieldCondition): boolean => {
    if (condition.type === 'syncMode') return meets(condition, options.syncMode, options.absentDiffers);
    const { settings } = options;
    const value =
      settings && Object.hasOwn(settings, condition.fieldKey)
        ? settings[condition.fieldKey]
        : lookUp(payload, condition.fieldKey, options.within ?? []);
    return meets(condition, value, options.absentDiffers);
  };
  return conditions.match === 'any' ? conditions.conditions.some(holds) : conditions.conditions.every(holds);
}
