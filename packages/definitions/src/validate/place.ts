import type { Issue } from '@waybill/core';
import { parsePlace, type Place } from '../text/place.ts';
import type { Found } from './rule.ts';

/** Prefixes the paths of issues of a part with its place in the whole. */
export function within(place: Place, issues: readonly Issue[]): readonly Found[] {
  return issues.map(({ path, message, offset }) => ({
    place: [...place, ...parsePlace(path)],
    message,
    ...(offset === undefined ? {} : { offset }),
  }));
}
