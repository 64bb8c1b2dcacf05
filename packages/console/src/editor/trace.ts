import type { MappingExplanation } from '@waybill/core';
import { segmentsOf } from '../trigger/known.ts';

/** Where a value stands in a mapping: its field, and the keys and directives that lead to it. */
export type Place = readonly string[];

/** What a directive did for the selected event. */
export interface Traced {
  /** What it gave; undefined when nothing. Long values are shortened. */
  readonly value: unknown;
  /** What it read, in the order of its text. */
  readonly reads: readonly { readonly path: string; readonly value?: unknown }[];
}

/** What each directive of a mapping did, by its place; once for every item where it is in a list. */
export type Trace = ReadonlyMap<string, readonly Traced[]>;

/** The trace of an explained mapping. */
export function traceOf({ fields, steps }: MappingExplanation): Trace {
  const trace = new Map<string, Traced[]>();
  const add = (all: MappingExplanation['steps']): void => {
    for (const { path, value, reads, steps: inner } of all) {
      const key = keyOf(segmentsOf(path));
      trace.set(key, [...(trace.get(key) ?? []), { value, reads }]);
      add(inner);
    }
  };
  add([...fields.flatMap((field) => field.steps), ...steps]);
  return trace;
}

/** What the directive that a value is did at its place, for the item that is turned to; undefined for what did nothing. */
export function tracedAt(trace: Trace, place: Place, value: unknown, turned: number): Traced | undefined {
  const directive =
    typeof value === 'object' && value !== null
      ? Object.keys(value).find((key) => key.startsWith('@'))
      : undefined;
  const all = directive === undefined ? undefined : trace.get(keyOf([...place, directive]));
  return all?.[Math.min(turned, all.length - 1)];
}

function keyOf(place: Place): string {
  return place.join('\0');
}
