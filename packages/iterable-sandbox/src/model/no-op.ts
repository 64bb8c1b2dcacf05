import { isDeepStrictEqual } from 'node:util';
import type { Target } from './identity.ts';
import type { JsonObject } from '../json.ts';
import { MANAGED, mergedOneLevel } from './profile.ts';
import type { Project } from './project.ts';

interface Write {
  readonly dataFields?: JsonObject | null;
  readonly mergeNestedObjects?: boolean | null;
}

/** Whether a write would leave the profile of its place exactly as it is. */
export function changesNothing(project: Project, place: Target, write: Write): boolean {
  const { profile } = place;
  if (profile === undefined) return false;
  const sameEmail = (email: unknown) => String(email).toLowerCase() === profile.email?.toLowerCase();
  if (place.email !== undefined && !sameEmail(place.email)) return false;
  if (place.userId !== undefined && place.userId !== profile.userId) return false;
  return Object.entries(write.dataFields ?? {}).every(([key, value]) => {
    if (key === 'userId') return value === null || value === profile.userId;
    if (key === 'email' && project.type !== 'email') return value === null || sameEmail(value);
    if (MANAGED.has(key)) return true;
    const old = profile.fields[key];
    if (value === null) return old === undefined;
    return isDeepStrictEqual(
      plain(mergedOneLevel(old, value, write.mergeNestedObjects === true)),
      plain(old),
    );
  });
}

/** The same JSON with ordinary prototypes: stored objects have none, which would make equal ones differ. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
