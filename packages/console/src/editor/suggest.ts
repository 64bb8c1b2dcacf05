import type { Shape } from '@waybill/api';
import type { Field, Fields } from '@waybill/core';
import { segmentsOf } from '../trigger/known.ts';
import type { Values } from './config.ts';
import { reads } from './value.ts';

/** A suggested value for an empty field, and its source. */
export interface Suggestion {
  readonly field: string;
  /** A value of the mapping language. */
  readonly value: unknown;
  /** The path it reads. */
  readonly path: string;
  /** Share of the inspected events, from 0 to 1. */
  readonly share: number;
  readonly examples: readonly (string | number | boolean)[];
}

/** A path with values in events. */
type Place = Shape['paths'][number];

/** Synonymous names in common events. */
const ALIKE: readonly (readonly string[])[] = [
  ['email', 'emailaddress', 'mail', 'useremail'],
  ['userid', 'uid', 'customerid'],
  ['phone', 'phonenumber', 'mobile', 'mobilenumber'],
  ['eventname', 'event'],
  ['createdat', 'timestamp', 'time'],
  ['total', 'revenue', 'amount', 'ordertotal'],
  ['items', 'products', 'lineitems'],
  ['orderid', 'order', 'transactionid'],
  ['quantity', 'qty', 'count'],
  ['sku', 'productid', 'variantid'],
  ['imageurl', 'image'],
  ['url', 'link', 'href'],
  ['firstname', 'givenname'],
  ['lastname', 'surname', 'familyname'],
  ['zip', 'postalcode', 'zipcode'],
];

/** The scores of the exact name, the name of the label, and a synonym. */
const WORTH = { same: 3, label: 2.5, alike: 2 } as const;

/** Suggests values for unmapped fields, by the names and types in events. */
export function suggest(fields: Fields, values: Values, shapes: readonly Shape[]): readonly Suggestion[] {
  const places = together(shapes);
  return Object.entries(fields).flatMap(([name, field]) => {
    const isFree = values[name] === undefined && field.unsafe_hidden !== true && field.readOnly !== true;
    const found = isFree ? fill(name, field, places, '') : undefined;
    return found === undefined ? [] : [{ field: name, ...found }];
  });
}

type Fill = Omit<Suggestion, 'field'>;

function fill(name: string, field: Field, places: readonly Place[], below: string): Fill | undefined {
  const { properties } = field;
  const usual = below === '' ? usualOf(field, places) : undefined;
  if (usual !== undefined) return usual;
  if (field.type === 'object' && properties !== undefined && field.multiple !== true)
    return members(properties, places, below);
  const [best] = places
    .filter(({ path }) => path.startsWith(below) && !path.slice(below.length).includes('[]'))
    .map((place) => ({ place, worth: worthOf(name, field, place) }))
    .filter(({ worth }) => worth > 0)
    .toSorted((a, b) => b.worth - a.worth || a.place.path.length - b.place.path.length);
  if (best === undefined) return undefined;
  const { path, share, examples } = best.place;
  const found = { path, share, examples };
  const value = readOf(path, below);
  if (properties === undefined) return { ...found, value };
  const inner = members(properties, places, `${path}[]`);
  return inner === undefined
    ? undefined
    : { ...found, value: { '@arrayPath': [value['@path'] ?? value, inner.value] } };
}

/** The fillable members of an object, as one value. */
function members(properties: Fields, places: readonly Place[], below: string): Fill | undefined {
  const filled = Object.entries(properties).flatMap(([name, field]) => {
    const found = fill(name, field, places, below);
    return found === undefined ? [] : [[name, found] as const];
  });
  if (filled.length === 0) return undefined;
  return {
    value: Object.fromEntries(filled.map(([name, { value }]) => [name, value])),
    path: filled.map(([, { path }]) => path).join(', '),
    share: Math.min(...filled.map(([, { share }]) => share)),
    examples: filled.flatMap(([, { examples }]) => examples.slice(0, 1)),
  };
}

/** The default of the action for a field, if events have any of its paths. */
function usualOf(field: Field, places: readonly Place[]): Fill | undefined {
  const paths = new Set(pathsIn(field.default));
  const known = places.filter(({ path }) => paths.has(path));
  if (known.length === 0) return undefined;
  return {
    value: field.default,
    path: known.map(({ path }) => path).join(', '),
    share: Math.max(...known.map(({ share }) => share)),
    examples: known.flatMap(({ examples }) => examples.slice(0, 1)).slice(0, 3),
  };
}

/** The paths that a value reads from the event; those of the items of a list are not followed. */
function pathsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(pathsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const from = key === '@arrayPath' && Array.isArray(inner) ? (inner[0] as unknown) : inner;
    const isPath = typeof from === 'string' && (key === '@path' || key === '@arrayPath');
    return isPath ? [from.replace(/^\$\./, '')] : pathsIn(from);
  });
}

function readOf(path: string, below: string): Readonly<Record<string, unknown>> {
  return reads(segmentsOf(path.slice(below.length))) as Readonly<Record<string, unknown>>;
}

/** The score of a path for a field: its name first, then its frequency; undefined when its type does not fit. */
function worthOf(name: string, field: Field, place: Place): number {
  if (!canBe(field, place)) return 0;
  const last = bare(segmentsOf(place.path).at(-1) ?? '');
  const own = [bare(name), bare(field.label)] as const;
  const isAlike = ALIKE.some((words) => words.includes(last) && own.some((one) => words.includes(one)));
  const worth = last === own[0] ? WORTH.same : last === own[1] ? WORTH.label : isAlike ? WORTH.alike : 0;
  return worth === 0 ? 0 : worth + place.share;
}

function canBe({ type, multiple, format, properties }: Field, { types, examples }: Place): boolean {
  const has = (...wanted: Place['types'][number][]): boolean => wanted.some((one) => types.includes(one));
  if (multiple === true || (type === 'object' && properties !== undefined)) return has('list');
  if (format === 'email') return examples.some((one) => typeof one === 'string' && one.includes('@'));
  switch (type) {
    case 'object':
      return has('object');
    case 'boolean':
      return has('boolean');
    case 'number':
    case 'integer':
      return (
        has('number') ||
        examples.some((one) => typeof one === 'string' && one !== '' && !Number.isNaN(Number(one)))
      );
    case 'datetime':
      return examples.some((one) => typeof one === 'number' || /^\d{4}-\d\d-\d\d/.test(String(one)));
    default:
      return has('string', 'number');
  }
}

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** The distinct paths of some shapes, with their share of all events. */
function together(shapes: readonly Shape[]): readonly Place[] {
  const all = shapes.reduce((sum, { count }) => sum + count, 0);
  const found = new Map<string, Place>();
  for (const { count, paths } of shapes) {
    for (const place of paths) {
      const before = found.get(place.path);
      found.set(place.path, {
        path: place.path,
        types: [...new Set([...(before?.types ?? []), ...place.types])],
        share: (before?.share ?? 0) + (all === 0 ? 0 : (place.share * count) / all),
        examples: [...new Set([...(before?.examples ?? []), ...place.examples])].slice(0, 3),
      });
    }
  }
  return [...found.values()];
}
