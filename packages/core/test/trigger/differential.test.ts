import { createRequire } from 'node:module';
import { parseFql, validate, generateFql, type Subscription } from '@segment/destination-subscriptions';
import { describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { compileTrigger, TriggerError, type CompiledTrigger } from '../../src/trigger/index.ts';
import { hostedEvent, hostedText, runs } from './generators.ts';

// FC_RUNS can raise the number of runs, which then take their time.
vi.setConfig({ testTimeout: 3_600_000 });

type Answer = boolean | 'error';

/** The result of the hosted product, or that it fails. */
function oracle(ast: Subscription, event: Record<string, unknown>): Answer {
  if ('error' in ast) return 'error';
  try {
    return validate(ast, event);
  } catch {
    return 'error';
  }
}

function compile(text: string): CompiledTrigger | undefined {
  try {
    return compileTrigger(text, { dialect: 'segment' });
  } catch (error) {
    if (error instanceof TriggerError) return undefined;
    throw error;
  }
}

/** A tree whose evaluation fails for some events: ours fails when it is compiled. */
function failsOnSomeEvent(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return true;
  if ('children' in node && Array.isArray(node.children)) return node.children.some(failsOnSomeEvent);
  return 'name' in node && typeof node.name === 'string' && node.name !== '' && /^[.[\]]+$/.test(node.name);
}

const INHERITED = /constructor|toString/;

/** Compares ours with the hosted library for one trigger and event; returns the result. */
function compare(
  text: string,
  event: Record<string, unknown>,
): 'error' | 'failing' | 'inherited' | 'matched' | 'unmatched' {
  const ast = parseFql(text);
  const ours = compile(text);
  if ('error' in ast || failsOnSomeEvent(ast)) {
    expect([text, ours]).toEqual([text, undefined]);
    return 'error' in ast ? 'error' : 'failing';
  }
  const expected = oracle(ast, event);
  const answer = ours?.(event) ?? 'error';
  // The listed difference: the hosted library reads inherited members, ours does not.
  if (answer !== expected && INHERITED.test(text)) return 'inherited';
  expect([text, answer]).toEqual([text, expected]);
  return expected === true ? 'matched' : 'unmatched';
}

/** Runs the comparison over generated pairs and prints what they were, so that an empty test cannot pass unnoticed. */
function compareMany(name: string, texts: fc.Arbitrary<string>, count: number): void {
  const seen = { pairs: 0, matched: 0, unmatched: 0, error: 0, failing: 0, inherited: 0 };
  const options = runs(count);
  const seed = options.seed ?? Date.now() % 2 ** 31;
  fc.assert(
    fc.property(texts, hostedEvent, (text, event) => {
      seen.pairs += 1;
      seen[compare(text, event)] += 1;
    }),
    { ...options, seed },
  );
  process.stdout.write(`${name}: seed ${seed}, ${JSON.stringify(seen)}\n`);
  expect(seen.matched).toBeGreaterThan(seen.pairs / 20);
  expect(seen.unmatched).toBeGreaterThan(seen.pairs / 20);
}

describe('the segment dialect', () => {
  it('gives the same answers as the hosted product for generated triggers and events', () => {
    compareMany('segment dialect, generated strings', hostedText, 6_000);
  });

  it('gives the same answers as the hosted product for the triggers of its own generator', () => {
    const operator = fc.constantFrom(
      ...([
        '=',
        '!=',
        '<',
        '<=',
        '>',
        '>=',
        'contains',
        'not_contains',
        'starts_with',
        'not_starts_with',
      ] as const),
      ...(['ends_with', 'not_ends_with', 'exists', 'not_exists', 'is_true', 'is_false'] as const),
      ...(['number_equals', 'number_not_equals'] as const),
    );
    const value = fc.constantFrom(
      'track',
      'Order Completed',
      'Order',
      'ed',
      'a',
      '5',
      5,
      2.5,
      -3,
      true,
      'null',
    );
    const top = fc.record({
      type: fc.constantFrom('event-type', 'event', 'name', 'userId'),
      operator,
      value,
    });
    const nested = fc.record({
      type: fc.constantFrom('event-property', 'event-trait', 'event-context'),
      name: fc.constantFrom('a', 'b.a', 'a b', 'total', 'x-y', 'user_id', 'a.length'),
      operator,
      value,
    });
    const child = fc.oneof(top, nested);
    const group = (children: fc.Arbitrary<unknown>) =>
      fc.record({
        type: fc.constant('group'),
        operator: fc.constantFrom('and', 'or'),
        children: fc.array(children, { minLength: 1, maxLength: 3 }),
      });
    // The generated tree has the shape of the published type; its members are wider than the type's.
    const tree = group(fc.oneof({ weight: 3, arbitrary: child }, { weight: 1, arbitrary: group(child) }));
    compareMany(
      "segment dialect, the hosted generator's texts",
      tree.map((one) => generateFql(one as Subscription)),
      10_000,
    );
  });

  // The shapes in which definitions and workspaces write their triggers, spelling mistakes included.
  const published = [
    'type = "track"',
    "type = 'track'",
    'type == "track" and event == "Order Completed"',
    'type="identify"',
    'type = "identify" or type = "group"',
    'type = "track" or type = "page" or type = "screen" or type = "identify"',
    'type = "track" and event = "Order Completed"',
    'type = "track" and event != "Order Completed" and event != "Cart Updated"',
    'type = "track" and (event = "Product Added" or event = "Product Removed")',
    '(type = "track" and event = "Product Added") or type = "page"',
    'type = "identify" and traits.email != ""',
    'type = "identify" and traits.email != null and userId != null',
    'type = "track" and properties.revenue > 0',
    'type = "track" and properties.total >= 10.5 and properties.vip = true',
    'event = "Audience Entered" or event = "Audience Exited"',
    'type = "track" and context.personas.computation_class = "audience"',
    'type = "track" and match(event, "Order*")',
    'type = "track" and match(event, "*Viewed") and !contains(event, "Test")',
    '!(type = "alias")',
    'type = "page"\n  and name = "Home"',
    'type = "track" AND event = "Order Completed"',
    'event = "a" and ',
    'type',
    'anonymousId != null',
    '',
  ];

  it.each(published)('gives the same answer as the hosted product for %j', (text) => {
    fc.assert(
      fc.property(hostedEvent, (event) => {
        compare(text, event);
      }),
      runs(300),
    );
  });

  it('is compared with the pinned version of the hosted library', () => {
    const require = createRequire(import.meta.url);
    const manifest: unknown = require('@segment/destination-subscriptions/package.json');
    expect(manifest).toMatchObject({ version: '3.37.0' });
  });
});
