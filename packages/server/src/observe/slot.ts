import type { StepReport } from '@waybill/delivery';
import { addDelay, addDelays, type Delays } from './delays.ts';

/** What happened in a minute, or in an hour. */
export interface Slot {
  /** When it began, in epoch milliseconds. */
  readonly at: number;
  /** By source. */
  readonly accepted: Map<string, number>;
  readonly duplicate: Map<string, number>;
  /** By code. */
  readonly refused: Map<string, number>;
  /** By `outcomeKey`. */
  readonly outcomes: Map<string, number>;
  /** From arrival to delivery, by destination. */
  readonly delays: Map<string, Delays>;
}

/** Kinds of outcomes that a slot tells apart; those of further ones are counted without their mapping. */
const MOST_KINDS = 1_000;

/** A slot in which nothing has happened. */
export function createSlot(at: number): Slot {
  return {
    at,
    accepted: new Map(),
    duplicate: new Map(),
    refused: new Map(),
    outcomes: new Map(),
    delays: new Map(),
  };
}

/** What an outcome is counted by. */
export interface OutcomeKind {
  readonly destination: string;
  readonly mappingId: string;
  readonly status: string;
  readonly code: string;
}

/** The kind as one text; none of its parts holds the character between them. */
function outcomeKey({ destination, mappingId, status, code }: OutcomeKind): string {
  return `${destination}\0${mappingId}\0${status}\0${code}`;
}

/** The kind that a text is of. */
export function kindOf(key: string): OutcomeKind {
  const [destination = '', mappingId = '', status = '', code = ''] = key.split('\0');
  return { destination, mappingId, status, code };
}

/** Counts under a name. */
export function count(counts: Map<string, number>, name: string, by: number): void {
  if (by > 0) counts.set(name, (counts.get(name) ?? 0) + by);
}

/** Counts what a step did. */
export function addStep(slot: Slot, { destination, outcomes, delays }: StepReport): void {
  for (const { mappingId, status, code, count: by } of outcomes) {
    const key = outcomeKey({ destination, mappingId, status, code });
    const isKnown = slot.outcomes.has(key) || slot.outcomes.size < MOST_KINDS;
    count(slot.outcomes, isKnown ? key : outcomeKey({ destination, mappingId: '', status, code: '' }), by);
  }
  if (delays.length === 0) return;
  const own: Delays = slot.delays.get(destination) ?? new Map();
  slot.delays.set(destination, own);
  for (const one of delays) addDelay(own, one);
}

/** Adds what happened in another slot. */
export function addSlot(slot: Slot, more: Slot): void {
  for (const name of ['accepted', 'duplicate', 'refused', 'outcomes'] as const)
    for (const [key, by] of more[name]) count(slot[name], key, by);
  for (const [destination, delays] of more.delays) {
    const own: Delays = slot.delays.get(destination) ?? new Map();
    slot.delays.set(destination, own);
    addDelays(own, delays);
  }
}

/** Slots as text. */
export function writeSlots(slots: readonly Slot[]): string {
  const plain = slots.map((slot) => [
    slot.at,
    [...slot.accepted],
    [...slot.duplicate],
    [...slot.refused],
    [...slot.outcomes],
    [...slot.delays].map(([destination, delays]) => [destination, [...delays]]),
  ]);
  return JSON.stringify(plain);
}

type Counts = readonly (readonly [string, number])[];
type Written = readonly [
  number,
  Counts,
  Counts,
  Counts,
  Counts,
  readonly (readonly [string, readonly (readonly [number, number])[]])[],
];

/** The slots of a text that `writeSlots` has written. */
export function readSlots(text: string): readonly Slot[] {
  return (JSON.parse(text) as readonly Written[]).map(
    ([at, accepted, duplicate, refused, outcomes, delays]) => ({
      at,
      accepted: new Map(accepted),
      duplicate: new Map(duplicate),
      refused: new Map(refused),
      outcomes: new Map(outcomes),
      delays: new Map(delays.map(([destination, own]) => [destination, new Map(own)])),
    }),
  );
}
