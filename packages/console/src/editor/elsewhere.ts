import type { Shape } from '@waybill/api';
import type { Event } from '@waybill/core';
import { segmentsOf } from '../trigger/known.ts';

/** A path with values in other events of the same name. */
export interface Elsewhere {
  readonly key: string;
  readonly types: Shape['paths'][number]['types'];
  readonly share: number;
}

/** The paths of other events, by parent object; the items of a list are one place. */
export type Elsewheres = ReadonlyMap<string, readonly Elsewhere[]>;

type Keys = readonly (string | number)[];

/** Returns the paths of events of the same type and name. */
export function elsewhereOf(shapes: readonly Shape[], event: Event): Elsewheres {
  const found = new Map<string, Elsewhere[]>();
  for (const { path, types, share } of shapesOf(shapes, [event]).flatMap((shape) => shape.paths)) {
    const segments = segmentsOf(path);
    const key = segments.at(-1);
    if (key === undefined || key === '[]') continue;
    const at = placeOf(segments.slice(0, -1));
    const others = found.get(at) ?? [];
    if (!others.some((one) => one.key === key)) found.set(at, [...others, { key, types, share }]);
  }
  return found;
}

/** Returns the paths that an object lacks. */
export function missingAt(elsewhere: Elsewheres, keys: Keys, members: object): readonly Elsewhere[] {
  return (elsewhere.get(placeOf(keys)) ?? []).filter(({ key }) => !Object.hasOwn(members, key));
}

/** Returns the shapes of some events; all shapes without events. */
export function shapesOf(shapes: readonly Shape[], events: readonly Event[]): readonly Shape[] {
  if (events.length === 0) return shapes;
  const wanted = new Set(events.map(({ type, event, name }) => `${type} ${event ?? name ?? ''}`));
  return shapes.filter(({ type, event }) => wanted.has(`${type} ${event}`));
}

function placeOf(keys: Keys): string {
  return keys.map((key) => (typeof key === 'number' ? '[]' : key)).join('\0');
}
