import type { Path } from './ast.ts';
import type { Reader, TriggerEvent } from './operators/function.ts';

/**
 * Keys that every object or list inherits. Only for these does reading need an own-property check; any other key is
 * there or is undefined.
 */
const INHERITED = new Set<PropertyKey>([
  ...Reflect.ownKeys(Object.prototype),
  ...Reflect.ownKeys(Array.prototype),
]);

/** Whether every object or array inherits a member of this name. */
export function isInherited(key: string): boolean {
  return INHERITED.has(key);
}

/** Reads one own member of an object or list; undefined for everything else. */
function readMember(container: unknown, key: string): unknown {
  if (typeof container !== 'object' || container === null) return undefined;
  if (INHERITED.has(key) && !Object.hasOwn(container, key)) return undefined;
  // Any key of an object may be read; its value is unknown.
  return (container as Record<string, unknown>)[key];
}

/** Creates the reader of a path; the usual shapes have specialised closures. */
export function compilePath(path: Path): Reader {
  const keys = path.segments;
  if (keys.some((key) => INHERITED.has(key))) return compileGuarded(path);
  if (path.root === 'item') return compileItemPath(keys);
  const [first, second, third] = keys as [string, string | undefined, string | undefined];
  if (second === undefined) return compileField(first);
  if (third === undefined) {
    return (event) => {
      const container = event[first];
      return typeof container === 'object' && container !== null
        ? (container as TriggerEvent)[second]
        : undefined;
    };
  }
  return (event) => descend(event[first], keys, 1);
}

/** A literal key is several times faster than a key in a variable. */
function compileField(name: string): Reader {
  if (name === 'type') return (event) => event['type'];
  if (name === 'event') return (event) => event['event'];
  if (name === 'userId') return (event) => event['userId'];
  if (name === 'name') return (event) => event['name'];
  return (event) => event[name];
}

function compileItemPath(keys: readonly string[]): Reader {
  const [first, second] = keys;
  if (first === undefined) return (_, item) => item;
  if (second === undefined) {
    return (_, item) =>
      typeof item === 'object' && item !== null ? (item as TriggerEvent)[first] : undefined;
  }
  return (_, item) => descend(item, keys, 0);
}

function descend(start: unknown, keys: readonly string[], from: number): unknown {
  let value = start;
  for (let at = from; at < keys.length; at += 1) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as TriggerEvent)[keys[at]!];
  }
  return value;
}

function compileGuarded(path: Path): Reader {
  const keys = path.segments;
  const walk = (start: unknown) => keys.reduce(readMember, start);
  return path.root === 'item' ? (_, item) => walk(item) : (event) => walk(event);
}
