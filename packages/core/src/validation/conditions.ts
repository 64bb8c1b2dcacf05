import type { FieldCondition, FieldConditions, Json } from '../define/fields.ts';
import { sameJson } from './json.ts';

/** What conditions are evaluated with, beside the payload. */
export interface ConditionOptions {
  /** Sync mode of the mapping. */
  readonly syncMode?: string | undefined;
  /** Settings of the mapping that conditions may name, for example `enable_batching`. */
  readonly settings?: Readonly<Record<string, Json>> | undefined;
  /** Where the object is that holds the field, when it is not the payload itself: `['items', 1]`. */
  readonly within?: readonly (string | number)[] | undefined;
  /**
   * Whether a field without a value counts as different from every value. Off for `required`, where a condition about
   * an absent field does not apply; a mapping editor that hides fields by `depends_on` may turn it on.
   */
  readonly absentDiffers?: boolean | undefined;
}

function member(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

/** The value a condition asks for: looked up around the holder, from the nearest outside to the payload, then inside it. */
function lookUp(payload: unknown, fieldKey: string, within: readonly (string | number)[]): unknown {
  const segments = fieldKey.split('.');
  const holders: { readonly value: unknown; readonly depth: number }[] = [{ value: payload, depth: 0 }];
  for (const [index, key] of within.entries()) {
    holders.push({ value: member(holders.at(-1)?.value, key), depth: index + 1 });
  }
  const own = holders.pop();
  const order = within.length === 0 ? [own] : [...holders.reverse(), own];
  for (const holder of order) {
    if (!holder || Array.isArray(holder.value) || member(holder.value, segments[0] ?? '') === undefined)
      continue;
    let { value, depth } = holder;
    for (const segment of segments) {
      const onTheWay = within[depth] === segment;
      value = member(value, segment);
      depth = onTheWay ? depth + 1 : within.length;
      const index = within[depth];
      // A path that follows the way to the holder stays in the holder's own line.
      if (onTheWay && typeof index === 'number' && Array.isArray(value)) {
        value = member(value, index);
        depth += 1;
      }
    }
    return Array.isArray(value) && segments.length === 0 ? undefined : value;
  }
  return undefined;
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
