import type { Field } from '../../packages/core/src/define/fields.ts';
import type { Random } from './random.ts';

type Hint = Pick<
  Field,
  'type' | 'format' | 'choices' | 'multiple' | 'properties' | 'additionalProperties' | 'minimum' | 'maximum'
>;

const WORDS = ['tea', 'Order Completed', 'USD', 'ada@example.com', 'A-1001', 'en-US', 'Ünïcode ☕', '42'];

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  email: ['ada@example.com', 'grace.hopper+news@navy.example'],
  uri: ['https://shop.example/tea?x=1', 'http://localhost:3000/a#b'],
  'uri-reference': ['/products/tea', 'https://shop.example/'],
  date: ['2026-03-01', '1990-12-31'],
  'date-time': ['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.123+02:00'],
  time: ['09:30:00Z'],
  uuid: ['123e4567-e89b-42d3-a456-426614174000'],
  ipv4: ['192.0.2.1', '8.8.8.8'],
  ipv6: ['2001:db8::1'],
  hostname: ['shop.example'],
};

/** A value that a field accepts, now and then one that it accepts after conversion. */
export function valueFor(field: Hint, random: Random, depth = 0): unknown {
  if (field.multiple === true) {
    const { multiple: _multiple, ...item } = field;
    const count = random.chance(0.1) ? 0 : 1 + random.below(3);
    return Array.from({ length: count }, () => valueFor(item, random, depth + 1));
  }
  if (field.choices !== undefined && field.choices.length > 0) {
    const choice = random.pick(field.choices);
    return typeof choice === 'string' ? choice : choice.value;
  }
  switch (field.type) {
    case 'boolean':
      return random.chance(0.5);
    case 'integer':
      return whole(field, random);
    case 'number':
      return random.chance(0.5) ? whole(field, random) : whole(field, random) + 0.5;
    case 'datetime':
      return random.pick([
        '2026-03-01T09:30:00.000Z',
        1772357400,
        '1772357400',
        '1772357400000',
        '2026-03-01',
      ]);
    case 'object':
      return objectFor(field, random, depth);
    default:
      return textFor(field, random);
  }
}

function whole({ minimum = 0, maximum = 1000 }: Hint, random: Random): number {
  return Math.ceil(minimum + random.next() * Math.max(0, maximum - minimum - 1));
}

function textFor({ format, minimum = 0, maximum = Infinity }: Hint, random: Random): string {
  const text = random.pick(FORMATS[format ?? ''] ?? WORDS);
  return format === undefined ? text.padEnd(minimum, 'x').slice(0, maximum) : text;
}

function objectFor(field: Hint, random: Random, depth: number): unknown {
  if (field.properties === undefined) {
    return random.pick([
      { plan: 'pro', seats: 5, trial: false },
      { a: { b: [1, 2] }, none: null, empty: '' },
      { email: 'ada@example.com' },
    ]);
  }
  const object: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(field.properties)) {
    const present = inner.required === true || random.chance(depth > 2 ? 0.3 : 0.8);
    if (present) object[key] = valueFor(inner, random, depth + 1);
  }
  if (random.chance(0.2)) object['unknown_member'] = random.pick(['x', 1, null]);
  return object;
}

/** A placeholder for a member to remove. */
export const GONE = Symbol('gone');

const ODD: readonly unknown[] = [
  GONE,
  GONE,
  null,
  null,
  '',
  '',
  ' ',
  0,
  1,
  -1,
  1.5,
  1e21,
  '0',
  '5',
  '-2.5',
  ' 7 ',
  '1e3',
  '0x10',
  'Infinity',
  'true',
  'false',
  'null',
  true,
  false,
  'not a number',
  'not-an-email@',
  '2026-02-30',
  'x'.repeat(300),
  [],
  [null],
  [''],
  ['one'],
  [1, '2', null, true],
  [[]],
  [{}],
  {},
  { x: null },
  { a: 1, b: '' },
];

/** A value made wrong, or merely unusual: missing, null, empty, of another type, a number as text, within a list. */
export function perturb(value: unknown, random: Random): unknown {
  if (typeof value === 'number' && random.chance(0.4)) {
    return random.pick([String(value), ` ${value}`, value !== 0, -value, value + 0.25]);
  }
  if (typeof value === 'boolean' && random.chance(0.4)) {
    return random.pick([String(value), Number(value), value ? 'yes' : 'no', value ? 'True' : '']);
  }
  if (typeof value === 'string' && random.chance(0.15)) {
    return random.pick([value.length, value.toUpperCase(), ` ${value}`, Number.parseFloat(value)]);
  }
  if (random.chance(0.15)) return [value];
  if (random.chance(0.05)) return [value, value];
  if (random.chance(0.05)) return { value };
  return random.pick(ODD);
}

/** Perturbs one place of a tree of values, chosen at random, in place. */
export function perturbWithin(tree: object, random: Random): void {
  const members = tree as Record<string, unknown>;
  const keys = Object.keys(members);
  if (keys.length === 0) return;
  const key = random.pick(keys);
  const value = members[key];
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && random.chance(0.85)) {
    perturbWithin(value, random);
    return;
  }
  const next = perturb(value, random);
  if (next !== GONE) members[key] = structuredClone(next);
  else if (Array.isArray(tree)) tree.splice(Number(key), 1);
  else delete members[key];
}
