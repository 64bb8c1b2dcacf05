import type { Fields, MappingConfig } from '@waybill/core';
import { ROOT, withField, type Values } from './config.ts';
import { readsInEach } from './each.ts';
import type { Place } from './trace.ts';
import { reads, readsEvent } from './value.ts';

type Keys = readonly (string | number)[];

/** Serialises a place in a mapping. */
export function placeOf(at: Place): string {
  return at.join('\0');
}

/** Returns the mapping with a value of the event inserted at a place, at any depth. */
export function withPicked(config: MappingConfig, values: Values, place: string, keys: Keys): MappingConfig {
  const at = place.split('\0');
  const [field = '', ...below] = at;
  return withField(config, field, withAt(values[field], below, readingAt(values, at)(keys)));
}

/** Returns how to read a value of the event at a place: from the event, from an item of a list, or inside a transform. */
function readingAt(values: Values, at: Place): (keys: Keys) => unknown {
  let reading: (keys: Keys) => unknown = reads;
  let inner: unknown = values;
  at.forEach((key, depth) => {
    const directive = at[depth - 1];
    const isEvent = reading === readsEvent;
    if (directive === '@transform' && key === 'mapping') reading = readsEvent;
    else if (key === '@waybill.event') reading = reads;
    else if (!isEvent && directive === '@arrayPath' && key === '1') {
      const list = memberOf(inner, '0');
      reading = (keys) => readsInEach(typeof list === 'string' ? { '@path': list } : list, keys);
    } else if (!isEvent && directive === '@waybill.map' && key === 'to') {
      const list = memberOf(inner, 'over');
      reading = (keys) => readsInEach(list, keys);
    }
    inner = memberOf(inner, key);
  });
  return reading;
}

/** Returns a value with another one at a place; the rest is identical. */
function withAt(value: unknown, place: Place, next: unknown): unknown {
  const [key, ...rest] = place;
  if (key === undefined) return next;
  // A path is stored as a string there.
  if (key === '@arrayPath' && rest.join() === '0') next = memberOf(next, '@path') ?? next;
  const inner = withAt(memberOf(value, key), rest, next);
  if (Array.isArray(value)) return Object.assign([...(value as readonly unknown[])], { [key]: inner });
  return { ...(typeof value === 'object' ? value : {}), [key]: inner };
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Values)[key];
}

/** Returns the label of a place: from fields, members and directives. */
export function labelOf(fields: Fields, place: string, root: string): string {
  const at = place.split('\0');
  const names: string[] = [];
  let known: Fields | undefined = fields;
  for (const [depth, key] of at.entries()) {
    // A member of an item has the label of the member of its field.
    if (isShape(at, depth) || isShape(at, depth - 1)) continue;
    names.push(key === ROOT ? root : (known?.[key]?.label ?? key));
    known = known?.[key]?.properties;
  }
  return names.join(' › ');
}

/** Whether the next keys are members of an item. */
function isShape(at: Place, depth: number): boolean {
  const pair = at.slice(depth, depth + 2).join(' ');
  return depth >= 0 && at.length > depth + 2 && (pair === '@arrayPath 1' || pair === '@waybill.map to');
}
