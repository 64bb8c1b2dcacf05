import type { EventsSearch } from './search.ts';

/** Converts the filters of a search to a trigger, where possible; empty when there are none. */
export function triggerOf({ where, type, event, user }: EventsSearch): string {
  const name = event === undefined ? undefined : JSON.stringify(event);
  const parts = [
    where,
    type === undefined ? undefined : `type = ${JSON.stringify(type)}`,
    name === undefined ? undefined : `event = ${name} or name = ${name}`,
    user === undefined ? undefined : userIs(user),
  ].filter((one) => one !== undefined && one !== '');
  if (parts.length <= 1) return parts[0] ?? '';
  return parts.map((one) => (/\b(or|not)\b/.test(one!) ? `(${one})` : one)).join(' and ');
}

function userIs(user: string): string {
  const id = JSON.stringify(/^[uea]:/.test(user) ? user.slice(2) : user);
  if (user.startsWith('a:')) return `anonymousId = ${id}`;
  if (user.startsWith('e:')) return `traits.email = ${id} or properties.email = ${id}`;
  return `userId = ${id}`;
}

/** Whether a search can be followed live: not with filters on outcomes or an end time. */
export function canFollow({ outcome, code, destination, mapping, to }: EventsSearch): boolean {
  return [outcome, code, destination, mapping, to].every((one) => one === undefined);
}
