import { formatPlace } from '../mapping/paths.ts';
import type { Result } from '../result/issue.ts';
import { schemaFaults } from './check.ts';
import { labelOf } from './compile.ts';
import { trackingPlanIssues } from './issues.ts';
import {
  MAX_RULES,
  type PlanRule,
  type PlanSchema,
  RULE_TYPES,
  type RuleType,
  type TrackingPlan,
} from './plan.ts';
import { without } from './without.ts';

/** An imported plan, and what could not be imported. */
export interface ImportedPlan {
  readonly plan: TrackingPlan;
  /** Messages about what was left out. */
  readonly left: readonly string[];
}

type Item = Readonly<Record<string, unknown>>;
type Versioned = PlanRule & { readonly version: number };

/**
 * Reads a tracking plan of Segment's Protocols: the rules that the Public API lists, or a plan as the older Config API
 * gives it. Uses the newest of several versions of an event. Leaves out what a plan cannot contain, and reports it.
 */
export function importTrackingPlan(value: unknown): Result<ImportedPlan> {
  const items = itemsOf(value);
  if (items === undefined) return fail('This is not a Segment tracking plan: it has no list of rules.');
  const left: string[] = [];
  const newest = new Map<string, Versioned>();
  for (const item of items.slice(0, MAX_RULES + 1)) {
    const rule = ruleOf(item);
    if (rule === undefined) {
      left.push(
        `A rule of the type ${JSON.stringify(item['type'])} with the key ${JSON.stringify(item['key'])}.`,
      );
      continue;
    }
    const label = labelOf(rule);
    const other = newest.get(label);
    if (other !== undefined) left.push(`${label}: version ${Math.min(other.version, rule.version)}.`);
    if (other === undefined || other.version <= rule.version) newest.set(label, rule);
  }
  const rules = [...newest.values()].flatMap((rule) => cleaned(rule, left));
  if (rules.length > MAX_RULES) return fail(`A plan has at most ${MAX_RULES} rules.`);
  const name = nameOf(value);
  const plan: TrackingPlan = { ...(name === undefined ? {} : { name }), rules };
  const issues = trackingPlanIssues(plan);
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: { plan, left } };
}

/** The rules, in either notation. */
function itemsOf(value: unknown): readonly Item[] | undefined {
  const body = recordOf(recordOf(value)?.['data']) ?? recordOf(value);
  const rules = Array.isArray(value) ? (value as unknown) : body?.['rules'];
  if (Array.isArray(rules)) return rules.filter((one): one is Item => recordOf(one) !== undefined);
  const older = recordOf(rules);
  if (older === undefined || !Array.isArray(older['events'])) return undefined;
  const events = older['events'].filter((one): one is Item => recordOf(one) !== undefined);
  return [
    { type: 'COMMON', jsonSchema: older['global'] },
    { type: 'IDENTIFY', jsonSchema: older['identify'] },
    { type: 'GROUP', jsonSchema: older['group'] },
    ...events.map(({ name, version, rules: jsonSchema }) => ({
      type: 'TRACK',
      key: name,
      version,
      jsonSchema,
    })),
  ];
}

function ruleOf({ type, key, version, jsonSchema }: Item): Versioned | undefined {
  const name = String(type).toLowerCase() as RuleType;
  const schema = recordOf(jsonSchema) ?? {};
  if (!RULE_TYPES.includes(name)) return undefined;
  if (name === 'track' && (typeof key !== 'string' || key === '')) return undefined;
  const event = name === 'track' ? { event: key as string } : {};
  return { type: name, ...event, schema, version: Number(version ?? 1) };
}

/** The rule without the name of its schema, and without what a plan cannot contain; nothing when nothing is left. */
function cleaned({ type, event, schema }: Versioned, left: string[]): readonly PlanRule[] {
  const { $schema: _draft, $id: _id, id: _oldId, ...kept } = schema;
  let rest: PlanSchema = kept;
  const rule = { type, ...(event === undefined ? {} : { event }) };
  for (const { place, message } of schemaFaults(kept)) {
    left.push(`${labelOf(rule)}, ${formatPlace(place)}: ${message}`);
    rest = without(rest, place) as PlanSchema;
  }
  return type !== 'track' && Object.keys(rest).length === 0 ? [] : [{ ...rule, schema: rest }];
}

function nameOf(value: unknown): string | undefined {
  const whole = recordOf(value);
  const data = recordOf(whole?.['data']);
  const plan = recordOf(data?.['trackingPlan']);
  const found = [plan?.['name'], whole?.['display_name'], whole?.['name']].find(
    (one) => typeof one === 'string',
  );
  return found === '' ? undefined : (found as string | undefined);
}

function recordOf(value: unknown): Item | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Item) : undefined;
}

function fail<T>(message: string): Result<T> {
  return { ok: false, issues: [{ code: 'tracking_plan_invalid', path: '', message }] };
}
