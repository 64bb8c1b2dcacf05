import type { Shape } from '@waybill/api';
import type { KnownPath } from '@waybill/core';

/** Returns the distinct paths of all shapes, the most frequent first. */
export function knownPaths(shapes: readonly Shape[]): readonly KnownPath[] {
  const all = shapes.reduce((sum, { count }) => sum + count, 0);
  const found = new Map<string, { readonly examples: Set<string | number | boolean>; seen: number }>();
  for (const { count, paths, type, event } of shapes) {
    for (const { path, share, examples } of paths) {
      const known = found.get(path) ?? { examples: new Set(), seen: 0 };
      found.set(path, known);
      known.seen += share * count;
      for (const one of examples) known.examples.add(one);
    }
    // Every name is offered, without a limit.
    found.get('type')?.examples.add(type);
    if (event !== '') found.get(type === 'track' ? 'event' : 'name')?.examples.add(event);
  }
  return [...found]
    .map(([path, { examples, seen }]) => ({
      segments: segmentsOf(path),
      // A long string is cut in the sketch, so it is not a value of an event.
      examples: [...examples].filter((one) => typeof one !== 'string' || !one.endsWith('…')),
      share: all === 0 ? 0 : seen / all,
    }))
    .toSorted((a, b) => b.share - a.share);
}

/** Splits `properties.products[].sku` into keys; `[]` is a separate one. */
export function segmentsOf(path: string): readonly string[] {
  return [...path.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\[\]|[^.[\]]+/g)].map(([piece, quoted]) =>
    quoted === undefined ? piece : (JSON.parse(quoted) as string),
  );
}
