import type { Fields, MappingConfig } from '@waybill/core';
import { withField, type Values } from './config.ts';
import { eachOf, membersOf, readsInEach, withEach, withMember } from './each.ts';
import { reads } from './value.ts';

/** The place of a member in a field, as one text; a field is its own place. */
export function placeOf(field: string, member?: string): string {
  return member === undefined ? field : `${field}\0${member}`;
}

/** The field and the member of a place. */
export function partsOf(place: string): readonly [field: string, member: string | undefined] {
  const [field = '', member] = place.split('\0');
  return [field, member];
}

/** The mapping with a value read from the event at a place, which may be a member of a field, or of each of its items. */
export function withPicked(
  config: MappingConfig,
  values: Values,
  place: string,
  keys: readonly (string | number)[],
): MappingConfig {
  const [field, member] = partsOf(place);
  if (member === undefined) return withField(config, field, reads(keys));
  const value = values[field];
  const each = eachOf(value);
  if (each !== undefined) {
    const shape = withMember(each.shape, member, readsInEach(each, keys));
    return withField(config, field, withEach(value, { shape }));
  }
  return withField(config, field, withMember(membersOf(value) ?? {}, member, reads(keys)));
}

/** What a place is called. */
export function labelOf(fields: Fields, place: string): string {
  const [name, member] = partsOf(place);
  const label = fields[name]?.label ?? name;
  return member === undefined ? label : `${label} › ${fields[name]?.properties?.[member]?.label ?? member}`;
}
