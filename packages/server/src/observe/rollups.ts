import type { Log, StepReport } from '@waybill/delivery';
import { addSlot, addStep, count, createSlot, readSlots, type Slot, writeSlots } from './slot.ts';

/** How long a slot is. */
export type SlotSize = 'minute' | 'hour';

/** Milliseconds of a slot. */
export const SLOT_SIZES: Readonly<Record<SlotSize, number>> = { minute: 60_000, hour: 3_600_000 };

/**
 * Slots are kept in pages: the minutes of an hour, the hours of a day. The place of a page is taken again when its time has come round,
 * so that two days of minutes and 90 days of hours are kept, and never more.
 */
const PAGES: Readonly<Record<SlotSize, { readonly length: number; readonly kept: number }>> = {
  minute: { length: SLOT_SIZES.hour, kept: 49 },
  hour: { length: 24 * SLOT_SIZES.hour, kept: 91 },
};

/** What happened in a server, by minutes and by hours. Counting costs an addition. */
export interface Rollups {
  accepted(sourceId: string, by: number): void;
  duplicate(sourceId: string, by: number): void;
  refused(code: string, by: number): void;
  step(step: StepReport): void;
  /** The slots that begin in a period, its end left out, by time; those in which nothing happened are left out. */
  read(period: { readonly from: number; readonly to: number }, size: SlotSize): Promise<readonly Slot[]>;
  /** Writes what was counted since. */
  save(): Promise<void>;
}

/** What roll-ups need. */
export interface RollupInput {
  /** They are small values beside the events. */
  readonly log: Pick<Log, 'get' | 'set'>;
  readonly now: () => number;
}

interface Page {
  /** When it begins. */
  readonly at: number;
  readonly slots: Map<number, Slot>;
}

interface Ended {
  readonly size: SlotSize;
  readonly page: Page;
}

/** Pages that wait to be written. */
const MOST_ENDED = 100;

function startOf(at: number, length: number): number {
  return at - (at % length);
}

/** The name of the place of a page. */
function placeOf(size: SlotSize, at: number): string {
  const { length, kept } = PAGES[size];
  return `rollups by ${size} ${Math.floor(at / length) % kept}`;
}

/** The roll-ups of a log; they go on where they were saved. */
export async function openRollups({ log, now }: RollupInput): Promise<Rollups> {
  const load = async (size: SlotSize, at: number): Promise<Page> => {
    const begin = startOf(at, PAGES[size].length);
    const slots = readSlots((await log.get(placeOf(size, begin))) ?? '[]');
    // The place may have an older page.
    const own = slots.filter((slot) => startOf(slot.at, PAGES[size].length) === begin);
    return { at: begin, slots: new Map(own.map((slot) => [slot.at, slot])) };
  };
  const open: Record<SlotSize, Page> = {
    minute: await load('minute', now()),
    hour: await load('hour', now()),
  };
  /** Pages that are over and not written yet. */
  const ended: Ended[] = [];
  let current = createSlot(startOf(now(), SLOT_SIZES.minute));
  let changed = false;

  /** Puts a slot where those of its size are. */
  const put = (size: SlotSize, slot: Slot): void => {
    const begin = startOf(slot.at, PAGES[size].length);
    // A clock that was set back opens no page anew.
    if (begin > open[size].at) {
      ended.push({ size, page: open[size] });
      open[size] = { at: begin, slots: new Map() };
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
  /** What was written last waits for what was written before: a page has one place. */
  let last: Promise<unknown> = Promise.resolve();
  const write = async (): Promise<void> => {
    if (!changed) return;
    changed = false;
    close();
    const set = ({ size, page }: Ended): Promise<void> =>
      log.set(placeOf(size, page.at), writeSlots([...page.slots.values()]));
    // Where nothing can be written the oldest are given up.
    ended.splice(0, ended.length - MOST_ENDED);
    for (let next = ended[0]; next !== undefined; next = ended[0]) {
      await set(next);
      ended.shift();
    }
    for (const size of ['minute', 'hour'] as const) await set({ size, page: open[size] });
  };

  return {
    accepted: (sourceId, by) => count(slot().accepted, sourceId, by),
    duplicate: (sourceId, by) => count(slot().duplicate, sourceId, by),
    refused: (code, by) => count(slot().refused, code, by),
    step: (step) => addStep(slot(), step),
    async read({ from, to }, size) {
      const { length, kept } = PAGES[size];
      const found: Slot[] = [];
      close();
      const oldest = startOf(now(), length) - (kept - 1) * length;
      for (let at = Math.max(oldest, startOf(from, length)); at < to && at <= now(); at += length) {
        const known =
          open[size].at === at
            ? open[size]
            : (ended.find((one) => one.size === size && one.page.at === at)?.page ?? (await load(size, at)));
        found.push(
          ...[...known.slots.values()].filter((one) => one.at >= from && one.at < to && !isEmpty(one)),
        );
      }
      return found.sort((a, b) => a.at - b.at);
    },
    save() {
      const mine = last.then(write);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

function isEmpty({ accepted, duplicate, refused, outcomes }: Slot): boolean {
  return accepted.size + duplicate.size + refused.size + outcomes.size === 0;
}
