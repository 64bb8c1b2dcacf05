import { segmentsOf } from '../trigger/known.ts';
import { ROOT, type Values } from './config.ts';
import type { Place } from './trace.ts';
import { reads, readsEvent } from './value.ts';

/** A value that maps each item of a list: the list, and the members of an item. */
export interface Each {
  /** A value of the mapping language. */
  readonly list: unknown;
  readonly shape: Values;
}

type Keys = readonly (string | number)[];

/** Returns a list mapping to show as a table; undefined for other values. */
export function eachOf(value: unknown): Each | undefined {
  if (!isMembers(value) || Object.keys(value).length !== 1) return undefined;
  const [inner] = Object.values(value);
  if (Array.isArray(value['@arrayPath'])) {
    const [from, shape = {}, ...others] = value['@arrayPath'] as readonly unknown[];
    if (others.length > 0 || !isPlain(shape)) return undefined;
    return { list: typeof from === 'string' ? { '@path': from } : from, shape };
  }
  if ('@waybill.map' in value && isMembers(inner)) {
    const { over, to, ...others } = inner;
    if (Object.keys(others).length > 0 || !isPlain(to)) return undefined;
    return { list: over, shape: to };
  }
  return undefined;
}

/** Returns the places of the list and of the item members of a list mapping. */
export function placesOf(value: unknown, at: Place): { readonly list: Place; readonly shape: Place } {
  const isPath = isMembers(value) && '@arrayPath' in value;
  const own = [...at, isPath ? '@arrayPath' : '@waybill.map'];
  return { list: [...own, isPath ? '0' : 'over'], shape: [...own, isPath ? '1' : 'to'] };
}

/** Returns the value with another list, or other item members; everything else is identical. */
export function withEach(value: unknown, next: Partial<Each>): unknown {
  if (!isMembers(value)) return value;
  if (Array.isArray(value['@arrayPath'])) {
    const [from, shape] = value['@arrayPath'] as readonly unknown[];
    const list = 'list' in next ? asFrom(next.list) : from;
    const inner = next.shape ?? shape;
    return { '@arrayPath': inner === undefined ? [list] : [list, inner] };
  }
  const { over, to } = value['@waybill.map'] as { readonly over: unknown; readonly to: unknown };
  return { '@waybill.map': { over: 'list' in next ? next.list : over, to: next.shape ?? to } };
}

/** A path is stored as a string there. */
function asFrom(list: unknown): unknown {
  const path = isMembers(list) && Object.keys(list).length === 1 ? list['@path'] : undefined;
  return typeof path === 'string' ? path : (list ?? '');
}

/** Returns the members of a plain object of the mapping language; undefined for directives and everything else. */
export function membersOf(value: unknown): Values | undefined {
  return isPlain(value) ? value : undefined;
}

/** Returns the members with one set; undefined removes it. */
export function withMember(members: Values, name: string, value: unknown): Values {
  const { [name]: _before, ...rest } = members;
  if (value === undefined) return rest;
  return Object.hasOwn(members, name) ? { ...members, [name]: value } : { ...rest, [name]: value };
}

/** Returns the value that reads keys inside a list mapping: from the item, or else from the whole event. */
export function readsInEach(list: unknown, keys: Keys): unknown {
  const path = isMembers(list) ? list['@path'] : undefined;
  const above = typeof path === 'string' ? segmentsOf(path).filter((one, at) => at > 0 || one !== '$') : [];
  const isInside =
    above.length > 0 && typeof keys[above.length] === 'number' && above.every((one, at) => one === keys[at]);
  const below = keys.slice(above.length + 1);
  if (isInside && below.length > 0) return reads(below);
  return readsEvent(keys);
}

function isPlain(value: unknown): value is Values {
  return isMembers(value) && Object.keys(value).every((key) => !key.startsWith('@') && key !== ROOT);
}

function isMembers(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
