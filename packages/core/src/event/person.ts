import type { Event } from './event.ts';

/** The identifiers that can name a person. */
export interface PersonNames {
  readonly userId?: string | undefined;
  readonly email?: string | undefined;
  readonly anonymousId?: string | undefined;
}

/** Returns the e-mail address in an event, in lower case; undefined when there is none. */
export function emailOf({ traits, properties, context }: Event): string | undefined {
  const email = traits?.['email'] ?? properties?.['email'] ?? membersOf(context?.['traits'])?.['email'];
  return typeof email === 'string' && email !== '' ? email.toLowerCase() : undefined;
}

/** Returns every key by which an event names its person: user IDs, address and anonymous ID. */
export function personKeys(event: Event): readonly string[] {
  const { userId, previousId, anonymousId } = event;
  const keys: string[] = [];
  if (userId !== undefined) keys.push(`u:${userId}`);
  if (typeof previousId === 'string') keys.push(`u:${previousId}`);
  const email = emailOf(event);
  if (email !== undefined) keys.push(`e:${email}`);
  if (anonymousId !== undefined) keys.push(`a:${anonymousId}`);
  return keys;
}

/** Returns the keys of a person for the given identifiers. */
export function keysOfPerson({ userId, email, anonymousId }: PersonNames): readonly string[] {
  return [
    ...(userId === undefined ? [] : [`u:${userId}`]),
    ...(email === undefined ? [] : [`e:${email.toLowerCase()}`]),
    ...(anonymousId === undefined ? [] : [`a:${anonymousId}`]),
  ];
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
