import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/event/event.ts';
import { normaliseEvent } from '../../src/event/normalise.ts';
import { compileTrackingPlan, trackingPlanIssues } from '../../src/tracking-plan/index.ts';
import { deepFreeze } from '../validation/freeze.ts';
import { type PlanCase, planCases } from './support.ts';

const folder = new URL('../../../../test/cases/tracking-plan/', import.meta.url);
const faults = JSON.parse(readFileSync(new URL('faults.json', folder), 'utf8')) as readonly {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly at: readonly string[];
}[];

const eventOf = ({ event }: PlanCase) => {
  const made = normaliseEvent({ userId: 'ada', ...event }, { receivedAt: 0, newMessageId: () => 'm' });
  if (!made.ok) throw new Error(JSON.stringify(made.issues));
  return deepFreeze(made.value);
};

describe('a tracking plan', () => {
  it.each(planCases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    expect(trackingPlanIssues(deepFreeze(one.plan))).toEqual([]);
    const event = eventOf(one);
    const judged = compileTrackingPlan(one.plan)(event);
    expect(judged?.violations.map((v) => [v.code, v.path, v.rule, v.keyword, v.done]) ?? []).toEqual(
      one.violations,
    );
    expect(judged?.blocked ?? false).toBe(one.blocked ?? false);
    if (one.properties !== undefined) expect(judged?.event['properties']).toEqual(one.properties);
  });

  it.each(faults.map((one) => [one.name, one] as const))('is refused for %s', (_name, { schema, at }) => {
    const issues = trackingPlanIssues({ rules: [{ type: 'common', schema }] });
    expect(issues.map(({ path }) => path)).toEqual(at.map((path) => `rules[0].schema.${path}`));
    expect(new Set(issues.map(({ code }) => code))).toEqual(
      new Set(at.length > 0 ? ['tracking_plan_invalid'] : []),
    );
  });

  it('reports changes of the event first, and at most twenty violations', () => {
    const items = { type: 'array', items: { type: 'number' } };
    const properties = { properties: { list: items } };
    const judged = compileTrackingPlan({
      unplannedProperties: 'omit',
      rules: [
        {
          type: 'common',
          schema: { properties: { properties: { ...properties, additionalProperties: false } } },
        },
      ],
    })({ type: 'page', properties: { list: Array(30).fill('x'), other: 1 } } as unknown as Event);
    expect(judged?.violations).toHaveLength(20);
    expect(judged?.violations[0]).toMatchObject({ path: 'properties.other', done: 'omitted' });
    expect(judged?.violations[1]).toMatchObject({ path: 'properties.list[0]', done: 'allowed' });
  });

  it('has one rule per event, names only for track calls, and bounded schemas', () => {
    const rule = { type: 'track', event: 'Seen', schema: {} } as const;
    expect(trackingPlanIssues({ rules: [rule, rule, { ...rule, type: 'page' }] })).toMatchObject([
      { path: 'rules[1]' },
      { path: 'rules[2].event' },
    ]);
    const deep = (levels: number): object => (levels === 0 ? {} : { not: deep(levels - 1) });
    const issues = trackingPlanIssues({ rules: [{ type: 'common', schema: deep(2_100) as never }] });
    expect(issues).toHaveLength(1);
  });
});
