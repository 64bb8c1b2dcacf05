import { hash } from 'node:crypto';
import type { ChangeContext } from './context.ts';

/** Serialises a value canonically: members sorted by name, without undefined ones. */
function canonical(value: unknown): string {
  if (Array.isArray(value) && value.every((member) => typeof member !== 'object' || member === null))
    return JSON.stringify(value);
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Whether two JSON values are equal. */
export function same(one: unknown, other: unknown): boolean {
  return canonical(one ?? null) === canonical(other ?? null);
}

/** Returns a digest of a value. */
export function digest(value: unknown): string {
  return hash('sha256', canonical(value ?? null), 'hex').slice(0, 24);
}

interface Dated {
  readonly updatedAt?: string | undefined;
}

/**
 * Names a change. A return to an earlier state is a separate change: so the name includes the previous state and, if the shop
 * has no time of the change, the time of its detection.
 */
export function versionOf(
  before: Dated | undefined,
  after: Dated,
  { now }: Pick<ChangeContext, 'now'>,
): string {
  const silent = before !== undefined && before.updatedAt === after.updatedAt;
  return digest([before === undefined ? null : digest(before), after, silent ? now : null]);
}

/** The maximum length of a messageId. */
const LONGEST_ID = 100;

/** Returns the messageId of an event: the same whenever the same change is detected. */
export function messageIdOf(
  { platform, source }: Pick<ChangeContext, 'platform' | 'source'>,
  event: string,
  key: readonly string[],
): string {
  const parts = [platform, source, event, ...key].map((part) => part.replace(/[%|]/g, encodeURIComponent));
  const whole = parts.join('|');
  return whole.length <= LONGEST_ID ? whole : `${platform}|${event}|${digest(parts)}`;
}
