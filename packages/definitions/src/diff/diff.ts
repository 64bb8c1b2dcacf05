import type { Destination } from '@waybill/core';
import { type DefinitionData, withoutCode } from '../data/definition.ts';
import type { Change } from './change.ts';
import { compareVersions, type Version } from './compare.ts';

/** What can be compared: a definition, with its code or without; several of them; or a version that was read. */
export type Definitions = Definition | readonly Definition[] | Version;
type Definition = Destination | DefinitionData;

/** Every change from definitions to later ones, with what it breaks. */
export function diffDefinitions(before: Definitions, after: Definitions): readonly Change[] {
  return compareVersions(asVersion(before), asVersion(after));
}

function asVersion(given: Definitions): Version {
  if (given instanceof Map) return given as Version;
  const list = Array.isArray(given) ? (given as readonly Definition[]) : [given as Definition];
  return new Map(list.map((one) => [one.slug, withoutCode(one)]));
}
