import type { Place } from '../mapping/paths.ts';
import { suggest } from '../text/suggest.ts';
import { FORMATS } from '../validation/formats.ts';
import { patternFault } from './pattern.ts';

/** The maximum size of a schema. */
const MOST = { schemas: 2_000, depth: 32 };

type Node = Readonly<Record<string, unknown>>;

const ONE = [
  'items',
  'additionalItems',
  'contains',
  'additionalProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
];
const LIST = ['items', 'allOf', 'anyOf', 'oneOf'];
const BY_NAME = ['properties', 'patternProperties', 'dependencies'];
const PLAIN =
  'type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern format maxItems minItems uniqueItems maxProperties minProperties required title description default examples $comment labels'.split(
    ' ',
  );
const KNOWN = [...new Set([...ONE, ...LIST, ...BY_NAME, ...PLAIN])];
const DRAFTS = /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/;

/** A problem of a schema, with its place. */
export interface SchemaFault {
  readonly place: Place;
  readonly message: string;
}

/**
 * Lists what a schema must not contain: unknown keywords and formats, references, and slow patterns. The compiler
 * checks their values.
 */
export function schemaFaults(schema: unknown): readonly SchemaFault[] {
  const faults: SchemaFault[] = [];
  let count = 0;
  const say = (place: Place, message: string): void => {
    faults.push({ place, message });
  };
  const visit = (node: unknown, place: Place): void => {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    count += 1;
    if (count > MOST.schemas || place.length > 2 * MOST.depth) {
      if (count <= MOST.schemas || count === MOST.schemas + 1)
        say(place, `A schema has at most ${MOST.schemas} parts, nested ${MOST.depth} deep.`);
      return;
    }
    keywords(node as Node, place, place.length === 0, say);
    for (const key of ONE) visit((node as Node)[key], [...place, key]);
    for (const key of LIST) {
      const list = (node as Node)[key];
      if (Array.isArray(list)) for (const [index, one] of list.entries()) visit(one, [...place, key, index]);
    }
    for (const key of BY_NAME)
      for (const [name, one] of Object.entries((node as Node)[key] ?? {})) visit(one, [...place, key, name]);
  };
  visit(schema, []);
  return faults;
}

function keywords(
  node: Node,
  place: Place,
  isTop: boolean,
  say: (place: Place, message: string) => void,
): void {
  for (const [key, value] of Object.entries(node)) {
    if (key === '$schema' && isTop) {
      if (!DRAFTS.test(String(value))) say([...place, key], 'Schemas of a plan are of draft 7.');
    } else if (key === '$ref')
      say([...place, key], 'References are not followed: write out what it refers to.');
    else if (!KNOWN.includes(key)) say([...place, key], `There is no keyword "${key}"${suggest(key, KNOWN)}`);
  }
  const { format, pattern, patternProperties } = node;
  if (typeof format === 'string' && !Object.hasOwn(FORMATS, format))
    say([...place, 'format'], `There is no format "${format}"${suggest(format, Object.keys(FORMATS))}`);
  const fault = typeof pattern === 'string' ? patternFault(pattern) : undefined;
  if (fault !== undefined) say([...place, 'pattern'], fault);
  for (const name of Object.keys(patternProperties ?? {})) {
    const wrong = patternFault(name);
    if (wrong !== undefined) say([...place, 'patternProperties', name], wrong);
  }
}
