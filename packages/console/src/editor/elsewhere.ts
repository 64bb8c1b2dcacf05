import type { Shape } from '@waybill/api';
import type { Event } from '@waybill/core';
import { segmentsOf } from '../trigger/known.ts';

/** A place that other events of the same name have a value at. */
export interface Elsewhere {
  readonly key: string;
  readonly types: Shape['paths'][number]['types'];
  readonly share: number;
}

/** What other events have, by the place of the object that has it; the items of a list are one place. */
export type Elsewheres = ReadonlyMap<string, readonly Elsewhere[]>;

type Keys = readonly (string | number)[];

/** What events of the same type and name were seen to have. */
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

/** What those have beside the members that an object has. */
export function missingAt(elsewhere: Elsewheres, keys: Keys, members: object): readonly Elsewhere[] {
  return (elsewhere.get(placeOf(keys)) ?? []).filter(({ key }) => !Object.hasOwn(members, key));
}

/** The shapes of some events; all there are when there is no event. */
export function shapesOf(shapes: readonly Shape[], events: readonly Event[]): readonly Shape[] {
  if (events.length === 0) return shapes;
  const wanted = new Set(events.map(({ type, event, name }) => `${type} ${event ?? name ?? ''}`));
  return shapes.filter(({ type, event }) => wanted.has(`${type} ${event}`));
}

function placeOf(keys: Keys): string {
  return keys.map((key) => (typeof key === 'number' ? '[]' : key)).join('\0');
}
