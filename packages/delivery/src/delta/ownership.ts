import type { FieldOwner, Ownership } from '@waybill/core';
import { fingerprint, isFields, valueAt, without } from './fields.ts';

/** Who has set a field: the name of the value, the time of the event, and its source. */
export type Claim = readonly [value: string, at: number, sourceId: string];

/** Who has set which field of one user. */
export type Claims = Readonly<Record<string, Claim>>;

/** A value that was left out. */
export interface Conflict {
  readonly field: string;
  readonly rule: 'destination' | 'sources' | 'latest';
  readonly keptSourceId?: string;
}

/** What may be sent of a payload, and who has set its fields once that has worked. */
export interface Owned {
  readonly payload: unknown;
  readonly claims: Claims;
  readonly conflicts: readonly Conflict[];
}

/** Leaves out what other owners have set. Pure. */
export function applyOwnership(
  payload: unknown,
  rules: Ownership,
  { claims, at, sourceId }: { readonly claims: Claims; readonly at: number; readonly sourceId: string },
): Owned {
  let rest = payload;
  const next: Record<string, Claim> = { ...claims };
  const conflicts: Conflict[] = [];
  for (const [field, rule] of Object.entries(rules)) {
    const path = field.split('.');
    const value = valueAt(rest, path);
    if (value === undefined) continue;
    const name = fingerprint(value);
    const before = Object.hasOwn(claims, field) ? claims[field] : undefined;
    if (allows(rule, before, at, sourceId)) {
      if (!('owner' in rule)) next[field] = [name, at, sourceId];
      continue;
    }
    rest = without(rest, path);
    if (before?.[0] === name) continue;
    conflicts.push({
      field,
      rule: 'owner' in rule ? 'destination' : 'sources' in rule ? 'sources' : 'latest',
      ...(before === undefined ? {} : { keptSourceId: before[2] }),
    });
  }
  return { payload: rest, claims: next, conflicts };
}

function allows(rule: FieldOwner, before: Claim | undefined, at: number, sourceId: string): boolean {
  if ('owner' in rule) return false;
  if (before === undefined) return true;
  if ('latest' in rule) return at >= before[1];
  return rank(rule.sources, sourceId) <= rank(rule.sources, before[2]);
}

/** A source that is not listed comes after all that are. */
function rank(sources: readonly string[], sourceId: string): number {
  const at = sources.indexOf(sourceId);
  return at < 0 ? sources.length : at;
}

/** A remembered text as claims; what cannot be read counts as nothing. */
export function readClaims(value: unknown): Claims {
  return isFields(value) ? (value as Claims) : {};
}
