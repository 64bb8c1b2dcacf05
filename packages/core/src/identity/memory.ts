import type { Identifiers, ProjectType } from './resolve.ts';

/**
 * What one destination instance remembers: strings by key. The owner separates instances, bounds the memory, and
 * decides how long it lasts; a forgotten entry only costs a look-up.
 */
export interface Memory {
  readonly get: (key: string) => Promise<string | undefined>;
  /** `undefined` removes the key. */
  readonly set: (key: string, value: string | undefined) => Promise<void>;
}

/** Stores a pair of identifiers from one event, so that each can be found by the other. */
export async function rememberPair(memory: Memory, email: string, userId: string): Promise<void> {
  await memory.set(emailKey(userId), email);
  await memory.set(userIdKey(email), userId);
}

/** Forgets everything that is known by these identifiers, for a deletion. */
export async function forgetPair(memory: Memory, { email, userId }: Pair): Promise<void> {
  const otherEmail = userId === undefined ? undefined : await memory.get(emailKey(userId));
  const otherUserId = email === undefined ? undefined : await memory.get(userIdKey(email));
  for (const id of new Set([userId, otherUserId]))
    if (id !== undefined) await memory.set(emailKey(id), undefined);
  for (const one of new Set([email, otherEmail])) {
    if (one !== undefined) await memory.set(userIdKey(one), undefined);
  }
}

/** Returns the e-mail address that came with a user ID before. */
export function rememberedEmail(memory: Memory, userId: string): Promise<string | undefined> {
  return memory.get(emailKey(userId));
}

/** Returns the user ID that came with an e-mail address before. */
export function rememberedUserId(memory: Memory, email: string): Promise<string | undefined> {
  return memory.get(userIdKey(email));
}

/**
 * Adds the identifier that the project type needs and that an earlier event contained. Call it before resolving
 * identity: a user-ID project refuses an address alone before an action sees it.
 */
export async function recallIdentifiers<T extends Identifiers>(
  memory: Memory,
  projectType: ProjectType,
  identifiers: T,
): Promise<T> {
  const email = textOf(identifiers.email);
  const userId = textOf(identifiers.userId);
  if (projectType === 'email' && email === undefined && userId !== undefined) {
    const found = await rememberedEmail(memory, userId);
    return found === undefined ? identifiers : { ...identifiers, email: found };
  }
  if (projectType !== 'email' && userId === undefined && email !== undefined) {
    const found = await rememberedUserId(memory, email);
    return found === undefined ? identifiers : { ...identifiers, userId: found };
  }
  return identifiers;
}

/** Reads a remembered value by its key synchronously, for identity resolution. */
export type Recall = (key: string) => string | undefined;

/** Reads the remembered values of several keys in one call. */
export type RecallMany = (keys: readonly string[]) => Promise<Recall>;

/**
 * Repeats a function without side effects until everything that it asks for has been read; requests of one run are read
 * together.
 */
export async function recalling<T>(attempt: (recall: Recall) => T, recallMany: RecallMany): Promise<T> {
  const known = new Map<string, string | undefined>();
  for (;;) {
    const missing = new Set<string>();
    const result = attempt((key) => {
      if (!known.has(key)) missing.add(key);
      return known.get(key);
    });
    if (missing.size === 0) return result;
    const recall = await recallMany([...missing]);
    for (const key of missing) known.set(key, recall(key));
  }
}

/** Returns the user ID that came with an e-mail address before, synchronously. */
export function recalledUserId(recall: Recall, email: unknown): string | undefined {
  const address = textOf(email);
  return address === undefined ? undefined : recall(userIdKey(address));
}

interface Pair {
  readonly email?: string | undefined;
  readonly userId?: string | undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function emailKey(userId: string): string {
  return `email of ${userId}`;
}

function userIdKey(email: string): string {
  return `user ID of ${email.trim().toLowerCase()}`;
}
