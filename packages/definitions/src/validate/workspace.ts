import { type Issue, resolveWorkspace } from '@waybill/core';
import { parsePlace, type Place } from '../text/place.ts';
import type { Found, WorkspaceSubject } from './rule.ts';

/** Returns the issues with these codes from resolving a workspace. Environment variables are not required. */
export function* resolved(subject: WorkspaceSubject, codes: readonly Issue['code'][]): Iterable<Found> {
  const result = resolveWorkspace(subject.workspace, {
    ...subject,
    // Each variable gets a unique value, so that two of them are never the same write key.
    env: (name) => `from ${name}`,
  });
  if (result.ok) return;
  for (const { code, path, message } of result.issues) {
    const place = parsePlace(path);
    if (!codes.includes(code) || isFromEnvironment(subject.workspace, place)) continue;
    yield { place, message };
  }
}

function isFromEnvironment(root: unknown, place: Place): boolean {
  let value = root;
  for (const key of place) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Readonly<Record<string | number, unknown>>)[key];
    if (typeof value === 'object' && value !== null && '$env' in value) return true;
  }
  return false;
}
