import type { FieldOwner, Ownership } from '@waybill/core';
import { fingerprint, isFields, valueAt, without } from './fields.ts';

/** The owner of a field value: its fingerprint, the time of the event, and its source. */
export type Claim = readonly [value: string, at: number, sourceId: string];

/** The owners of the field values of one user. */
export type Claims = Readonly<Record<string, Claim>>;

/** A value that was left out. */
export interface Conflict {
  readonly field: string;
  readonly rule: 'destination' | 'sources' | 'latest';
  readonly keptSourceId?: string;
}

/** The part of a payload that may be sent, and the owners of its fields after delivery. */
export interface Owned {
  readonly payload: unknown;
  readonly claims: Claims;
  readonly conflicts: readonly Conflict[];
}

/** Leaves out fields of other owners. Pure. */
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

/** An unlisted source has the lowest rank. */
function rank(sources: readonly string[], sourceId: string): number {
  const at = sources.indexOf(sourceId);
  return at < 0 ? sources.length : at;
}

/** Parses claims; an unreadable string counts as nothing. */
export function readClaims(value: unknown): Claims {
  return isFields(value) ? (value as Claims) : {};
}
