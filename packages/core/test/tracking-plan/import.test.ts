import { describe, expect, it } from 'vitest';
import { importTrackingPlan } from '../../src/tracking-plan/index.ts';
import { deepFreeze } from '../validation/freeze.ts';

const DRAFT = 'http://json-schema.org/draft-07/schema#';
const schemaOf = (properties: object): object => ({
  $schema: DRAFT,
  type: 'object',
  labels: {},
  properties: { context: {}, traits: {}, properties: { type: 'object', properties } },
});
const total = { total: { type: 'number', description: 'In euros.' } };
const { $schema: _draft, ...kept } = schemaOf(total) as Record<string, unknown>;

describe('the plan of an export', () => {
  it('has the rules of the Public API, the newest version of each', () => {
    const rules = [
      { key: 'Order Completed', type: 'TRACK', version: 1, jsonSchema: schemaOf({}) },
      { key: 'Order Completed', type: 'TRACK', version: 2, jsonSchema: schemaOf(total) },
      { key: '', type: 'IDENTIFY', version: 1, jsonSchema: schemaOf(total) },
      { key: '', type: 'COMMON', version: 1, jsonSchema: { $schema: DRAFT } },
      { key: 'X', type: 'WEIRD', version: 1, jsonSchema: {} },
    ];
    const expected = {
      ok: true,
      value: {
        plan: {
          rules: [
            { type: 'track', event: 'Order Completed', schema: kept },
            { type: 'identify', schema: kept },
          ],
        },
        left: ['track "Order Completed": version 1.', 'A rule of the type "WEIRD" with the key "X".'],
      },
    };
    for (const value of [rules, { rules }, { data: { rules, pagination: {} } }])
      expect(importTrackingPlan(deepFreeze(structuredClone(value)))).toEqual(expected);
  });

  it('has those of the older Config API, and reports what it lacks', () => {
    const sku = { sku: { type: 'string', pattern: '^(a+)+$' } };
    const value = {
      name: 'workspaces/shop/tracking-plans/rs_1',
      display_name: 'Shop',
      rules: {
        global: {},
        identify: schemaOf(total),
        events: [{ name: 'Seen', version: 1, rules: schemaOf(sku) }],
      },
    };
    const imported = importTrackingPlan(value);
    if (!imported.ok) throw new Error(JSON.stringify(imported.issues));
    expect(imported.value.plan).toMatchObject({
      name: 'Shop',
      rules: [{ type: 'identify' }, { event: 'Seen' }],
    });
    const [, seen] = imported.value.plan.rules;
    expect(seen?.schema).toMatchObject({
      properties: { properties: { properties: { sku: { type: 'string' } } } },
    });
    expect(JSON.stringify(seen)).not.toContain('pattern');
    expect(imported.value.left).toEqual([
      expect.stringContaining(
        'track "Seen", properties.properties.properties.sku.pattern: The pattern can take',
      ),
    ]);
  });

  it.each([[null], [{}], [{ rules: 5 }], ['text'], [{ rules: { events: 1 } }]])(
    'does not accept %j',
    (value) => {
      expect(importTrackingPlan(value)).toMatchObject({
        ok: false,
        issues: [{ code: 'tracking_plan_invalid' }],
      });
    },
  );
});
