import { COMPARISONS, type OperatorEntry } from './comparison.ts';
import { CONVERSION } from './conversion.ts';
import type { FunctionEntry } from './function.ts';
import { LENGTH } from './length.ts';
import { LOGIC } from './logic.ts';
import { MATCHING } from './matching.ts';
import { MEMBERSHIP } from './membership.ts';
import { QUANTIFIERS } from './quantifier.ts';
import { TEXT } from './text.ts';

/** Every function of the language, in the order of the reference. */
export const FUNCTIONS: readonly FunctionEntry[] = [...MATCHING, ...LENGTH, ...TEXT, ...CONVERSION];

/** The same functions by name. */
export const FUNCTION_BY_NAME: ReadonlyMap<string, FunctionEntry> = new Map(
  FUNCTIONS.map((entry) => [entry.name, entry]),
);

/** Every operator of the language, in the order of the reference. */
export const OPERATORS: readonly OperatorEntry[] = [...LOGIC, ...COMPARISONS, ...MEMBERSHIP, ...QUANTIFIERS];
