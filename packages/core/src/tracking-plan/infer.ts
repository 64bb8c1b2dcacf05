import { labelOf } from './compile.ts';
import { type PlanRule, type PlanSchema, RULE_TYPES, type RuleType, type TrackingPlan } from './plan.ts';

/** What events of one name look like, as the admin API returns it. */
export interface SeenShape {
  readonly type: string;
  readonly event: string;
  readonly paths: readonly {
    readonly path: string;
    readonly types: readonly string[];
    /** Share of the inspected events, from 0 to 1. */
    readonly share: number;
  }[];
}

/** A path in the events of a rule. */
interface Seen {
  readonly types: Set<string>;
  /** Whether every event has it. */
  always: boolean;
  readonly members: Map<string, Seen>;
}

const TYPES: Readonly<Record<string, string>> = { list: 'array' };

/** Infers a plan that the events seen so far follow: a first draft for people, who know what is required. */
export function inferTrackingPlan(shapes: readonly SeenShape[]): TrackingPlan {
  const groups = new Map<string, { readonly rule: Omit<PlanRule, 'schema'>; readonly shapes: SeenShape[] }>();
  for (const shape of shapes) {
    const type = shape.type as RuleType;
    if (!RULE_TYPES.includes(type) || (type === 'track' && shape.event === '')) continue;
    const rule = type === 'track' ? { type, event: shape.event } : { type };
    const group = groups.get(labelOf(rule)) ?? { rule, shapes: [] };
    groups.set(labelOf(rule), group);
    group.shapes.push(shape);
  }
  const rules = [...groups.values()].map((group) => ({
    ...group.rule,
    schema: schemaOfShapes(group.rule.type, group.shapes),
  }));
  return { rules: rules.sort((a, b) => (labelOf(a) < labelOf(b) ? -1 : 1)) };
}

function schemaOfShapes(type: RuleType, shapes: readonly SeenShape[]): PlanSchema {
  const part = type === 'identify' || type === 'group' ? 'traits' : 'properties';
  const root = seen();
  const inAll = new Map<string, number>();
  for (const { path, types, share } of shapes.flatMap(({ paths }) => paths)) {
    const steps = stepsOf(path);
    if (steps[0] !== part) continue;
    const found = steps.reduce((at, step) => {
      const next = at.members.get(step) ?? seen();
      at.members.set(step, next);
      return next;
    }, root);
    for (const one of types) found.types.add(one);
    inAll.set(path, (inAll.get(path) ?? 0) + (share >= 1 ? 1 : 0));
    found.always = inAll.get(path) === shapes.length;
  }
  return { type: 'object', ...membersOf(root, true) };
}

function seen(): Seen {
  return { types: new Set(), always: false, members: new Map() };
}

/** `[]` is a separate step. */
function stepsOf(path: string): readonly string[] {
  return [...path.matchAll(/\[\]|\[("(?:[^"\\]|\\.)*")\]|([\w$-]+)/g)].map(
    ([whole, quoted, plain]) => plain ?? (quoted === undefined ? whole : (JSON.parse(quoted) as string)),
  );
}

function schemaOf({ types, members, ...rest }: Seen, countable: boolean): PlanSchema {
  const names = [...types].map((type) => TYPES[type] ?? type).sort();
  const type = names.length === 1 ? { type: names[0] } : names.length === 0 ? {} : { type: names };
  const items = members.get('[]');
  return {
    ...type,
    ...(items === undefined ? {} : { items: schemaOf(items, false) }),
    ...(types.has('object') ? membersOf({ types, members, ...rest }, countable) : {}),
  };
}

/** Members of items are counted per event, so how many items have them is unknown. */
function membersOf({ members }: Seen, countable: boolean): PlanSchema {
  const named = [...members].filter(([name]) => name !== '[]');
  const required = countable ? named.filter(([, { always }]) => always).map(([name]) => name) : [];
  return {
    properties: Object.fromEntries(named.map(([name, one]) => [name, schemaOf(one, countable)])),
    ...(required.length === 0 ? {} : { required }),
  };
}
