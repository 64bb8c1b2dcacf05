import { arrayPath } from './array-path.ts';
import { caseDirective } from './case.ts';
import { coalesce } from './coalesce.ts';
import { date } from './date.ts';
import type { Directive } from './directive.ts';
import { event } from './event.ts';
import { excludeWhenNull } from './exclude-when-null.ts';
import { filter } from './filter.ts';
import { flatten } from './flatten.ts';
import { get } from './get.ts';
import { ifDirective } from './if.ts';
import { json } from './json.ts';
import { liquid } from './liquid.ts';
import { literal } from './literal.ts';
import { map } from './map.ts';
import { merge } from './merge.ts';
import { number } from './number.ts';
import { path } from './path.ts';
import { phone } from './phone.ts';
import { replace } from './replace.ts';
import { template } from './template.ts';
import { transform } from './transform.ts';

/** Every directive; first those that Segment has too. */
export const DIRECTIVES: readonly Directive[] = [
  path,
  template,
  ifDirective,
  arrayPath,
  caseDirective,
  replace,
  flatten,
  merge,
  json,
  transform,
  excludeWhenNull,
  literal,
  liquid,
  get,
  event,
  coalesce,
  map,
  filter,
  phone,
  date,
  number,
];

const BY_NAME = new Map<string, Directive>(DIRECTIVES.map((directive) => [directive.name, directive]));

/** The directive of a name. */
export function directiveNamed(name: string): Directive | undefined {
  return BY_NAME.get(name);
}
