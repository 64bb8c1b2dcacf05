import type { Predicate, TriggerEvent } from './operators/function.ts';
import { buildProgram, type KeyField, type Step } from './program.ts';
import type { TriggerDialect } from './trigger.ts';

/** A trigger to be indexed, with its ID. */
export interface TriggerEntry<Id = string> {
  readonly id: Id;
  readonly trigger: string;
  readonly dialect?: TriggerDialect | undefined;
}

/** An index over many triggers. */
export interface TriggerIndex<Id = string> {
  /** Returns the IDs of the triggers that the event matches, in the order of the entries. */
  match(event: TriggerEvent): readonly Id[];
}

interface Candidate<Id> {
  readonly id: Id;
  /** Absent when type and event name alone make the trigger true. */
  readonly holds: Predicate | undefined;
}

/** The triggers that events of one type and name can match. */
interface Shelf<Id> {
  readonly candidates: readonly Candidate<Id>[];
  /** The result, when no predicate needs to be evaluated. */
  readonly settled: readonly Id[] | undefined;
}

/** A type or name that no trigger mentions; all such events share one bucket. */
const OTHER = Symbol('other');

type Key = string | typeof OTHER;
type Keys = Readonly<Record<KeyField, Key>>;

/**
 * Compiles many triggers so that an event evaluates only those that can match it. There is a bucket for every type and
 * event name in the triggers, filled at the first such event: each trigger is evaluated with only type and name known,
 * in three-valued logic, and is left out (false), included (true) or included with its predicate (unknown).
 */
export function createTriggerIndex<Id = string>(entries: readonly TriggerEntry<Id>[]): TriggerIndex<Id> {
  const programs = entries.map(({ id, trigger, dialect }) => ({
    id,
    step: buildProgram(trigger, { dialect }),
  }));
  const known: Record<KeyField, Set<string>> = { type: new Set(), event: new Set() };
  for (const { step } of programs) collectTexts(step, known);
  const shelves = new Map<Key, Map<Key, Shelf<Id>>>();

  const shelfFor = (type: Key, event: Key): Shelf<Id> => {
    const candidates: Candidate<Id>[] = [];
    for (const { id, step } of programs) {
      const verdict = decide(step, { type, event });
      if (verdict !== false) candidates.push({ id, holds: verdict === true ? undefined : step.holds });
    }
    const settled = candidates.every(({ holds }) => holds === undefined)
      ? Object.freeze(candidates.map(({ id }) => id))
      : undefined;
    const shelf = { candidates, settled };
    let row = shelves.get(type);
    if (row === undefined) shelves.set(type, (row = new Map()));
    row.set(event, shelf);
    return shelf;
  };

  const keyOf = (field: KeyField, value: unknown): Key =>
    typeof value === 'string' && known[field].has(value) ? value : OTHER;

  return {
    match(event) {
      const type = keyOf('type', event['type']);
      const name = keyOf('event', event['event']);
      const shelf = shelves.get(type)?.get(name) ?? shelfFor(type, name);
      if (shelf.settled !== undefined) return shelf.settled;
      const ids: Id[] = [];
      for (const { id, holds } of shelf.candidates) {
        if (holds === undefined || holds(event, undefined)) ids.push(id);
      }
      return ids;
    },
  };
}

function collectTexts(step: Step, known: Record<KeyField, Set<string>>): void {
  for (const field of step.keys?.fields ?? []) for (const text of step.keys!.texts) known[field].add(text);
  // Inside `any` and `all` a condition applies to each item; the index does not use it.
  if (step.kind !== 'any' && step.kind !== 'all')
    for (const child of step.children) collectTexts(child, known);
}

/** True or false when type and event name decide, undefined when the rest of the event matters. */
function decide(step: Step, keys: Keys): boolean | undefined {
  switch (step.kind) {
    case 'and':
    case 'or': {
      const deciding = step.kind === 'or';
      let verdict: boolean | undefined = !deciding;
      for (const child of step.children) {
        const one = decide(child, keys);
        if (one === deciding) return deciding;
        if (one === undefined) verdict = undefined;
      }
      return verdict;
    }
    case 'not': {
      const child = decide(step.children[0]!, keys);
      return child === undefined ? undefined : !child;
    }
    case 'condition':
      return decideCondition(step, keys);
    default:
      return undefined;
  }
}

function decideCondition(step: Step, keys: Keys): boolean | undefined {
  const use = step.keys;
  if (use === undefined) return undefined;
  const unknown = use.fields.filter((field) => keys[field] === OTHER);
  if (unknown.length === 0) return step.holds({ type: keys.type, event: keys.event }, undefined);
  return use.fields.length === 1 ? use.otherwise : undefined;
}
