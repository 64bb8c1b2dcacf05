import { isDeepStrictEqual } from 'node:util';
import type { Fields } from '../../packages/core/src/define/fields.ts';
import { evaluateReference } from '../../packages/core/src/mapping/index.ts';
import { RULES as VALIDATION_RULES } from '../../packages/core/test/validation/rules.ts';
import type { Validation } from '../../packages/core/src/validation/index.ts';
import type { Answer } from './upstream.ts';

/*
 * Which listed difference explains a difference. Mappings: the reference interpreter says which rules an evaluation
 * meets, and where; a rule explains only what differs at that place. Validation: the payload is made as small as it can
 * be while the answers still differ, and the predicates of the validation's own tests are asked about what is left.
 */

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value with null where a list has undefined. */
function fillLists(value: unknown, inList = false): unknown {
  if (value === undefined) return inList ? null : undefined;
  if (Array.isArray(value)) return value.map((item) => fillLists(item, true));
  if (!isMembers(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillLists(member)]));
}

function isUnder(path: string, key: string): boolean {
  const shown = /^[@\w$-]+$/.test(key) ? key : `[${JSON.stringify(key)}]`;
  return path === shown || path.startsWith(`${shown}.`) || path.startsWith(`${shown}[`);
}

/** The rules that explain why upstream maps an event differently; empty when one difference remains unexplained. */
export function mappingRules(
  mapping: Members,
  event: unknown,
  theirs: Answer<unknown>,
  ours: Answer<unknown>,
): readonly string[] {
  const met: { readonly rule: string; readonly path: string }[] = [];
  try {
    evaluateReference(mapping, event, { differs: (rule, path) => void met.push({ rule, path }) });
  } catch {
    // What was met up to there is what counts.
  }
  const rules = new Set<string>();
  if ('thrown' in theirs || 'thrown' in ours || !isMembers(theirs.value) || !isMembers(ours.value)) {
    return [...new Set(met.map(({ rule }) => rule))];
  }
  const [left, right] = [theirs.value, ours.value];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (isDeepStrictEqual(left[key], right[key])) continue;
    const here = met.filter(({ path }) => isUnder(path, key));
    if (here.length > 0) here.forEach(({ rule }) => rules.add(rule));
    else if (isDeepStrictEqual(fillLists(left[key]), fillLists(right[key]))) rules.add('M13');
    else return [];
  }
  return [...rules];
}

const MOST_TRIALS = 600;

/** The smallest value, by leaving out members and items, for which something still holds. */
export function shrink(value: unknown, holds: (value: unknown) => boolean): unknown {
  let trials = 0;
  const still = (candidate: unknown): boolean => (trials += 1) <= MOST_TRIALS && holds(candidate);
  const shrinkPart = (part: unknown, put: (part: unknown) => unknown): unknown => {
    let current = part;
    if (Array.isArray(current)) {
      for (let i = current.length - 1; i >= 0; i--) {
        const without = (current as unknown[]).toSpliced(i, 1);
        if (still(put(without))) current = without;
      }
      const list = current as unknown[];
      for (let i = 0; i < list.length; i++) {
        const at = (item: unknown): unknown[] => (current as unknown[]).with(i, item);
        current = at(shrinkPart((current as unknown[])[i], (item) => put(at(item))));
      }
      return current;
    }
    if (!isMembers(current)) return current;
    for (const key of Object.keys(current)) {
      const { [key]: _left, ...without } = current as Members;
      if (still(put(without))) current = without;
    }
    for (const key of Object.keys(current as Members)) {
      const at = (member: unknown): Members => ({ ...(current as Members), [key]: member });
      current = at(shrinkPart((current as Members)[key], (member) => put(at(member))));
    }
    return current;
  };
  return shrinkPart(value, (part) => part);
}

/** Rules by which we ask for a field that upstream does not ask for: they explain nothing else. */
const STRICTER: ReadonlySet<string> = new Set(['V2', 'V3']);

/** The rules that may explain a difference for fields and a payload already made small. */
export function validationRules(fields: Fields, minimal: unknown, ours: Validation): readonly string[] {
  const asks = !ours.ok && ours.issues.some(({ code }) => code === 'payload_required');
  return VALIDATION_RULES.filter(
    ({ id, applies }) => (asks || !STRICTER.has(id)) && applies(fields, minimal),
  ).map(({ id }) => id);
}

/** Whether there is an empty string or null anywhere: upstream removes them from payloads, but not from settings. */
export function hasEmpty(input: unknown): boolean {
  if (input === null || input === '') return true;
  return typeof input === 'object' && Object.values(input).some(hasEmpty);
}
