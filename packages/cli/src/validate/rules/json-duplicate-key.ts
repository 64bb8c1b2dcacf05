import type { Node } from 'jsonc-parser';
import type { Found, Rule } from '../rule.ts';

/** A member that is given twice. */
export const jsonDuplicateKey: Rule = {
  code: 'json_duplicate_key',
  severity: 'error',
  summary: 'An object gives a member twice; the first is silently lost.',
  remedy: 'Keep one of them.',
  checks: {
    file: ({ source, faults }) => (source.tree === undefined || faults.length > 0 ? [] : twice(source.tree)),
  },
};

function* twice(node: Node): Iterable<Found> {
  if (node.type === 'object') {
    const seen = new Set<string>();
    for (const property of node.children ?? []) {
      const key = property.children?.[0];
      if (key === undefined) continue;
      const name = String(key.value);
      if (seen.has(name))
        yield { place: placeOf(key), message: `"${name}" stands here twice.`, at: key.offset };
      seen.add(name);
    }
  }
  for (const child of node.children ?? []) yield* twice(child);
}

function placeOf(node: Node): (string | number)[] {
  const place: (string | number)[] = [];
  for (let at: Node | undefined = node; at?.parent !== undefined; at = at.parent) {
    if (at.parent.type === 'property') {
      if (at !== node || at.parent.children?.[0] === node)
        place.unshift(String(at.parent.children?.[0]?.value));
      at = at.parent;
    } else if (at.parent.type === 'array') place.unshift(at.parent.children!.indexOf(at));
  }
  return place;
}
