import { createHash } from 'node:crypto';
import { type ChangeContext, changesOf, referencesOf } from '@waybill/commerce';
import type {
  Issue,
  ResolvedSource,
  ShopGone,
  ShopSettings,
  ShopState,
  SourceEvent,
  UnreadablePart,
} from '@waybill/core';
import type { CarriedWrite, Log, LogEntry } from '@waybill/delivery';
import { asideKey, partKey, type SetAside, textOfRow } from './aside.ts';
import { type Changes, compare, type KeptState, type References, stateKey } from './compare.ts';
import { type ConsentFilter, createConsentFilter } from './consent/filter.ts';
import type { Prepared, Preparing, ReadRow } from './rows.ts';
import { statesOf, thrown } from './states.ts';
import { readVisits } from './storefront/join.ts';

/** The inputs of `prepare`. */
export interface PrepareInput {
  readonly source: ResolvedSource;
  readonly log: Pick<Log, 'carried'>;
  readonly changes?: Changes;
  readonly references?: References;
  /**
   * Prepares an event for the log; undefined when its person was deleted. Throws `EventRefused` for one that the log refuses.
   */
  readonly ready: (event: SourceEvent) => LogEntry | undefined;
  readonly now: () => number;
}

/** The results of one row. */
interface Told {
  readonly read?: ReadRow;
  readonly states: readonly (ShopState | ShopGone)[];
  /** Unreadable parts of the row. */
  readonly unreadable?: readonly UnreadablePart[];
}

/** An event that the log refuses: its row is set aside, and its state is not stored, so that it can be sent later. */
export class EventRefused extends Error {
  readonly issue: Issue;
  constructor({ event, type }: Pick<SourceEvent, 'event' | 'type'>, issue: Issue) {
    super(issue.message);
    this.issue = { ...issue, path: '', message: `"${event ?? type}": ${issue.message}` };
  }
}

/** Processes rows: compares their states with the stored ones, and derives events. */
export async function prepare(
  rows: readonly ReadRow[],
  how: Preparing,
  input: PrepareInput,
): Promise<Prepared> {
  const { source, log, now, changes = changesOf, references = referencesOf } = input;
  const asides: (SetAside | { readonly read: string })[] = [];
  const told = await toldBy(rows, how, (read, issue) => asides.push(asideOf(read, issue, now())), input);
  const known = await keptOf(how.owner, keysOf(told, references), log);
  const consents = createConsentFilter(source);
  if (consents !== undefined) await loadConsents(consents, told, known, how.owner, log);
  const visits = await visitsOf(told, how.owner, input);
  const context = contextOf(source, known, now());
  const events: SourceEvent[] = [];
  const entries: LogEntry[] = [];
  const fresh = new Map<string, KeptState>();
  const decided = { changes: consents?.filtered(changes) ?? changes, context, historical: how.historical };
  for (const [at, { read, states, unreadable = [] }] of told.entries()) {
    if (isLong(at)) await breathe();
    try {
      const met =
        visits === undefined ? states : states.map((one) => visits.met(one, known.get(stateKey(one))?.state));
      const compared = compare(met, known, decided);
      entries.push(...compared.events.flatMap((event) => input.ready(event) ?? []));
      events.push(...compared.events);
      for (const [key, kept] of compared.kept) {
        known.set(key, kept);
        fresh.set(key, kept);
      }
      if (read?.id !== undefined && (how.hasAsides || asides.length > 0))
        asides.push({ read: asideKey(read.stream, read.id) });
      for (const one of unreadable) asides.push(asidePartOf(read!, one, now()));
    } catch (error) {
      if (read === undefined) throw error;
      asides.push(asideOf(read, error instanceof EventRefused ? error.issue : thrown(error), now()));
    }
  }
  const state: readonly CarriedWrite[] = [
    ...[...fresh].map(([key, { text }]) => ({ key, value: Buffer.from(text) })),
    ...((await visits?.named(events)) ?? []),
    ...(consents?.writes() ?? []),
  ];
  return { entries, events: events.length, state, asides };
}

async function toldBy(
  rows: readonly ReadRow[],
  { gone }: Preparing,
  setAside: (read: ReadRow, issue: Issue) => void,
  { source }: PrepareInput,
): Promise<readonly Told[]> {
  const { streams } = source.source!.shop!;
  const told: Told[] = [];
  for (const [at, read] of rows.entries()) {
    if (isLong(at)) await breathe();
    const made = read.made ?? madeOf(read, source);
    if ('issue' in made) setAside(read, made.issue);
    else told.push({ read, ...made });
  }
  for (const { stream, id } of gone)
    told.push({ states: streams[stream]!.kinds.map((kind) => ({ kind, id, gone: true }) as const) });
  return told;
}

/** The states from the author's code. */
export function madeOf(read: ReadRow, { source, settings }: ResolvedSource): ReturnType<typeof statesOf> {
  if (read.unplaced !== undefined) return { issue: thrown(read.unplaced) };
  return statesOf(source!.shop!.streams[read.stream]!, read.row, settings);
}

async function keptOf(
  owner: string,
  keys: readonly string[],
  log: PrepareInput['log'],
): Promise<Map<string, KeptState>> {
  if (keys.length === 0) return new Map();
  const { state } = await log.carried(owner, keys);
  return new Map([...state].map(([key, value]) => [key, keptStateOf(value)]));
}

async function loadConsents(
  consents: ConsentFilter,
  told: readonly Told[],
  known: ReadonlyMap<string, KeptState>,
  owner: string,
  log: PrepareInput['log'],
): Promise<void> {
  const all = [...known.values()].map(({ state }) => state);
  const people = [...all, ...told.flatMap(({ states }) => states)].flatMap(consents.keysOf);
  if (people.length > 0) consents.load((await log.carried(owner, [...new Set(people)])).state);
}

/** Reads the storefront visits of the carts in states; undefined without a storefront. */
async function visitsOf(
  told: readonly Told[],
  owner: string,
  { source, log, now }: PrepareInput,
): Promise<Awaited<ReturnType<typeof readVisits>> | undefined> {
  if (source.settings['storefrontKey'] === undefined) return undefined;
  const all = told.flatMap(({ states }) => states);
  return readVisits(all, { log, owner, now });
}

function contextOf(
  { id, source, settings }: ResolvedSource,
  kept: ReadonlyMap<string, KeptState>,
  now: number,
): ChangeContext {
  return {
    platform: source!.slug,
    source: id,
    settings: settings as ShopSettings,
    now,
    known: (kind, name) => {
      const found = kept.get(stateKey({ kind, id: name }))?.state;
      return found === undefined || 'gone' in found ? undefined : (found as never);
    },
  };
}

/** Returns the distinct keys of states and their references. */
function keysOf(told: readonly Told[], references: References): readonly string[] {
  const keys = new Set<string>();
  for (const { states } of told)
    for (const one of states) {
      keys.add(stateKey(one));
      for (const other of references(one)) keys.add(stateKey(other));
    }
  return [...keys];
}

/** The number of rows of a long page between yields. */
const BREATH = 25;

/** Whether to yield before the row at an index of a page. */
export function isLong(at: number): boolean {
  return at > 0 && at % BREATH === 0;
}

/** Yields to other work. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function keptStateOf(value: Uint8Array): KeptState {
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
  return { state: JSON.parse(text) as ShopState | ShopGone, text };
}

/** Creates the entry of a part that is set aside. */
function asidePartOf(read: ReadRow, { message, part }: UnreadablePart, at: number): SetAside {
  const whole = asideOf({ ...read, row: part }, thrown(message), at);
  return read.id === undefined ? whole : { ...whole, key: partKey(whole.key, whole.text ?? '') };
}

function asideOf({ stream, row, id, query }: ReadRow, issue: Issue, at: number): SetAside {
  const text = textOfRow(row);
  const { code, path, message } = issue;
  return {
    key:
      id === undefined
        ? `${stream} #${createHash('sha256').update(text).digest('hex')}`
        : asideKey(stream, id),
    stream,
    ...(id === undefined ? {} : { row: id }),
    ...(query === undefined ? {} : { query }),
    at,
    code,
    message: path === '' ? message : `${path}: ${message}`,
    text,
  };
}
