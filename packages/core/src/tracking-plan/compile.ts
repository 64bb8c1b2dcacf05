import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Event } from '../event/event.ts';
import { FORMATS } from '../validation/formats.ts';
import { LONGEST_MATCHED } from './pattern.ts';
import type { PlanRule, PlanSchema, TrackingPlan } from './plan.ts';

/** A compiled rule for events. */
export interface CompiledRule {
  /** Its label: `identify`, or `track "Order Completed"`. */
  readonly label: string;
  /** Whether an event conforms to it. */
  follows(event: Event): boolean;
  /** The violations of an event that does not conform. */
  faults(event: Event): readonly ErrorObject[];
}

/** The rules of a plan, indexed by event. */
export interface CompiledRules {
  readonly common: CompiledRule | undefined;
  readonly byType: ReadonlyMap<string, CompiledRule>;
  readonly byEvent: ReadonlyMap<string, CompiledRule>;
}

/** Returns the label of a rule. */
export function labelOf({ type, event }: Pick<PlanRule, 'type' | 'event'>): string {
  return event === undefined ? type : `${type} ${JSON.stringify(event)}`;
}

/**
 * Compiles the rules of a plan without faults. A schema is compiled for the first event that needs it, so that the
 * start does not wait.
 */
export function compileRules({ rules }: TrackingPlan): CompiledRules {
  const ajv = ajvs();
  const common = rules.find(({ type }) => type === 'common');
  const compiled = (rule: PlanRule, schema = rule.schema): CompiledRule => {
    const own = namesInherited(schema);
    let first: ValidateFunction | undefined;
    let all: ValidateFunction | undefined;
    return {
      label: labelOf(rule),
      follows: (event) => (first ??= ajv(false, own).compile(schema))(event),
      faults(event) {
        all ??= ajv(true, own).compile(schema);
        return all(event) ? [] : (all.errors ?? []);
      },
    };
  };
  const closed = (rule: PlanRule): CompiledRule => compiled(rule, closedSchema(rule, common));
  return {
    common: common && compiled(common),
    byType: new Map(
      rules.flatMap((rule) =>
        rule.type === 'common' || rule.type === 'track' ? [] : [[rule.type, closed(rule)] as const],
      ),
    ),
    byEvent: new Map(
      rules.flatMap((rule) => (rule.event === undefined ? [] : [[rule.event, closed(rule)] as const])),
    ),
  };
}

/** Keywords that can name members elsewhere. */
const OPENING = ['additionalProperties', 'allOf', 'anyOf', 'oneOf', 'if'];

/**
 * Closes the schema of a rule: properties or traits have no members other than those that it or the common rule names.
 */
function closedSchema({ type, schema }: PlanRule, common: PlanRule | undefined): PlanSchema {
  const part = type === 'identify' || type === 'group' ? 'traits' : 'properties';
  const own = memberOf(schema, part);
  const named = own?.['properties'];
  if (own === undefined || named === undefined || OPENING.some((key) => Object.hasOwn(own, key)))
    return schema;
  const shared = Object.keys(memberOf(common?.schema ?? {}, part)?.['properties'] ?? {});
  const properties = { ...Object.fromEntries(shared.map((name) => [name, true])), ...named };
  return {
    ...schema,
    properties: {
      ...(schema['properties'] as PlanSchema),
      [part]: { ...own, properties, additionalProperties: false },
    },
  };
}

function memberOf(schema: PlanSchema, name: string): PlanSchema | undefined {
  const members = schema['properties'] as Readonly<Record<string, PlanSchema | boolean>> | undefined;
  const found = members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
  return typeof found === 'object' ? found : undefined;
}

const INHERITED = Object.getOwnPropertyNames(Object.prototype).map((name) => JSON.stringify(name));

/** Whether a schema names what every object inherits: distinguishing it from an own member costs, so only then. */
function namesInherited(schema: PlanSchema): boolean {
  const text = JSON.stringify(schema);
  return INHERITED.some((name) => text.includes(name));
}

/** The compilers of a plan: created for each plan, because a compiler keeps every schema it ever compiled. */
function ajvs(): (allErrors: boolean, ownProperties: boolean) => Ajv {
  const made = new Map<string, Ajv>();
  return (allErrors, ownProperties) => {
    const key = `${allErrors} ${ownProperties}`;
    const ajv = made.get(key) ?? createAjv({ allErrors, ownProperties, validateSchema: false, meta: false });
    made.set(key, ajv);
    return ajv;
  };
}

/** Creates a compiler whose checks take time bounded by the size of an event. */
export function createAjv(options: ConstructorParameters<typeof Ajv>[0]): Ajv {
  const ajv = new Ajv({
    ...options,
    strict: false,
    strictNumbers: true,
    logger: false,
    code: { optimize: false, regExp: BOUNDED },
  });
  for (const [name, test] of Object.entries(FORMATS)) ajv.addFormat(name, test);
  // The library's own compares each item with each other.
  ajv.removeKeyword('uniqueItems').addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must not contain the same item twice' },
    validate: (on: boolean, list: readonly unknown[]) => !on || new Set(list.map(keyOf)).size === list.length,
  });
  return ajv;
}

const BOUNDED = Object.assign(
  (pattern: string, flags: string) => {
    const expression = new RegExp(pattern, flags);
    return { test: (text: string) => text.length <= LONGEST_MATCHED && expression.test(text) };
  },
  { code: 'bounded' },
);

/** A string that is the same for equal JSON values. */
function keyOf(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
