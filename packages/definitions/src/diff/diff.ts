import type { Destination } from '@waybill/core';
import { type DefinitionData, withoutCode } from '../data/definition.ts';
import type { Change } from './change.ts';
import { compareVersions, type Version } from './compare.ts';

/** Input of a comparison: a definition, with or without code; several of them; or a version that was read. */
export type Definitions = Definition | readonly Definition[] | Version;
type Definition = Destination | DefinitionData;

/** Lists every change between definitions and later ones, with what it breaks. */
export function diffDefinitions(before: Definitions, after: Definitions): readonly Change[] {
  return compareVersions(asVersion(before), asVersion(after));
}

function asVersion(given: Definitions): Version {
  if (given instanceof Map) return given as Version;
  const list = Array.isArray(given) ? (given as readonly Definition[]) : [given as Definition];
  return new Map(list.map((one) => [one.slug, withoutCode(one)]));
}
