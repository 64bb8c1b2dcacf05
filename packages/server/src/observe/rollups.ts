import type { Log, StepReport } from '@waybill/delivery';
import type { InTurn } from '../peers/turn.ts';
import { addSlot, addStep, count, createSlot, readSlots, type Slot, writeSlots } from './slot.ts';

/** The size of a slot. */
export type SlotSize = 'minute' | 'hour';

/** Milliseconds of a slot. */
export const SLOT_SIZES: Readonly<Record<SlotSize, number>> = { minute: 60_000, hour: 3_600_000 };

/**
 * Slots are stored in pages: the minutes of an hour, the hours of a day. Pages are a ring buffer: two days of minutes and 90
 * days of hours are kept, never more.
 */
const PAGES: Readonly<Record<SlotSize, { readonly length: number; readonly kept: number }>> = {
  minute: { length: SLOT_SIZES.hour, kept: 49 },
  hour: { length: 24 * SLOT_SIZES.hour, kept: 91 },
};

/** Roll-ups of a server, by minute and hour. Counting costs an addition. */
export interface Rollups {
  accepted(sourceId: string, by: number): void;
  duplicate(sourceId: string, by: number): void;
  refused(code: string, by: number): void;
  step(step: StepReport): void;
  /** Returns the slots that begin in a period, end exclusive, by time, without empty ones. */
  read(period: { readonly from: number; readonly to: number }, size: SlotSize): Promise<readonly Slot[]>;
  /** Writes new counts. */
  save(): Promise<void>;
}

/** The inputs of roll-ups. */
export interface RollupInput {
  /** The store of small values. */
  readonly log: Pick<Log, 'get' | 'set'>;
  readonly now: () => number;
  /** Excludes other processes during writes; absent where there are none. */
  readonly inTurn?: InTurn;
}

/** The counts since a page was written, or its stored content. */
interface Page {
  /** Its start. */
  readonly at: number;
  readonly slots: Map<number, Slot>;
}

interface Ended {
  readonly size: SlotSize;
  readonly page: Page;
}

/** The maximum number of pages waiting to be written. */
const MOST_ENDED = 100;

function startOf(at: number, length: number): number {
  return at - (at % length);
}

/** The key of a page. */
function placeOf(size: SlotSize, at: number): string {
  const { length, kept } = PAGES[size];
  return `rollups by ${size} ${Math.floor(at / length) % kept}`;
}

/** Adds slots to those of a page. */
function addTo({ slots }: Page, more: Iterable<Slot>): void {
  for (const slot of more) {
    const own = slots.get(slot.at) ?? createSlot(slot.at);
    slots.set(slot.at, own);
    addSlot(own, slot);
  }
}

/** Opens the roll-ups of a log. Counts are added to the stored ones of all processes. */
export function openRollups({ log, now, inTurn = (work) => work() }: RollupInput): Rollups {
  const load = async (size: SlotSize, at: number): Promise<Page> => {
    const begin = startOf(at, PAGES[size].length);
    const slots = readSlots((await log.get(placeOf(size, begin))) ?? '[]');
    // The key may have an older page.
    const own = slots.filter((slot) => startOf(slot.at, PAGES[size].length) === begin);
    return { at: begin, slots: new Map(own.map((slot) => [slot.at, slot])) };
  };
  const pageOf = (size: SlotSize, at: number): Page => ({
    at: startOf(at, PAGES[size].length),
    slots: new Map(),
  });
  const open: Record<SlotSize, Page> = { minute: pageOf('minute', now()), hour: pageOf('hour', now()) };
  /** Past pages that are not written yet. */
  const ended: Ended[] = [];
  let current = createSlot(startOf(now(), SLOT_SIZES.minute));
  let changed = false;

  /** Adds a slot to its page. */
  const put = (size: SlotSize, slot: Slot): void => {
    // A clock that was set back must not reopen a page.
    if (startOf(slot.at, PAGES[size].length) > open[size].at) {
      ended.push({ size, page: open[size] });
      open[size] = pageOf(size, slot.at);
    }
    const at = startOf(slot.at, SLOT_SIZES[size]);
    const own = open[size].slots.get(at) ?? createSlot(at);
    open[size].slots.set(at, own);
    addSlot(own, slot);
  };
  const close = (): void => {
    put('minute', current);
    put('hour', current);
    current = createSlot(startOf(now(), SLOT_SIZES.minute));
  };
  const slot = (): Slot => {
    changed = true;
    if (now() - current.at >= SLOT_SIZES.minute) close();
    return current;
  };
  /** Writes are serialised: a page has one key. */
  let last: Promise<unknown> = Promise.resolve();
  /** Adds counts to the stored page; unwritten counts are kept. */
  const writePage = async (size: SlotSize, page: Page): Promise<void> => {
    const counted = [...page.slots.values()].filter((one) => !isEmpty(one));
    page.slots.clear();
    if (counted.length === 0) return;
    try {
      const written = await load(size, page.at);
      addTo(written, counted);
      await log.set(placeOf(size, page.at), writeSlots([...written.slots.values()]));
    } catch (error) {
      addTo(page, counted);
      throw error;
    }
  };
  const write = async (): Promise<void> => {
    if (!changed) return;
    changed = false;
    close();
    // When writing fails, the oldest are dropped.
    ended.splice(0, ended.length - MOST_ENDED);
    try {
      for (let next = ended[0]; next !== undefined; next = ended[0]) {
        await writePage(next.size, next.page);
        ended.shift();
      }
      for (const size of ['minute', 'hour'] as const) await writePage(size, open[size]);
    } catch (error) {
      changed = true;
      throw error;
    }
  };

  return {
    accepted: (sourceId, by) => count(slot().accepted, sourceId, by),
    duplicate: (sourceId, by) => count(slot().duplicate, sourceId, by),
    refused: (code, by) => count(slot().refused, code, by),
    step: (step) => addStep(slot(), step),
    async read({ from, to }, size) {
      await last;
      const { length, kept } = PAGES[size];
      const found: Slot[] = [];
      close();
      const oldest = startOf(now(), length) - (kept - 1) * length;
      for (let at = Math.max(oldest, startOf(from, length)); at < to && at <= now(); at += length) {
        const known = await load(size, at);
        const counted = [...ended.flatMap((one) => (one.size === size ? [one.page] : [])), open[size]];
        for (const page of counted) if (page.at === at) addTo(known, page.slots.values());
        found.push(
          ...[...known.slots.values()].filter((one) => one.at >= from && one.at < to && !isEmpty(one)),
        );
      }
      return found.sort((a, b) => a.at - b.at);
    },
    save() {
      const mine = last.then(() => inTurn(write));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

function isEmpty({ accepted, duplicate, refused, outcomes }: Slot): boolean {
  return accepted.size + duplicate.size + refused.size + outcomes.size === 0;
}
