import fc from 'fast-check';
import type { Condition, Literal, ListLiteral, Operand, Path } from '../../src/trigger/ast.ts';

/** Seed and number of runs of a property, settable from outside and printed by fast-check when it fails. */
export function runs(defaultRuns: number, variable = 'FC_RUNS'): { numRuns: number; seed?: number } {
  const seed = process.env['FC_SEED'];
  const count = process.env[variable];
  return {
    numRuns: count === undefined ? defaultRuns : Number(count),
    ...(seed !== undefined && { seed: Number(seed) }),
  };
}

const NAMES = [
  'Order Completed',
  'Signed Up',
  'a',
  '',
  'null',
  'true',
  '5',
  '=',
  'eos',
  'track',
  'Order*',
  "'track'",
];
const KEYS = [
  'a',
  'b',
  'total',
  'name',
  'a b',
  'a.b',
  '0',
  'length',
  'properties',
  'é',
  'and',
  'constructor',
  '',
];
const HOSTED_KEYS = ['a', 'b', 'total', 'name', 'a b', 'length', 'properties', '0', 'user_id', 'x-y'];

export const scalar = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 5, -3, 2.5, 10, 1e21, 1e-7) },
  { weight: 2, arbitrary: fc.constantFrom(true, false, null) },
);

function json(keys: readonly string[]): fc.Arbitrary<unknown> {
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;
}

function eventWith(keys: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  const container = fc.oneof(
    { weight: 8, arbitrary: fc.dictionary(fc.constantFrom(...keys), json(keys), { noNullPrototype: true }) },
    { weight: 1, arbitrary: json(keys) },
  );
  return fc.record(
    {
      type: fc.oneof(fc.constantFrom('track', 'identify', 'page'), scalar),
      event: fc.oneof(fc.constantFrom('Order Completed', 'Signed Up'), scalar),
      name: scalar,
      userId: scalar,
      anonymousId: scalar,
      properties: container,
      traits: container,
      context: container,
    },
    { requiredKeys: [] },
  );
}

/** Events for the full language: any shape, awkward keys. */
export const event = eventWith(KEYS);

/** Events for the hosted dialect: keys that no prototype has, save `length`. */
export const hostedEvent = eventWith(HOSTED_KEYS);

// --- trees of the full language ---

const place = { offset: 0, end: 0 };
const literal: fc.Arbitrary<Literal> = fc
  .oneof(
    scalar,
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  .map((value) => ({ kind: 'literal', value: value === 0 ? 0 : value, ...place }));
const list: fc.Arbitrary<ListLiteral> = fc
  .array(literal, { maxLength: 3 })
  .map((items) => ({ kind: 'list', items, ...place }));
const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ unit: 'binary', maxLength: 4 }));
const member = fc.array(key, { minLength: 1, maxLength: 3 });

const eventPath: fc.Arbitrary<Path> = fc
  .oneof(
    fc.constantFrom(['type'], ['event'], ['userId'], ['anonymousId'], ['properties']),
    fc
      .tuple(fc.constantFrom('properties', 'traits', 'context'), member)
      .map(([root, rest]) => [root, ...rest]),
  )
  .map((segments) => ({ kind: 'path', root: 'event', segments, ...place }));
const itemPath: fc.Arbitrary<Path> = fc
  .oneof(fc.constant([]), member)
  .map((segments) => ({ kind: 'path', root: 'item', segments, ...place }));

function path(inItem: boolean): fc.Arbitrary<Path> {
  return inItem ? fc.oneof(itemPath, eventPath) : eventPath;
}

const PATTERNS = ['*', 'Order*', '*ed', '*r*', 'O?der [A-D]*', '\\*', '[^a]', ''];

function call(inItem: boolean): fc.Arbitrary<Operand> {
  const value = fc.oneof({ weight: 3, arbitrary: path(inItem) }, { weight: 1, arbitrary: literal });
  const one = fc
    .constantFrom(
      'length',
      'lowercase',
      'uppercase',
      'snakecase',
      'kebabcase',
      'titlecase',
      'typeof',
      'string',
      'number',
    )
    .chain((name) => value.map((arg): Operand => ({ kind: 'call', name, args: [arg], ...place })));
  return fc.oneof(one, boolCall(inItem));
}

function boolCall(inItem: boolean): fc.Arbitrary<Operand & { kind: 'call' }> {
  const value = path(inItem);
  return fc.oneof(
    value.map((arg) => ({ kind: 'call' as const, name: 'bool', args: [arg], ...place })),
    fc
      .tuple(value, literal)
      .map(([arg, part]) => ({ kind: 'call' as const, name: 'contains', args: [arg, part], ...place })),
    fc.tuple(value, fc.constantFrom(...PATTERNS)).map(([arg, pattern]) => ({
      kind: 'call' as const,
      name: 'match',
      args: [arg, { kind: 'literal' as const, value: pattern, ...place }],
      ...place,
    })),
  );
}

function operand(inItem: boolean): fc.Arbitrary<Operand> {
  return fc.oneof(
    { weight: 5, arbitrary: path(inItem) },
    { weight: 3, arbitrary: literal },
    { weight: 1, arbitrary: list },
    { weight: 2, arbitrary: call(inItem) },
  );
}

function leaf(inItem: boolean): fc.Arbitrary<Condition> {
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom('=', '!=', '<', '<=', '>', '>='), operand(inItem), operand(inItem))
        .map(([operator, left, right]): Condition => ({ kind: 'compare', operator, left, right, ...place })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(operand(inItem), fc.oneof(list, path(inItem)))
        .map(([value, values]): Condition => ({ kind: 'in', value, list: values, ...place })),
    },
    {
      weight: 2,
      arbitrary: fc
        .oneof(
          path(inItem),
          boolCall(inItem),
          fc.boolean().map((value) => ({ kind: 'literal' as const, value, ...place })),
        )
        .map((one): Condition => ({ kind: 'test', operand: one, ...place })),
    },
  );
}

function conditionOfDepth(depth: number, inItem: boolean): fc.Arbitrary<Condition> {
  if (depth === 0) return leaf(inItem);
  const child = conditionOfDepth(depth - 1, inItem);
  return fc.oneof(
    { weight: 3, arbitrary: leaf(inItem) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(child, { minLength: 2, maxLength: 4 }))
        .map(([kind, children]): Condition => ({ kind, children, ...place })),
    },
    { weight: 2, arbitrary: child.map((one): Condition => ({ kind: 'not', child: one, ...place })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('any', 'all'),
          inItem ? itemPath : eventPath,
          conditionOfDepth(depth - 1, true),
        )
        .map(([kind, from, condition]): Condition => ({ kind, list: from, condition, ...place })),
    },
  );
}

/** Trees of the full language, as a parser would make them, without positions. */
export const condition = conditionOfDepth(3, false);

/** A tree without its positions. */
export function withoutPlaces(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPlaces);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => name !== 'offset' && name !== 'end')
      .map(([name, value]) => [name, withoutPlaces(value)]),
  );
}

// --- triggers for the hosted dialect ---

const GOOD_PATHS = [
  'type',
  'event',
  'name',
  'userId',
  'properties.a',
  'properties.total',
  'properties.b.a',
  'traits.name',
];
const HOSTED_PATHS = [
  'properties.a\\ b',
  'properties.a\\.b',
  'properties.properties',
  'properties',
  'properties.a.length',
  'propertiesx',
  'traits.user_id',
  'traits.x-y',
  'context.a.b',
  'context',
  'anonymousId',
  'foo',
  'type.x',
  'properties.a.0',
  'properties\\.',
  'properties.\\.',
];
const GOOD_OPERATORS = ['=', '=', '!=', '!=', '<', '<=', '>', '>='];
const HOSTED_OPERATORS = ['==', 'contains', 'in', 'exists', 'is_true', 'not_contains', '!'];
const GOOD_VALUES = ['"track"', '"Order Completed"', '"a"', '5', 'true', 'null', '10'];
const HOSTED_VALUES = [
  "'track'",
  '"5"',
  '-3',
  '2.5',
  '1e1',
  '+',
  '10',
  'true',
  'false',
  'null',
  'foo',
  '""',
  '"null"',
  '"true"',
  'properties.a',
];

/** Mostly what people write, now and then something odd. */
function mostly(good: readonly string[], odd: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
}

const hostedPath = mostly(GOOD_PATHS, HOSTED_PATHS);
const hostedCompare = fc
  .tuple(
    hostedPath,
    mostly(GOOD_OPERATORS, HOSTED_OPERATORS),
    mostly(GOOD_VALUES, HOSTED_VALUES),
    mostly([' '], ['', '  ', '\n']),
  )
  .map(([left, operator, right, space]) => `${left}${space}${operator}${space}${right}`);
const hostedCall = fc
  .tuple(
    mostly(['', '!'], ['! ']),
    fc.constantFrom('contains', 'match'),
    hostedPath,
    mostly(['"Order*"', '"*ed"', '"a"'], ['"*r*"', '"ed"', '"Order"', "'Order*'", '5', 'true', '""', '"*"']),
  )
  .map(([negation, name, left, right]) => `${negation}${name}(${left}, ${right})`);
const hostedLeaf = fc.oneof({ weight: 3, arbitrary: hostedCompare }, { weight: 2, arbitrary: hostedCall });
const joiner = mostly([' and ', ' or '], [' AND ', ' or not ', ' and !', ' ']);

function joined(part: fc.Arbitrary<string>, max: number): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(part, joiner), { minLength: 1, maxLength: max })
    .map((parts) => parts.map(([text, join], at) => (at === 0 ? text : join + text)).join(''));
}

const hostedGroup = joined(hostedLeaf, 3).map((text) => `(${text})`);
const hostedWhole = joined(
  fc.oneof({ weight: 3, arbitrary: hostedLeaf }, { weight: 1, arbitrary: hostedGroup }),
  4,
);

const FRAGMENTS = [
  ...GOOD_PATHS,
  ...GOOD_OPERATORS,
  ...GOOD_VALUES,
  ...HOSTED_PATHS,
  ...HOSTED_OPERATORS,
  ...HOSTED_VALUES,
  'and',
  'or',
  'an',
  'nul',
  'not',
  'constructor',
  'toString',
  'contains',
  'match',
  '(',
  ')',
  ',',
  '[',
  ']',
  '.',
  '\\and',
  '!=',
  '"',
  "'",
  '5.',
  '1.2.3',
  '\r',
  '&&',
];
const soup = fc
  .array(fc.tuple(fc.constantFrom(...FRAGMENTS), fc.constantFrom(' ', ' ', '', '\n', '\t')), { maxLength: 9 })
  .map((parts) => parts.map(([text, space]) => text + space).join(''));

/** Triggers for the hosted dialect: well-formed ones, and random tokens. */
export const hostedText = fc.oneof({ weight: 8, arbitrary: hostedWhole }, { weight: 1, arbitrary: soup });
