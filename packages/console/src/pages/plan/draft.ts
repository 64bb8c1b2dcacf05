import type { PlanRule, RuleType, TrackingPlan } from '@waybill/core';
import { objectOf } from '../../editor/object.ts';

/** A rule as it is written: what its text says may be no schema yet. */
export interface RuleDraft {
  /** Stays with it, whatever is removed before it. */
  readonly key: number;
  readonly type: RuleType;
  readonly event: string;
  readonly text: string;
}

/** A plan as it is written. */
export interface PlanDraft extends Omit<TrackingPlan, 'rules'> {
  readonly rules: readonly RuleDraft[];
}

/** What a rule can be for. */
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

/** A plan as it is in force, to be written on. */
export function draftOf({ rules, ...rest }: TrackingPlan): PlanDraft {
  return { ...rest, rules: rules.map(ruleDraft) };
}

/** A rule for an event that has no name yet. */
export function newRule(): RuleDraft {
  return ruleDraft({ type: 'track', event: '', schema: EMPTY });
}

function ruleDraft({ type, event = '', schema }: PlanRule): RuleDraft {
  keys += 1;
  return { key: keys, type, event, text: JSON.stringify(schema, null, 2) };
}

/** What is written as a plan; undefined while the text of a rule is no object. */
export function planOf({ rules, ...rest }: PlanDraft): TrackingPlan | undefined {
  const read: PlanRule[] = [];
  for (const { type, event, text } of rules) {
    const schema = objectOf(text);
    if (schema === undefined) return undefined;
    read.push({ type, ...(type === 'track' ? { event: event.trim() } : {}), schema });
  }
  return { ...rest, rules: read };
}

/** What a rule is called: `track "Order Completed"`. */
export function labelOf({ type, event }: Pick<RuleDraft, 'type' | 'event'>): string {
  return type === 'track' ? `track "${event}"` : type;
}

/** The draft with the rules of a plan that it does not have yet, and how many those are. */
export function withRules(
  draft: PlanDraft,
  { rules }: TrackingPlan,
): { readonly draft: PlanDraft; readonly added: number } {
  const known = new Set(draft.rules.map(labelOf));
  const added = rules.map(ruleDraft).filter((one) => !known.has(labelOf(one)));
  return { draft: { ...draft, rules: [...draft.rules, ...added] }, added: added.length };
}

/** Why a text is no JSON object; undefined when it is one. */
export function brokenText(text: string): string | undefined {
  try {
    JSON.parse(text);
    return objectOf(text) === undefined ? '{ … }' : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The number of the rule that a place is within, and the rest of the place. */
export function placeOf(path: string): { readonly rule: number; readonly rest: string } | undefined {
  const [, rule, rest = ''] = /^rules\[(\d+)\]\.?(?:schema\.?)?(.*)$/.exec(path) ?? [];
  return rule === undefined ? undefined : { rule: Number(rule), rest };
}
