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
      description: 'What of the schema: `required`, `type`; `unplanned` for an event without a rule.',
    }),
    done: among(['allowed', 'omitted', 'blocked']),
    message: text({ description: 'What was wrong the last time.' }),
    remedy: text(),
    count: whole(),
    firstAt: AT,
    lastAt: AT,
    messageId: text({ description: 'The event of the last time.' }),
  }),
);

/** Something that a source did against its plan. */
export type Violation = TypeOf<typeof VIOLATION>;

const ISSUES = list(object({ path: text(), message: text(), code: CODE }));

const GONE = ['request_not_found'] as const;

/** A plan as somebody writes it: what is wrong with it is told. */
const WRITTEN = typed<object>({ type: 'object' });

/** Routes of tracking plans; the plan itself is a member of its source. */
export const TRACKING_PLAN_ROUTES = {
  'GET /api/sources/:id/violations': route({
    does: 'What the source sent against its tracking plan since the start, seen last first: the same place, rule and outcome once, with a count.',
    query: members({ limit: LIMIT }),
    answer: list(VIOLATION),
    errors: GONE,
  }),
  'GET /api/sources/:id/inferred-plan': route({
    does: 'A tracking plan that the events follow which were seen of the source: a draft to be corrected.',
    answer: TRACKING_PLAN,
    errors: GONE,
  }),
  'POST /api/tracking-plan/check': route({
    role: 'edit',
    does: 'What is wrong with a tracking plan, by places within it; nothing is saved.',
    body: members({}, { plan: WRITTEN }),
    answer: object({ issues: ISSUES }),
  }),
  'POST /api/tracking-plan/import': route({
    role: 'edit',
    does: "Makes a plan of what Segment's Protocols has exported, and tells what of that no plan has; nothing is saved.",
    body: members({}, { exported: anything() }),
    answer: object({ plan: TRACKING_PLAN, left: list(text()) }),
    errors: ['tracking_plan_invalid'],
  }),
} as const;
