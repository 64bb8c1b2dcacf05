import type { MappingExplanation } from '@waybill/core';
import { segmentsOf } from '../trigger/known.ts';

/** The place of a value in a mapping: its field, and the keys and directives that lead to it. */
export type Place = readonly string[];

/** The trace of a directive for the selected event. */
export interface Traced {
  /** Its result; undefined without one. Long values are shortened. */
  readonly value: unknown;
  /** What it read, in the order of its text. */
  readonly reads: readonly { readonly path: string; readonly value?: unknown }[];
}

/** The traces of the directives of a mapping, by place; one per item in a list. */
export type Trace = ReadonlyMap<string, readonly Traced[]>;

/** Returns the trace of an explained mapping. */
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

/** Returns the trace of a directive at a place, for the selected item; undefined without one. */
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
