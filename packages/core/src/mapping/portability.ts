import { directiveOf } from './check.ts';
import { directiveNamed } from './directives/index.ts';
import { formatPlace, type Place } from './paths.ts';
import type { RuleId } from './rules.ts';
import { isMembers } from './values.ts';

/** A place where a mapping is not portable to Segment. */
export interface PortabilityNote {
  /** JSON path of the directive. */
  readonly path: string;
  readonly directive: string;
  readonly message: string;
  /** The rule of docs/compatibility/mapping.md by which Segment's result differs. */
  readonly rule?: RuleId;
}

/**
 * Lists where a mapping would behave differently on Segment: directives that Segment lacks, and shapes that it reads
 * differently for every event. An empty list means portable. Accepts any value, valid mapping or not.
 */
export function lintPortability(mapping: unknown): readonly PortabilityNote[] {
  const notes: PortabilityNote[] = [];
  visit(mapping, [], notes, 0);
  return notes;
}

function visit(part: unknown, place: Place, notes: PortabilityNote[], depth: number): void {
  // A mapping deeper than this does not compile; deeper parts do not matter.
  if (depth > 128) return;
  if (Array.isArray(part)) {
    part.forEach((item, i) => visit(item, [...place, i], notes, depth + 1));
    return;
  }
  if (!isMembers(part)) return;
  const directive = directiveOf(part);
  if (directive !== undefined) {
    const { name, value } = directive;
    const path = formatPlace([...place, name]);
    const found = directiveNamed(name);
    if (found?.portable === false) notes.push({ path, directive: name, message: `Segment has no ${name}.` });
    for (const note of found?.unportable?.(value) ?? []) notes.push({ path, directive: name, ...note });
  }
  for (const key of Object.keys(part)) {
    if (key !== '_metadata' || directive === undefined) visit(part[key], [...place, key], notes, depth + 1);
  }
}
