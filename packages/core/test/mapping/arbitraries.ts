import fc from 'fast-check';

/** Keys that events and mappings share, so that paths often match. */
const KEYS = [
  'a',
  'b',
  'c',
  'd',
  'sku',
  'list',
  'text',
  'num',
  'obj',
  'name',
  '0',
  '1',
  'a.b',
  '',
  'length',
  '$',
];
const HOSTILE = [
  'constructor',
  'toString',
  'valueOf',
  '__proto__',
  'hasOwnProperty',
  'at',
  'link',
  'prototype',
];

const TEXTS = [
  '',
  ' ',
  'x',
  'a',
  'a.b',
  '$.a',
  'Foo Bar',
  'foo foo FOO',
  '0',
  '5.5',
  'null',
  '{"j":[1,null],"k":{"l":2}}',
  '[1,"a"]',
  '{bad',
  'ß İ ſ',
  '{{a}}',
  '}}',
  '€ 1,50',
  '$&',
  '\u2028`${x}`"\'\\',
  'left',
  '2026-01-02T03:04:05Z',
];

const key = fc.oneof(
  { weight: 120, arbitrary: fc.constantFrom(...KEYS) },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
);

const scalar = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.constantFrom(0, 1, -1, 2.5, 1e21, -0, 1767323045),
  fc.boolean(),
  fc.constant(null),
);

/** An object whose keys may be `__proto__`, an own member, as JSON.parse creates it. */
function objectOf(value: fc.Arbitrary<unknown>, keys: fc.Arbitrary<string>, maxLength: number) {
  return fc.array(fc.tuple(keys, value), { maxLength }).map((entries) => {
    const object: Record<string, unknown> = {};
    for (const [name, member] of entries) {
      Object.defineProperty(object, name, {
        value: member,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
    return object;
  });
}

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    scalar,
    objectOf(tie('value'), key, 5),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
})).value;

/** Any event: an object of JSON values. */
export const event: fc.Arbitrary<Record<string, unknown>> = objectOf(json, key, 8).map((members) => ({
  list: [{ sku: 's1', num: 1, obj: { a: null } }, { sku: 's2' }, 'x', null],
  obj: { a: { b: 1, c: null }, b: '', c: [] },
  text: 'Foo Bar foo',
  num: 0,
  ...members,
}));

/** Any JSON value. */
export const anyJson = json;

const WEIRD_PATHS = [
  '',
  '.',
  '$.',
  '$',
  '..',
  'a[0]',
  'a["b"]',
  "['a']",
  'list[1].sku',
  'a]',
  '[x]',
  'obj.$.a',
  'a[0]]',
  '"a"',
  "''",
  'list.length',
  'x$.y',
  '[0',
  '1]',
  'text.0',
  'list.0.obj.a.b',
];

const pathText = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(key, { minLength: 1, maxLength: 3 }).map((keys) => `$.${keys.join('.')}`),
  },
  { weight: 2, arbitrary: fc.array(key, { minLength: 1, maxLength: 2 }).map((keys) => keys.join('.')) },
  { weight: 2, arbitrary: fc.constantFrom(...WEIRD_PATHS) },
);

const templateText = fc
  .array(
    fc.oneof(
      fc.constantFrom('', ' ', 'Hi ', '-', '{', '}', '{{', '}}', '{{{', '}}}', '{{}}', '{{ }}'),
      pathText.map((path) => `{{${path}}}`),
      pathText.map((path) => `{{ ${path.replace('$.', '')} }}`),
      fc.constantFrom('a', 'text', 'num', 'list', 'obj.a', 'name').map((path) => `{{${path}}}`),
      fc.constantFrom('a', 'text', 'num').map((path) => `{{{${path}}}}`),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''));

const LIQUID = [
  '',
  'plain',
  '{{ text | upcase }}',
  '{{ num | plus: 1 }} {{ a.b }}',
  '{% if a %}yes{% else %}no{% endif %}',
  '{% assign z = text | append: "!" %}{{ z }}',
  '{{ list[0].sku }}{{ list.size }}',
  '{{ list | join: "," | size }}',
  '{{ text | split: " " | last }}',
  '{{ a.constructor.name }}',
  '{% unless b %}{{ c | default: "d" }}{% endunless %}',
  '{% for x in list %}{{ x }}{% endfor %}',
  '{{ list | reverse }}',
  '{{ text | nofilter }}',
  '{% increment num %}{% increment num %}',
  '{{ text',
  '{{ num | divided_by: 0 }}',
  '{{ text | date: "%Y" }}',
  '{{ obj | json }}',
];

const BROKEN = fc.constantFrom<unknown>(
  { '@case': { operator: 'LOWER', value: { '@path': 'text' } } },
  { '@case': { value: 'x' } },
  { '@flatten': { value: { '@path': 'obj' } } },
  { '@json': { mode: 'ENCODE', value: { '@path': 'obj' } } },
  { '@merge': { direction: 'LEFT', objects: [{ a: 1 }] } },
  { '@merge': { objects: [{ a: 1 }] } },
  { '@replace': { pattern: 'a', pattern2: 5, value: 'aa' } },
  { '@replace': { pattern: 'x'.repeat(11), value: 'aa' } },
  { '@if': { exists: '' } },
  { '@if': { then: 1 } },
  { '@path': 5 },
  { '@arrayPath': '$.list' },
  { '@transform': { apply: {} } },
  { '@path': 'a', b: 1 },
  { '@path': 'a', '@case': {} },
);

const option = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 2 });

/** Removes options that are undefined, most of the time. */
function options(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .record(shape)
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)));
}

/** Any mapping of Segment's directives, nested; now and then a broken one. */
export const segmentMapping: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{
  value: unknown;
  directive: unknown;
  object: Record<string, unknown>;
  mapping: Record<string, unknown>;
}>((tie) => {
  const directive = tie('directive');
  const textOrDirective = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...TEXTS) },
    { weight: 5, arbitrary: directive },
  );
  const objectOrDirective = fc.oneof(tie('object'), directive);
  const path = pathText.map((text) => ({ '@path': text }));
  const withMetadata = (made: Record<string, unknown>, add: boolean) =>
    add ? { ...made, _metadata: { x: 1 } } : made;
  const named = (name: string, value: fc.Arbitrary<unknown>) =>
    fc
      .tuple(value, fc.integer({ min: 0, max: 30 }))
      .map(([made, n]) => withMetadata({ [name]: made }, n === 0));
  const pattern = fc.constantFrom(
    'a',
    'foo',
    'F',
    ' ',
    '.',
    'o',
    '$',
    '\\',
    'ſ',
    '[x]',
    'x'.repeat(10),
    '\n',
    '-',
    'i',
  );
  const replacement = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('', 'b', 'XY', ' ') },
    { weight: 1, arbitrary: fc.constantFrom('$&', '$$', '$') },
  );
  return {
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      scalar,
      path,
      directive,
      tie('object'),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
    object: objectOf(tie('value'), key, 4),
    directive: fc.oneof(
      { maxDepth: 6, depthSize: 'small' },
      path,
      path,
      named('@path', fc.oneof({ weight: 6, arbitrary: pathText }, { weight: 1, arbitrary: directive })),
      named(
        '@template',
        fc.oneof({ weight: 6, arbitrary: templateText }, { weight: 1, arbitrary: directive }),
      ),
      named(
        '@if',
        fc
          .tuple(tie('value'), fc.constantFrom('exists', 'blank'), option(tie('value')), option(tie('value')))
          .map(([test, word, yes, no]) => {
            const made: Record<string, unknown> = { [word]: test };
            if (yes !== undefined) made['then'] = yes;
            if (no !== undefined) made['else'] = no;
            return made;
          }),
      ),
      named(
        '@case',
        options({ operator: fc.constantFrom('lower', 'upper'), value: option(textOrDirective) }),
      ),
      named(
        '@replace',
        options({
          pattern,
          replacement: option(replacement),
          pattern2: option(pattern),
          replacement2: option(replacement),
          ignorecase: option(fc.boolean()),
          global: option(fc.boolean()),
          value: textOrDirective,
        }),
      ),
      named(
        '@arrayPath',
        fc.oneof(
          fc.tuple(
            fc.oneof(fc.constantFrom('$.list', 'list', 'obj', 'a', '$.text'), pathText),
            tie('object'),
          ),
          fc.tuple(directive, tie('object')),
          fc.tuple(fc.oneof(fc.constant('$.list'), directive), directive),
          fc.tuple(pathText),
          fc.tuple(fc.constant('$.list'), fc.oneof(scalar, fc.constant({}), fc.constant([]))),
        ),
      ),
      named('@literal', tie('value')),
      named(
        '@flatten',
        options({
          separator: fc.constantFrom('.', '_', '__'),
          value: tie('value'),
          omitArrays: option(fc.boolean()),
        }),
      ),
      named('@json', options({ mode: fc.constantFrom('encode', 'decode'), value: tie('value') })),
      named(
        '@merge',
        options({
          direction: fc.constantFrom('left', 'right'),
          objects: fc.array(objectOrDirective, { maxLength: 3 }),
        }),
      ),
      named('@transform', options({ apply: objectOrDirective, mapping: objectOrDirective })),
      named('@excludeWhenNull', tie('value')),
      named('@liquid', fc.constantFrom(...LIQUID)),
      {
        weight: 1,
        arbitrary: fc.oneof(BROKEN, objectOf(tie('value'), fc.constantFrom('@path', 'a', '@nope'), 2)),
      },
    ),
    mapping: fc.oneof(
      { weight: 12, arbitrary: objectOf(tie('value'), key, 6) },
      { weight: 1, arbitrary: directive as fc.Arbitrary<Record<string, unknown>> },
      {
        weight: 1,
        arbitrary: fc.tuple(objectOrDirective, objectOf(tie('value'), key, 4)).map(([apply, fields]) => ({
          __segment_internal_directive: { '@transform': { apply } },
          ...fields,
        })),
      },
    ),
  };
}).mapping;
