import { type Event, orderKey } from '@waybill/core';

/** The kinds of keys, the strongest first: an account, an e-mail address, a visitor. */
const RANKS = 'uea';

/**
 * Returns the keys that may have stored data of the user of an event, the strongest first. The first is that of the event; the others
 * are of the same user before identification.
 */
export function keysOf(event: Event): readonly string[] {
  const key = orderKey(event);
  const { anonymousId, previousId, messageId, type, traits, properties, context } = event;
  const guest = { type, messageId, anonymousId, traits, properties, context } as Event;
  const keys = [key];
  const rank = rankOf(key);
  const add = (other: string): void => {
    if (rankOf(other) > rank && other !== `a:${messageId}` && !keys.includes(other)) keys.push(other);
  };
  add(orderKey(guest));
  if (typeof anonymousId === 'string') add(`a:${anonymousId}`);
  if (type === 'alias' && typeof previousId === 'string') add(`a:${previousId}`);
  return keys;
}

/** Whether an event identifies a visitor, independent of its other content. */
export function introduces({ type, userId, anonymousId, traits }: Event): boolean {
  if (type === 'alias') return true;
  return type === 'identify' && (anonymousId !== undefined || (userId !== undefined && traits !== undefined));
}

function rankOf(key: string): number {
  return RANKS.indexOf(key[0]!);
}
