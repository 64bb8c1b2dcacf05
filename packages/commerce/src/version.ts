import { hash } from 'node:crypto';
import type { ChangeContext } from './context.ts';

/** A value as text that is the same for equal values: members in the order of their names, none that is undefined. */
function canonical(value: unknown): string {
  if (Array.isArray(value) && value.every((member) => typeof member !== 'object' || member === null))
    return JSON.stringify(value);
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Whether two JSON values say the same. */
export function same(one: unknown, other: unknown): boolean {
  return canonical(one ?? null) === canonical(other ?? null);
}

/** A short name of a value, which equal values share. */
export function digest(value: unknown): string {
  return hash('sha256', canonical(value ?? null), 'hex').slice(0, 24);
}

interface Dated {
  readonly updatedAt?: string | undefined;
}

/**
 * Names one change. That a thing goes back to what it was is a change of its own: so the state before is part of the name, and, where
 * the shop does not tell the time of the change, the time at which it was noticed.
 */
export function versionOf(
  before: Dated | undefined,
  after: Dated,
  { now }: Pick<ChangeContext, 'now'>,
): string {
  const silent = before !== undefined && before.updatedAt === after.updatedAt;
  return digest([before === undefined ? null : digest(before), after, silent ? now : null]);
}

/** The longest id of an event that is taken. */
const LONGEST_ID = 100;

/** The id of an event: the same whenever the same is noticed. */
export function messageIdOf(
  { platform, source }: Pick<ChangeContext, 'platform' | 'source'>,
  event: string,
  key: readonly string[],
): string {
  const parts = [platform, source, event, ...key].map((part) => part.replace(/[%|]/g, encodeURIComponent));
  const whole = parts.join('|');
  return whole.length <= LONGEST_ID ? whole : `${platform}|${event}|${digest(parts)}`;
}
