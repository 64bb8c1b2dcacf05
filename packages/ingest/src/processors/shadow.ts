import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ResolvedProcessor, SourceEvent } from '@waybill/core';
import type { CarriedWrite, Lease, Log, TimerWrite } from '@waybill/delivery';
import type { CarryingIntake } from './carrying.ts';
import { createReader, keptBy, type Kept } from './reader.ts';
import { readRow, type UserRow, writeRow } from './user.ts';
import { timerWrite } from './step-user.ts';
import { beginWork } from './work.ts';

/** The input of a recomputation. */
export interface RecomputeAsk {
  /** Epoch milliseconds: earlier events are left out; none when absent. */
  readonly from?: number;
  /** Starts with the current data of a user instead of empty state. */
  readonly keeps: boolean;
}

/** A user whose recomputed data differs. */
export interface Difference {
  readonly user: string;
  /** Absent when nothing is stored. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** The progress of a recomputation. */
export interface Recomputation {
  readonly id: string;
  readonly phase: 'reading' | 'comparing' | 'ready' | 'applying';
  readonly from?: number;
  readonly keeps: boolean;
  /** Positions of the log: its start and its progress. */
  readonly begin: number;
  readonly reached: number;
  readonly events: number;
  /** The number of compared users, and of those that differ. */
  readonly users: number;
  readonly differing: number;
  readonly examples: readonly Difference[];
}

/** The stored progress. */
interface Saved extends Recomputation {
  /** The last row that was compared or applied. */
  readonly after?: string;
  /** A person has confirmed that the result replaces the stored data. */
  readonly wanted?: boolean;
}

/**
 * A recomputation of the users of a processor separate from the active data: historical events are processed again, the result is
 * compared, and it replaces the stored data when a person confirms. Its rows are stored under separate keys.
 */
export interface Shadow {
  readonly status: Recomputation | undefined;
  /** Whether the stored data is currently being replaced: nothing else may be processed meanwhile. */
  readonly applies: boolean;
  load(): Promise<void>;
  begin(lease: Lease<string>, ask: RecomputeAsk, reached: number): Promise<void>;
  apply(lease: Lease<string>): Promise<void>;
  end(lease: Lease<string>): Promise<void>;
  /** Does a part of the remaining work, up to a position of the log; returns false when there is none. */
  work(lease: Lease<string>, reached: number): Promise<boolean>;
}

/** The input of a recomputation's shadow. */
export interface ShadowInput {
  readonly resolved: ResolvedProcessor;
  readonly partition: number;
  readonly owner: string;
  readonly log: Pick<Log, 'read' | 'span' | 'carried' | 'carriedAfter'>;
  readonly intake: CarryingIntake;
  readonly now: () => number;
}

/** The prefix of the keys of its rows; alone, the key of its progress. No key of a user starts like this. */
export const SHADOW = '~';
/** The key after all of its rows. */
const BEYOND = '\u007f';
const CHUNK = 500;
const CHUNK_BYTES = 2_000_000;
const PAGE = 200;
const MOST_EXAMPLES = 20;
const LONGEST_EXAMPLE = 1_000;

/** Creates the shadow of a processor. */
export function createShadow(input: ShadowInput): Shadow {
  const { resolved, partition, owner, log, intake, now } = input;
  const live = keptBy(log, owner);
  let saved: Saved | undefined;
  /** Merged users stay merged: the event that merged them may be older than those that are read. */
  const kept: Kept = async (keys) => {
    const rows = new Map<string, Uint8Array>();
    for (const [key, row] of await live(keys.map((key) => SHADOW + key))) rows.set(key.slice(1), row);
    const missing = keys.filter((key) => !rows.has(key));
    if (missing.length === 0) return rows;
    for (const [key, row] of await live(missing))
      if (saved!.keeps || readRow(row).is !== undefined) rows.set(key, row);
    return rows;
  };
  const reader = createReader(resolved);

  const write = async (
    lease: Lease<string>,
    next: Saved | undefined,
    writes: {
      state?: readonly CarriedWrite[];
      timers?: readonly TimerWrite[];
      events?: readonly SourceEvent[];
    },
  ): Promise<void> => {
    const { state = [], timers = [], events = [] } = writes;
    const standing: CarriedWrite =
      next === undefined ? { key: SHADOW } : { key: SHADOW, value: Buffer.from(JSON.stringify(next)) };
    const carry = { lease, state: [...state, standing], timers };
    const origin = { source: { id: resolved.id }, path: 'processor' };
    if ((await intake.carry(events, origin, carry)) === 'stale') throw new Error('Another server took over.');
    saved = next;
  };
  const rowsAfter = (after: string | undefined): Promise<readonly Required<CarriedWrite>[]> =>
    log
      .carriedAfter(owner, { after: after ?? SHADOW, limit: PAGE })
      .then((rows) => rows.filter(({ key }) => key < BEYOND));

  const readOn = async (lease: Lease<string>, at: Saved, reached: number): Promise<void> => {
    const read = await log.read({ after: at.reached, limit: CHUNK, maxBytes: CHUNK_BYTES, partition });
    const old = read.filter(({ seq }) => seq <= reached);
    const mine = old.filter(reader.isMine);
    const work = await reader.workOn(mine, [], { rows: kept, now: now() });
    const last = old.at(-1);
    const isDone = old.length < read.length || last === undefined;
    const next = isDone ? reached : Math.min(reached, last.through ?? last.seq);
    const phase = next < reached ? 'reading' : at.wanted === true ? 'applying' : 'comparing';
    // Data that equals the active one is stored here too: the active one changes meanwhile.
    const state = work.done(true).state.map(shadowed);
    await write(lease, { ...at, reached: next, events: at.events + mine.length, phase }, { state });
  };

  /** A user at the current time: overdue timers have fired. */
  const caughtUp = (key: string, value: Uint8Array): UserRow => {
    const user = key.slice(1);
    let bytes = value;
    for (;;) {
      const row = readRow(bytes);
      const due = Object.entries(row.timers).sort(([, one], [, other]) => one - other);
      const [name, at] = due[0] ?? [];
      if (name === undefined || at! > now()) return row;
      const work = beginWork(resolved, new Map([[user, bytes]]), at!, reader.derive);
      work.timer(user, name, at!);
      const written = work.done().state.find((one) => one.key === user);
      if (written?.value === undefined) return readRow(undefined);
      bytes = written.value;
    }
  };
  const compareOn = async (lease: Lease<string>, at: Saved): Promise<void> => {
    const rows = await rowsAfter(at.after);
    const before = await live(rows.map(({ key }) => key.slice(1)));
    let { users, differing } = at;
    const examples = [...at.examples];
    for (const { key, value } of rows) {
      const row = caughtUp(key, value);
      if (row.is !== undefined) continue;
      users += 1;
      const user = key.slice(1);
      const one = differenceOf(user, readRow(before.get(user)), row);
      if (one === undefined) continue;
      differing += 1;
      if (examples.length < MOST_EXAMPLES) examples.push(one);
    }
    const isLast = rows.length < PAGE;
    const { after: _after, ...rest } = at;
    const place = isLast ? {} : { after: rows.at(-1)!.key };
    const phase = isLast ? 'ready' : 'comparing';
    await write(lease, { ...rest, ...place, users, differing, examples, phase }, {});
  };

  const applyOn = async (lease: Lease<string>, at: Saved): Promise<void> => {
    const rows = await rowsAfter(at.after);
    const before = await live(rows.map(({ key }) => key.slice(1)));
    const state: CarriedWrite[] = [];
    const timers: TimerWrite[] = [];
    const events: SourceEvent[] = [];
    for (const { key, value } of rows) {
      const user = key.slice(1);
      const row = caughtUp(key, value);
      const last = readRow(before.get(user));
      const bytes = writeRow({ ...row, turns: Math.max(row.turns, last.turns) + 1 }, row.state);
      state.push({ key }, bytes === undefined ? { key: user } : { key: user, value: bytes });
      for (const [name, due] of Object.entries(last.timers)) timers.push(timerWrite(user, name, due, false));
      for (const [name, due] of Object.entries(row.timers)) timers.push(timerWrite(user, name, due, true));
      if (differenceOf(user, last, row) !== undefined) events.push(...corrections(user, row, at.id));
    }
    const isLast = rows.length < PAGE;
    await write(lease, isLast ? undefined : { ...at, after: rows.at(-1)!.key }, { state, timers, events });
  };
  /** The writes that replace the data of a user. */
  const corrections = (user: string, row: UserRow, run: string): readonly SourceEvent[] => {
    const { processor, settings } = resolved;
    if (processor.correct === undefined || row.state === undefined) return [];
    const kept: unknown = JSON.parse(row.state);
    const present = now();
    const told = processor.correct(kept, { settings, now: present, historical: false });
    const cause = {
      key: `recompute ${run} ${user}`,
      name: `recompute ${run}`,
      at: new Date(present).toISOString(),
    };
    return reader.derive({ state: kept, events: told }, row.who, cause).events;
  };

  return {
    get status() {
      if (saved === undefined) return undefined;
      const { after: _after, wanted: _wanted, ...status } = saved;
      return status;
    },
    get applies() {
      return saved?.phase === 'applying';
    },
    async load() {
      const bytes = (await live([SHADOW])).get(SHADOW);
      saved = bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as Saved);
    },
    async begin(lease, { from, keeps }, reached) {
      await this.end(lease);
      const span = from === undefined ? undefined : await log.span({ from, to: now() });
      const begin = from === undefined ? 0 : span === undefined ? reached : Math.min(reached, span.first - 1);
      const counts = { events: 0, users: 0, differing: 0, examples: [] };
      const asked = { keeps, ...(from === undefined ? {} : { from }) };
      const place = { begin, reached: begin, phase: 'reading' } as const;
      await write(lease, { id: randomUUID(), ...asked, ...place, ...counts }, {});
    },
    async apply(lease) {
      if (saved?.phase !== 'ready') return;
      await write(lease, { ...saved, phase: 'reading', wanted: true }, {});
    },
    async end(lease) {
      if (saved === undefined) return;
      for (;;) {
        const rows = await rowsAfter(undefined);
        if (rows.length === 0) break;
        await write(lease, saved, { state: rows.map(({ key }) => ({ key })) });
      }
      await write(lease, undefined, {});
    },
    async work(lease, reached) {
      if (saved === undefined || saved.phase === 'ready') return false;
      if (saved.phase === 'reading') await readOn(lease, saved, reached);
      else if (saved.phase === 'comparing') await compareOn(lease, saved);
      else await applyOn(lease, saved);
      return true;
    },
  };
}

/** Writes of aliases are refused: the current data of the user would be read instead. */
function shadowed({ key, value = Buffer.from('{}') }: CarriedWrite): CarriedWrite {
  return { key: SHADOW + key, value };
}

/** The differences of a user: the stored data, or the due times of timers. */
function differenceOf(user: string, before: UserRow, after: UserRow): Difference | undefined {
  if (isDeepStrictEqual([parsed(before), before.timers], [parsed(after), after.timers])) return undefined;
  return { user, ...shown('before', before), ...shown('after', after) };
}

function parsed({ state }: UserRow): unknown {
  return state === undefined ? undefined : JSON.parse(state);
}

function shown(name: 'before' | 'after', row: UserRow): Partial<Difference> {
  if (row.state === undefined) return {};
  return { [name]: row.state.length > LONGEST_EXAMPLE ? 'too long to be shown' : parsed(row) };
}
