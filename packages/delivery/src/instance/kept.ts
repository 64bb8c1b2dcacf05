import { createHash } from 'node:crypto';
import {
  type Fields,
  type InstanceState,
  oauthServerSettings,
  oneByOne,
  type ResolvedDestination,
  volatileState,
} from '@waybill/core';
import { secretsOf } from '../request/secrets.ts';
import type { KeptWrite } from '../stores/rows.ts';
import type { State } from '../stores/state.ts';

/** Encrypts stored values. */
export interface SealingBox {
  seal(text: string): string;
  /** Throws when the string was sealed with another key or changed. */
  open(sealed: string): string;
}

/** The stored state of a lane for its account. */
export interface Kept {
  /** Identifies the account; the same for the same credentials and addresses. */
  readonly account: string;
  /** The state of the definition. */
  readonly own: InstanceState;
  /** What the engine has learned about the account. */
  readonly learned: InstanceState;
  /** IDs of the created audiences. */
  readonly audiences: InstanceState;
  /** Removes the state of another account. */
  adopt(): void;
  /** Resolves when all pending writes are done or failed. */
  written(): Promise<void>;
  /** Stops writing: steps that were running during an edit of the credentials must not overwrite later values. */
  close(): void;
}

/** The inputs of `openKept`. */
export interface KeptInput {
  readonly state: Pick<State, 'kept' | 'keep'>;
  readonly destination: string;
  readonly account: string;
  /** Absent: nothing is stored, because it would not be encrypted. */
  readonly box: SealingBox | undefined;
  /** Runs work exclusively by name across engines; absent where there is no other. */
  readonly inTurn?: InTurn | undefined;
  /** Starts empty, ignoring stored values. */
  readonly fresh?: boolean;
  readonly onError: (error: unknown) => void;
}

/** Runs work exclusively by name, across processes. */
export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** The maximum number of keys. */
export const MOST_KEYS = 4_000;
/** The maximum length of a key. */
const LONGEST_KEY = 512;
/** The maximum length of a value. */
export const LONGEST_VALUE = 65_536;
/** The maximum number of characters of all values. */
const MOST_CHARACTERS = 4_000_000;

/** Returns the identity of the account of a destination: other credentials or addresses are another account. */
export function accountOf(destination: ResolvedDestination): string {
  const { slug, settings } = destination.destination;
  const parts = [slug, secretsOf(destination), addresses(settings, destination.settings)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function addresses(fields: Fields, values: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(fields).flatMap(([name, { format }]) => {
    // Settings that were added later: without them the identity is unchanged.
    const came = Object.hasOwn(oauthServerSettings, name) && values[name] === undefined;
    return format !== 'uri' || came ? [] : [values[name]];
  });
}

/** Opens the stored state of a lane for an account. */
export async function openKept(input: KeptInput): Promise<Kept> {
  const { account, box } = input;
  if (box === undefined) {
    return {
      account,
      own: volatileState(),
      learned: volatileState(),
      audiences: volatileState(),
      adopt: nothing,
      written: async () => undefined,
      close: nothing,
    };
  }
  const { state, destination } = input;
  const held = new Map<string, string>();
  const strange: string[] = [];
  let closed = false;
  for (const { key, value } of input.fresh === true ? [] : await state.kept(destination)) {
    const text = unsealed(value, account, box);
    if (text === undefined) strange.push(key);
    else held.set(key, text);
  }
  /** The current write; serialised, because the last value of a key must win. */
  let writing: Promise<void> | undefined;
  /** Keys that could not be written: only the process has their values. */
  const unwritten = new Set<string>();
  const save = (rows: readonly KeptWrite[]): void => {
    // A full disk must not fail a successful delivery; until it is written the value is in memory.
    const run = async (): Promise<void> => {
      try {
        await state.keep(destination, rows);
        for (const { key } of rows) unwritten.delete(key);
      } catch (error) {
        for (const { key } of rows) unwritten.add(key);
        input.onError(error);
      }
    };
    const mine: Promise<void> = (writing === undefined ? run() : writing.then(run)).then(() => {
      if (writing === mine) writing = undefined;
    });
    writing = mine;
  };
  const write = (entries: readonly (readonly [string, string | undefined])[]): boolean => {
    const news = entries.filter(([key, value]) => held.get(key) !== value);
    if (news.length === 0 || closed) return true;
    if (!fits(held, news)) return false;
    for (const [key, value] of news) {
      if (value === undefined) held.delete(key);
      else held.set(key, value);
    }
    save(
      news.map(([key, value]) =>
        value === undefined ? { key } : { key, value: box.seal(JSON.stringify([account, value])) },
      ),
    );
    return true;
  };
  /** Reads what other engines stored for the account. */
  const reread = async (prefix: string): Promise<void> => {
    await writing;
    const found = new Map<string, string>();
    for (const { key, value } of await state.kept(destination)) {
      const text = key.startsWith(prefix) ? unsealed(value, account, box) : undefined;
      if (text !== undefined) found.set(key, text);
    }
    const mine = [...held].filter(([key]) => !key.startsWith(prefix) || unwritten.has(key));
    held.clear();
    for (const [key, text] of [...found, ...mine]) held.set(key, text);
  };
  const queued = oneByOne();
  const { inTurn } = input;
  const part = (prefix: string): InstanceState => ({
    inTurn: (work) =>
      queued(async () => {
        const begun = async (): ReturnType<typeof work> => {
          // Without other engines memory and store are the same.
          if (inTurn !== undefined) await reread(prefix);
          try {
            return await work();
          } finally {
            await writing;
          }
        };
        return inTurn === undefined ? begun() : inTurn(`kept ${destination}`, begun);
      }),
    get: (key) => held.get(prefix + key),
    all: () =>
      Object.fromEntries(
        [...held].flatMap(([key, value]) =>
          key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
        ),
      ),
    set: (entries) => write(Object.entries(entries).map(([key, value]) => [prefix + key, value] as const)),
  });
  return {
    account,
    own: part('own '),
    learned: part('learned '),
    audiences: part('audience '),
    adopt() {
      if (strange.length === 0) return;
      save(strange.splice(0).flatMap((key) => (held.has(key) ? [] : [{ key }])));
    },
    written: async () => writing,
    close() {
      closed = true;
    },
  };
}

function nothing(): void {
  // Nothing is written.
}

/** Undefined when it is of another account, was sealed with another key, or is damaged. */
function unsealed(value: string, account: string, box: SealingBox): string | undefined {
  try {
    const [owner, text] = JSON.parse(box.open(value)) as readonly unknown[];
    return owner === account && typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

function fits(
  held: ReadonlyMap<string, string>,
  news: readonly (readonly [string, string | undefined])[],
): boolean {
  let characters = 0;
  for (const value of held.values()) characters += value.length;
  let keys = held.size;
  for (const [key, value = ''] of news) {
    if (key.length > LONGEST_KEY || value.length > LONGEST_VALUE) return false;
    const before = held.get(key);
    if (before === undefined) keys += 1;
    characters += value.length - (before?.length ?? 0);
  }
  return keys <= MOST_KEYS && characters <= MOST_CHARACTERS;
}
