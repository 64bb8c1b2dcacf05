import type { Fields, MappingConfig } from '@waybill/core';
import { ROOT, withField, type Values } from './config.ts';
import { readsInEach } from './each.ts';
import type { Place } from './trace.ts';
import { reads, readsEvent } from './value.ts';

type Keys = readonly (string | number)[];

/** A place in a mapping as one text. */
export function placeOf(at: Place): string {
  return at.join('\0');
}

/** The mapping with a value read from the event at a place: at a field, or however deep within what a field is made of. */
export function withPicked(config: MappingConfig, values: Values, place: string, keys: Keys): MappingConfig {
  const at = place.split('\0');
  const [field = '', ...below] = at;
  return withField(config, field, withAt(values[field], below, readingAt(values, at)(keys)));
}

/** How a value of the event is read at a place: from the event, or from the item of a list, or past what a transform makes. */
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

/** A value with another one at a place in it; what stands around that stays the very same. */
function withAt(value: unknown, place: Place, next: unknown): unknown {
  const [key, ...rest] = place;
  if (key === undefined) return next;
  // A path stands there as its text.
  if (key === '@arrayPath' && rest.join() === '0') next = memberOf(next, '@path') ?? next;
  const inner = withAt(memberOf(value, key), rest, next);
  if (Array.isArray(value)) return Object.assign([...(value as readonly unknown[])], { [key]: inner });
  return { ...(typeof value === 'object' ? value : {}), [key]: inner };
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Values)[key];
}

/** What a place is called: by the labels of fields and members, and by directives. */
export function labelOf(fields: Fields, place: string, root: string): string {
  const at = place.split('\0');
  const names: string[] = [];
  let known: Fields | undefined = fields;
  for (const [depth, key] of at.entries()) {
    // A member of an item is called as a member of its field.
    if (isShape(at, depth) || isShape(at, depth - 1)) continue;
    names.push(key === ROOT ? root : (known?.[key]?.label ?? key));
    known = known?.[key]?.properties;
  }
  return names.join(' › ');
}

/** Whether what follows are the members of an item. */
function isShape(at: Place, depth: number): boolean {
  const pair = at.slice(depth, depth + 2).join(' ');
  return depth >= 0 && at.length > depth + 2 && (pair === '@arrayPath 1' || pair === '@waybill.map to');
}
