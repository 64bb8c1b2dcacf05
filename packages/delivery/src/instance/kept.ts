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

/** Encrypts what is kept. */
export interface SealingBox {
  seal(text: string): string;
  /** Throws when the text was sealed with another key or changed. */
  open(sealed: string): string;
}

/** What a lane keeps for the account that its credentials are of. */
export interface Kept {
  /** Stands for the account; the same for the same credentials and addresses. */
  readonly account: string;
  /** What the definition keeps. */
  readonly own: InstanceState;
  /** What the engine has learned of the account. */
  readonly learned: InstanceState;
  /** Ids of audiences that were made there. */
  readonly audiences: InstanceState;
  /** Removes what was kept for another account. */
  adopt(): void;
  /** Resolves when what was set until now is written, or could not be. */
  written(): Promise<void>;
  /** Keeps nothing more: steps that were under way at an edit of the credentials must not write over what came after. */
  close(): void;
}

/** What keeping needs. */
export interface KeptInput {
  readonly state: Pick<State, 'kept' | 'keep'>;
  readonly destination: string;
  readonly account: string;
  /** Absent: nothing outlives the process, because it could only be kept in the clear. */
  readonly box: SealingBox | undefined;
  /** Does work while no other engine does any of the same name; absent where there is no other. */
  readonly inTurn?: InTurn | undefined;
  /** Begins with nothing, whatever there is. */
  readonly fresh?: boolean;
  readonly onError: (error: unknown) => void;
}

/** Does work while nobody else does any of the same name, in whatever process. */
export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** More keys than this are not kept. */
export const MOST_KEYS = 4_000;
/** Longer keys are not kept. */
const LONGEST_KEY = 512;
/** Longer values are not kept. */
export const LONGEST_VALUE = 65_536;
/** The most characters of all values. */
const MOST_CHARACTERS = 4_000_000;

/** Stands for the account of a destination: another credential or address is another account. */
export function accountOf(destination: ResolvedDestination): string {
  const { slug, settings } = destination.destination;
  const parts = [slug, secretsOf(destination), addresses(settings, destination.settings)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function addresses(fields: Fields, values: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(fields).flatMap(([name, { format }]) => {
    // Settings that came later: without them an account is the one it was before.
    const came = Object.hasOwn(oauthServerSettings, name) && values[name] === undefined;
    return format !== 'uri' || came ? [] : [values[name]];
  });
}

/** Opens what a lane has kept for an account. */
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
  /** What is written at this moment; one after the other, as the last value of a key is what counts. */
  let writing: Promise<void> | undefined;
  /** Keys that could not be written: the process alone knows what they hold. */
  const unwritten = new Set<string>();
  const save = (rows: readonly KeptWrite[]): void => {
    // A full disk must not fail a delivery that has worked; until it is written the process knows.
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
  /** Takes over what other engines have kept for the account. */
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
          // Without other engines what is held is what is kept.
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
  // There is nothing to write.
}

/** Undefined for what is of another account, was sealed with another key, or is damaged. */
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
