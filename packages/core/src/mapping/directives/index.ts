import { arrayPath } from './array-path.ts';
import { caseDirective } from './case.ts';
import type { Directive } from './directive.ts';
import { excludeWhenNull } from './exclude-when-null.ts';
import { flatten } from './flatten.ts';
import { ifDirective } from './if.ts';
import { json } from './json.ts';
import { liquid } from './liquid.ts';
import { literal } from './literal.ts';
import { merge } from './merge.ts';
import { path } from './path.ts';
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
];

const BY_NAME = new Map<string, Directive>(DIRECTIVES.map((directive) => [directive.name, directive]));

/** The directive of a name. */
export function directiveNamed(name: string): Directive | undefined {
  return BY_NAME.get(name);
}
