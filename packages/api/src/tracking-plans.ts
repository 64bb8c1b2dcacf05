import { type TrackingPlan, trackingPlanSchema } from '@waybill/core';
import { CODE } from './issues.ts';
import { members, route } from './route.ts';
import {
  among,
  anything,
  AT,
  LIMIT,
  list,
  named,
  object,
  text,
  typed,
  type TypeOf,
  whole,
} from './schema.ts';

const TRACKING_PLAN = named('TrackingPlan', typed<TrackingPlan>(trackingPlanSchema));

const VIOLATION = named(
  'Violation',
  object({
    sourceId: text(),
    code: CODE,
    path: text({ description: 'Where in the event; `[]` means each item of a list.' }),
    rule: text({ description: 'The rule: `common`, `identify`, or `track "Order Completed"`.' }),
    keyword: text({
      description: 'The keyword of the schema: `required`, `type`; `unplanned` for an event without a rule.',
    }),
    done: among(['allowed', 'omitted', 'blocked']),
    message: text({ description: 'The latest message.' }),
    remedy: text(),
    count: whole(),
    firstAt: AT,
    lastAt: AT,
    messageId: text({ description: 'The latest event.' }),
  }),
);

/** A violation of the tracking plan of a source. */
export type Violation = TypeOf<typeof VIOLATION>;

const ISSUES = list(object({ path: text(), message: text(), code: CODE }));

const GONE = ['request_not_found'] as const;

/** A plan as written; its problems are reported. */
const WRITTEN = typed<object>({ type: 'object' });

/** Routes of tracking plans; the plan itself is a member of its source. */
export const TRACKING_PLAN_ROUTES = {
  'GET /api/sources/:id/violations': route({
    does: 'Violations of the tracking plan of the source since the start, latest first: the same path, rule and outcome once, with a count.',
    query: members({ limit: LIMIT }),
    answer: list(VIOLATION),
    errors: GONE,
  }),
  'GET /api/sources/:id/inferred-plan': route({
    does: 'A tracking plan that matches the events seen from the source: a draft to be corrected.',
    answer: TRACKING_PLAN,
    errors: GONE,
  }),
  'POST /api/tracking-plan/check': route({
    role: 'edit',
    does: 'The errors in a tracking plan, by path; nothing is saved.',
    body: members({}, { plan: WRITTEN }),
    answer: object({ issues: ISSUES }),
  }),
  'POST /api/tracking-plan/import': route({
    role: 'edit',
    does: "Converts an export of Segment's Protocols to a plan, and lists the parts that a plan cannot have; nothing is saved.",
    body: members({}, { exported: anything() }),
    answer: object({ plan: TRACKING_PLAN, left: list(text()) }),
    errors: ['tracking_plan_invalid'],
  }),
} as const;
