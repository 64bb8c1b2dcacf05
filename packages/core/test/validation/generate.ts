import fc from 'fast-check';
import type { Field, FieldCondition, Fields, FieldType, Json } from '../../src/define/fields.ts';

/** Fields and payloads that fit them more or less, for tests against an oracle. */

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const TYPES: readonly FieldType[] = [
  'string',
  'string',
  'text',
  'number',
  'integer',
  'datetime',
  'boolean',
  'password',
  'object',
  'object',
];
const FORMATS = [
  'date',
  'time',
  'date-time',
  'uri',
  'uri-reference',
  'uri-template',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'regex',
  'uuid',
] as const;
const FORMAT_SAMPLES: Readonly<Record<(typeof FORMATS)[number], readonly string[]>> = {
  date: ['2026-03-01', '2024-02-29', '2026-02-29', '2026-3-1'],
  time: ['10:00:00', '10:00:00Z', '10:00:00.5+02:00', '10:00', '23:59:60Z', '10:00:00+24:00'],
  'date-time': ['2026-03-01T10:00:00Z', '2026-03-01 10:00:00', '2026-03-01T10:00:00+0100', '2026-03-01'],
  uri: ['https://example.com/x?y=1', 'mailto:a@b.co', 'example.com', 'urn:x'],
  'uri-reference': ['/x', '#a', 'a b', 'https://example.com'],
  'uri-template': ['/x/{id}', '{', '{+a,b}'],
  email: ['a@b.co', 'a.b+c@d.example', 'a@b', '@b.co', 'ä@b.co'],
  hostname: ['example.com', 'a', '-a', 'a..b'],
  ipv4: ['192.0.2.1', '192.0.2.01', '256.1.1.1'],
  ipv6: ['::1', '2001:db8::1', ':::', '1::192.0.2.1'],
  regex: ['a+', '[', '(?<n>a)', 'a\\Z'],
  uuid: ['123e4567-e89b-42d3-a456-426614174000', 'urn:uuid:123e4567-e89b-42d3-a456-426614174000', '123'],
};
const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;
const CHOICES = ['red', 'green', '5', 'true'] as const;

/** Values of every kind that a mapping can make, including odd ones. */
export const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json[]>(
    null,
    '',
    ' ',
    '5',
    '-1.5',
    '1e3',
    '0x10',
    '00',
    'Infinity',
    'true',
    'false',
    'red',
    'yes',
    true,
    false,
    0,
    1,
    -1,
    2.5,
    1e21,
    1735689600,
    [],
    {},
  ),
  fc.constantFrom<Json[]>(['q'], ['5'], [null], [''], [true], [['q']], [{}], [1, 2], [null, 'x'], { a: 1 }),
  fc.constantFrom<Json[]>(
    '2026-03-01',
    '2026-03-01T10:00:00Z',
    '2026-13-45',
    '20260301',
    '1735689600',
    '1735689600000',
    '17356896000000',
    '10:00:00',
    '25:00:00Z',
    '23:59:60Z',
    'Sun, 01 Mar 2026 10:00:00 GMT',
    'March',
    'a@b.co',
    'a@b',
    'https://example.com/x?y=1',
    '/x',
    '{+x}',
    'example.com',
    '192.0.2.1',
    '192.0.2.01',
    '::1',
    '[',
    '123e4567-e89b-42d3-a456-426614174000',
    'é€😀',
  ),
  fc.string({ maxLength: 8 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -5, max: 20 }),
);

const conditionOn = (names: readonly string[]): fc.Arbitrary<FieldCondition> =>
  fc.record({
    fieldKey: fc.constantFrom(...names),
    operator: fc.constantFrom('is' as const, 'is_not' as const),
    value: fc.oneof(
      { weight: 1, arbitrary: fc.constant(undefined) },
      {
        weight: 4,
        arbitrary: fc.constantFrom<Json[]>('red', 'x', '5', 5, true, false, 0, null, ['red', 'x'], [true, 5]),
      },
    ),
  });

/** The possible names in conditions, relative to the generated fields. */
interface Around {
  readonly names: readonly string[];
  readonly depth: number;
}

function fieldOf(around: Around): fc.Arbitrary<Field> {
  const required = fc.oneof(
    { weight: 5, arbitrary: fc.constant(false) },
    { weight: 3, arbitrary: fc.constant(true) },
    {
      weight: 2,
      arbitrary: fc.record({
        match: fc.constantFrom('all' as const, 'any' as const),
        conditions: fc.array(conditionOn(around.names), { minLength: 1, maxLength: 2 }),
      }),
    },
  );
  const oneIn = <T>(count: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.oneof({ weight: count - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
  return fc
    .record({
      type: fc.constantFrom(...TYPES),
      required,
      multiple: oneIn(3, fc.constant(true)),
      allowNull: oneIn(3, fc.constant(true)),
      format: oneIn(3, fc.constantFrom(...FORMATS)),
      choices: oneIn(
        3,
        fc.uniqueArray(
          fc.oneof(
            fc.constantFrom(...CHOICES),
            fc.constantFrom(...CHOICES).map((value) => ({ label: value, value })),
          ),
          { minLength: 1, maxLength: 3, selector: (one) => (typeof one === 'string' ? one : one.value) },
        ),
      ),
      minimum: oneIn(12, fc.constantFrom(0, 1, 3)),
      maximum: oneIn(12, fc.constantFrom(0, 4, 10)),
      additionalProperties: oneIn(3, fc.boolean()),
      withMembers: fc.boolean(),
    })
    .chain(({ withMembers, ...plain }) => {
      const field: Mutable<Field> = { label: '', description: '', type: plain.type };
      for (const key of ['required', 'multiple', 'allowNull', 'additionalProperties'] as const) {
        if (plain[key] !== undefined) Object.assign(field, { [key]: plain[key] });
      }
      const isText = plain.type === 'string' || plain.type === 'text' || plain.type === 'password';
      if (isText && plain.choices) field.choices = plain.choices;
      if (plain.type === 'string' && plain.format) field.format = plain.format;
      if (plain.minimum !== undefined) field.minimum = plain.minimum;
      if (plain.maximum !== undefined) field.maximum = plain.maximum;
      if (plain.type !== 'object' || !withMembers || around.depth >= 2) return fc.constant(field);
      return fieldsWith(around.depth + 1, around.names).map((properties) => ({ ...field, properties }));
    });
}

function fieldsWith(depth: number, outer: readonly string[]): fc.Arbitrary<Fields> {
  return fc
    .uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: depth === 0 ? 5 : 3 })
    .chain((names) => {
      const seen = depth === 0 ? [...names, ...names.map((name) => `${name}.a`)] : outer;
      return fc.record(
        Object.fromEntries(names.map((name) => [name, fieldOf({ names: seen, depth })])),
      ) as fc.Arbitrary<Fields>;
    });
}

/** Fields up to three levels deep. */
export const anyFields: fc.Arbitrary<Fields> = fieldsWith(0, []);

function fitting(field: Field): fc.Arbitrary<Json> {
  switch (field.type) {
    case 'number':
      return fc.constantFrom<Json[]>(1, 2.5, 5, 12, '5', '2.50');
    case 'integer':
      return fc.constantFrom<Json[]>(1, 5, 12, '7');
    case 'boolean':
      return fc.constantFrom<Json[]>(true, false, 'true', 'false', 1, 0);
    case 'datetime':
      return fc.constantFrom<Json[]>('2026-03-01T10:00:00.000Z', 1735689600, '1735689600');
    case 'object':
      return fc.constantFrom<Json[]>({}, { a: 1, z: null });
    default:
      if (field.format && field.format !== 'password' && field.format !== 'text') {
        return fc.constantFrom<Json[]>(...FORMAT_SAMPLES[field.format]);
      }
      return field.choices
        ? fc.constantFrom<Json[]>(...CHOICES)
        : fc.constantFrom<Json[]>('red', 'x', '5', 7, 'abcdef');
  }
}

function valueOf(field: Field): fc.Arbitrary<Json> {
  const single = field.properties ? payloadOf(field.properties) : fitting(field);
  const fits =
    field.multiple === true
      ? fc.oneof(
          { weight: 4, arbitrary: fc.array(single, { maxLength: 3 }) },
          { weight: 1, arbitrary: single },
        )
      : single;
  return fc.oneof({ weight: 6, arbitrary: fits }, { weight: 1, arbitrary: oddValue });
}

/** A payload for fields: mostly valid values, some odd, some missing, some extra members. */
export function payloadOf(fields: Fields): fc.Arbitrary<Json> {
  const known = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      fc.oneof({ weight: 5, arbitrary: valueOf(field) }, { weight: 1, arbitrary: fc.constant(undefined) }),
    ]),
  );
  const extra = fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('x', 'y', 'a'), oddValue, { maxKeys: 2 }) },
  );
  return fc.tuple(fc.record(known), extra).map(([object, more]) => {
    const merged: Record<string, Json> = {};
    for (const [key, value] of Object.entries({ ...more, ...object })) {
      if (value !== undefined) merged[key] = value as Json;
    }
    return merged;
  });
}
