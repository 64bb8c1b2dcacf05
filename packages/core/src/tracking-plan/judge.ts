import type { ErrorObject } from 'ajv';
import type { Event } from '../event/event.ts';
import { formatPlace, type Place } from '../mapping/paths.ts';
import type { Issue } from '../result/issue.ts';
import { pathOf } from '../validation/check-ajv.ts';
import { compileRules, type CompiledRule, labelOf } from './compile.ts';
import type { PlanAction, TrackingPlan } from './plan.ts';
import { without } from './without.ts';

/** A violation of a plan in an event. */
export interface PlanViolation extends Issue {
  /** The rule: `common`, `identify`, or `track "Order Completed"`. */
  readonly rule: string;
  /** What it violates: `required`, `type`, or `unplanned`. */
  readonly keyword: string;
  /** The action that was taken. */
  readonly done: 'allowed' | 'omitted' | 'blocked';
}

/** The result of checking an event that violates a plan. */
export interface Judged {
  /** The event after the actions, unless it is blocked. */
  readonly event: Event;
  readonly blocked: boolean;
  readonly violations: readonly PlanViolation[];
}

/** Checks an event against a plan; undefined when it conforms. */
export type PlanJudge = (event: Event) => Judged | undefined;

/** The maximum number of violations reported per event. */
const TOLD = 20;

/** The order in which violations are reported. */
const ORDER = ['blocked', 'omitted', 'allowed'] as const;

/** Members of an event from which something can be removed. */
const CONTAINERS: ReadonlySet<unknown> = new Set(['properties', 'traits', 'context']);

const judges = new WeakMap<TrackingPlan, PlanJudge>();

/** Compiles the check of a plan without faults. Compile once per plan. */
export function compileTrackingPlan(plan: TrackingPlan): PlanJudge {
  let judge = judges.get(plan);
  if (judge === undefined) judges.set(plan, (judge = makeJudge(plan)));
  return judge;
}

function makeJudge(plan: TrackingPlan): PlanJudge {
  const { common, byType, byEvent } = compileRules(plan);
  return (event) => {
    const isTrack = event.type === 'track';
    const rule = isTrack ? byEvent.get(event.event!) : byType.get(event.type);
    const isClean =
      (rule === undefined ? !isTrack : rule.follows(event)) &&
      (common === undefined || common.follows(event));
    return isClean ? undefined : judged(event, plan, rule, common);
  };
}

function judged(
  event: Event,
  plan: TrackingPlan,
  rule: CompiledRule | undefined,
  common: CompiledRule | undefined,
): Judged {
  const found = [
    ...(common === undefined ? [] : faultsOf(common, event)),
    ...(rule === undefined ? [] : faultsOf(rule, event)),
  ];
  const violations: PlanViolation[] = [];
  let rest = event;
  if (rule === undefined && event.type === 'track') violations.push(unplanned(event, plan));
  for (const { place, ...fault } of found) {
    const isUnplanned = fault.code === 'tracking_plan_unplanned_property';
    const action = (isUnplanned ? plan.unplannedProperties : plan.invalidValues) ?? 'allow';
    const left = action === 'omit' && fault.keyword !== 'required' ? leftOut(place) : undefined;
    if (left !== undefined) rest = without(rest, left) as Event;
    if (violations.length < TOLD || action === 'block')
      violations.push({ ...fault, done: doneBy(action, left) });
  }
  // Violations that changed the event are reported before others.
  const told = ORDER.flatMap((done) => violations.filter((one) => one.done === done)).slice(0, TOLD);
  return { event: rest, blocked: told[0]?.done === 'blocked', violations: told };
}

function doneBy(action: PlanAction, left: Place | undefined): PlanViolation['done'] {
  return action === 'block' ? 'blocked' : left === undefined ? 'allowed' : 'omitted';
}

function unplanned(event: Event, { unplannedEvents }: TrackingPlan): PlanViolation {
  return {
    code: 'tracking_plan_unplanned_event',
    path: 'event',
    message: `The plan has no event ${JSON.stringify(event.event)}.`,
    rule: labelOf({ type: 'track', event: event.event! }),
    keyword: 'unplanned',
    done: unplannedEvents === 'block' ? 'blocked' : 'allowed',
  };
}

type Fault = Omit<PlanViolation, 'done'> & { readonly place: Place };

/** A branch of a choice: the choice reports once that none of them fits. */
const BRANCH = /\/(?:anyOf|oneOf)\/\d+\/|\/not\/|\/if$/;

function faultsOf(rule: CompiledRule, event: Event): readonly Fault[] {
  const errors = rule.faults(event);
  const whole = errors.filter(({ schemaPath }) => !BRANCH.test(schemaPath));
  return (whole.length > 0 ? whole : errors).map((error) => faultOf(error, rule, event));
}

function faultOf(
  { keyword, instancePath, params, message }: ErrorObject,
  { label }: CompiledRule,
  event: Event,
): Fault {
  const { missingProperty, additionalProperty } = params as Readonly<Record<string, string | undefined>>;
  const member = missingProperty ?? additionalProperty;
  const base = pathOf(instancePath, event);
  const place = member === undefined ? base : [...base, member];
  const isUnplanned = keyword === 'additionalProperties';
  const words = isUnplanned
    ? 'is not planned'
    : keyword === 'required'
      ? 'is missing'
      : (message ?? 'is not valid');
  const path = formatPlace(place);
  return {
    code: isUnplanned ? 'tracking_plan_unplanned_property' : 'tracking_plan_invalid_value',
    path,
    message: `${path === '' ? 'The event' : path} ${words} (${label}: ${keyword}).`,
    rule: label,
    keyword,
    place,
  };
}

/** What is removed with a place: the member itself, or, for an item, the list that contains it. */
function leftOut(place: Place): Place | undefined {
  const item = place.findIndex((step) => typeof step === 'number');
  const left = item < 0 ? place : place.slice(0, item);
  return left.length >= 2 && CONTAINERS.has(left[0]) ? left : undefined;
}
