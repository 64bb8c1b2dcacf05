import type { PlanRule, RuleType, TrackingPlan } from '@waybill/core';
import { objectOf } from '../../editor/object.ts';

/** A rule being edited: its text may not be a valid schema yet. */
export interface RuleDraft {
  /** A stable key. */
  readonly key: number;
  readonly type: RuleType;
  readonly event: string;
  readonly text: string;
}

/** A plan being edited. */
export interface PlanDraft extends Omit<TrackingPlan, 'rules'> {
  readonly rules: readonly RuleDraft[];
}

/** The types of rules. */
export const TYPES = [
  'track',
  'identify',
  'group',
  'page',
  'screen',
  'common',
] as const satisfies readonly RuleType[];

const EMPTY = { properties: { properties: { type: 'object', properties: {}, required: [] } } };

let keys = 0;

/** Returns the current plan for editing. */
export function draftOf({ rules, ...rest }: TrackingPlan): PlanDraft {
  return { ...rest, rules: rules.map(ruleDraft) };
}

/** Creates a rule for an event without a name yet. */
export function newRule(): RuleDraft {
  return ruleDraft({ type: 'track', event: '', schema: EMPTY });
}

function ruleDraft({ type, event = '', schema }: PlanRule): RuleDraft {
  keys += 1;
  return { key: keys, type, event, text: JSON.stringify(schema, null, 2) };
}

/** Converts the draft to a plan; undefined while the text of a rule is not an object. */
export function planOf({ rules, ...rest }: PlanDraft): TrackingPlan | undefined {
  const read: PlanRule[] = [];
  for (const { type, event, text } of rules) {
    const schema = objectOf(text);
    if (schema === undefined) return undefined;
    read.push({ type, ...(type === 'track' ? { event: event.trim() } : {}), schema });
  }
  return { ...rest, rules: read };
}

/** Returns the label of a rule: `track "Order Completed"`. */
export function labelOf({ type, event }: Pick<RuleDraft, 'type' | 'event'>): string {
  return type === 'track' ? `track "${event}"` : type;
}

/** Adds missing rules of a plan to the draft, and returns their number. */
export function withRules(
  draft: PlanDraft,
  { rules }: TrackingPlan,
): { readonly draft: PlanDraft; readonly added: number } {
  const known = new Set(draft.rules.map(labelOf));
  const added = rules.map(ruleDraft).filter((one) => !known.has(labelOf(one)));
  return { draft: { ...draft, rules: [...draft.rules, ...added] }, added: added.length };
}

/** Returns why a string is not a JSON object; undefined when it is one. */
export function brokenText(text: string): string | undefined {
  try {
    JSON.parse(text);
    return objectOf(text) === undefined ? '{ … }' : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Splits a place into the index of its rule and the rest. */
export function placeOf(path: string): { readonly rule: number; readonly rest: string } | undefined {
  const [, rule, rest = ''] = /^rules\[(\d+)\]\.?(?:schema\.?)?(.*)$/.exec(path) ?? [];
  return rule === undefined ? undefined : { rule: Number(rule), rest };
}
