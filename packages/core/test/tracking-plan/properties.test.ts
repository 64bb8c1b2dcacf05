import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Event } from '../../src/event/event.ts';
import {
  compileTrackingPlan,
  inferTrackingPlan,
  type TrackingPlan,
  trackingPlanIssues,
} from '../../src/tracking-plan/index.ts';
import { deepFreeze } from '../validation/freeze.ts';

type Schema = Readonly<Record<string, unknown>>;

const name = fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__');
const leaf: fc.Arbitrary<Schema> = fc.oneof(
  fc.constant({}),
  fc.record({ type: fc.constantFrom('string', 'number', 'object', 'array', ['null', 'boolean']) }),
  fc.record({
    enum: fc.uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  fc.record({ minimum: fc.integer(), maxLength: fc.nat(5) }),
  fc.record({ pattern: fc.constantFrom('^a+$', 'b', '^[ab]{2}$'), uniqueItems: fc.boolean() }),
);
const { schema } = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record(
      {
        properties: fc.dictionary(name, tie('schema'), { maxKeys: 3 }),
        required: fc.uniqueArray(name, { maxLength: 2 }),
        additionalProperties: fc.boolean(),
        items: tie('schema'),
        anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  ),
}));
const action = fc.constantFrom('allow' as const, 'omit' as const, 'block' as const);
const plan: fc.Arbitrary<TrackingPlan> = fc
  .tuple(schema, fc.option(schema), action, action)
  .map(([properties, common, unplannedProperties, invalidValues]) => ({
    unplannedProperties,
    invalidValues,
    rules: [
      { type: 'track', event: 'Seen', schema: { properties: { properties } } },
      ...(common === null
        ? []
        : [{ type: 'common' as const, schema: { properties: { properties: common } } }]),
    ],
  }));
const event = fc
  .dictionary(name, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })
  .map((properties) => ({ type: 'track', event: 'Seen', userId: 'ada', properties }) as unknown as Event);

it('accepts what its schemas accept, leaves its input unchanged, and applies its actions', () => {
  fc.assert(
    fc.property(plan, event, (given, sent) => {
      deepFreeze(given);
      deepFreeze(sent);
      expect(trackingPlanIssues(given)).toEqual([]);
      const judge = compileTrackingPlan(given);
      const judged = judge(sent);
      const ajv = new Ajv({ strict: false, ownProperties: true, logger: false });
      const isValid = given.rules.every((rule) => ajv.validate(rule.schema, sent));
      if (judged === undefined) {
        expect(isValid).toBe(true);
        return;
      }
      const { violations, blocked } = judged;
      expect(violations.length).toBeGreaterThan(0);
      expect(blocked).toBe(violations.some(({ done }) => done === 'blocked'));
      if (!isValid) expect(violations.some(({ keyword }) => keyword !== 'unplanned')).toBe(true);
      if (!violations.some(({ done }) => done === 'omitted')) expect(judged.event).toBe(sent);
      // What was removed is not reported again; it may be reported as missing where another rule requires it.
      const left = violations.filter(
        ({ keyword, done }) => keyword === 'additionalProperties' && done === 'omitted',
      );
      const again = judge(judged.event)?.violations.filter(
        ({ keyword }) => keyword === 'additionalProperties',
      );
      for (const { path } of left) expect(again?.map((one) => one.path) ?? []).not.toContain(path);
    }),
    { numRuns: 300 },
  );
});

it('of seen events accepts the same events', () => {
  const shapes = [
    {
      type: 'track',
      event: 'Seen',
      paths: [
        { path: 'properties', types: ['object'], share: 1 },
        { path: 'properties.id', types: ['number', 'string'], share: 1 },
        { path: 'properties["a.b"]', types: ['null'], share: 0.5 },
        { path: 'properties.products', types: ['list'], share: 0.5 },
        { path: 'properties.products[]', types: ['object'], share: 0.5 },
        { path: 'properties.products[].sku', types: ['string'], share: 0.5 },
      ],
    },
    { type: 'page', event: 'Home', paths: [{ path: 'properties', types: ['object'], share: 1 }] },
    { type: 'page', event: 'Cart', paths: [] },
    { type: 'alias', event: '', paths: [] },
  ];
  const inferred = inferTrackingPlan(shapes);
  expect(trackingPlanIssues(inferred)).toEqual([]);
  expect(inferred.rules).toEqual([
    {
      type: 'page',
      schema: { type: 'object', properties: { properties: { type: 'object', properties: {} } } },
    },
    {
      type: 'track',
      event: 'Seen',
      schema: {
        type: 'object',
        properties: {
          properties: {
            type: 'object',
            properties: {
              id: { type: ['number', 'string'] },
              'a.b': { type: 'null' },
              products: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
            },
            required: ['id'],
          },
        },
        required: ['properties'],
      },
    },
  ]);
});
