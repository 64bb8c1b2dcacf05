import type { StepReport } from '@waybill/delivery';
import { addDelay, addDelays, type Delays } from './delays.ts';

/** The counts of a minute, or an hour. */
export interface Slot {
  /** Its start, in epoch milliseconds. */
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

/** The maximum number of kinds of outcomes in a slot; others are counted without their mapping. */
const MOST_KINDS = 1_000;

/** Creates an empty slot. */
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

/** The kind under which an outcome is counted. */
export interface OutcomeKind {
  readonly destination: string;
  readonly mappingId: string;
  readonly status: string;
  readonly code: string;
}

/** Serialises a kind; none of its parts contains the separator. */
function outcomeKey({ destination, mappingId, status, code }: OutcomeKind): string {
  return `${destination}\0${mappingId}\0${status}\0${code}`;
}

/** Parses a kind. */
export function kindOf(key: string): OutcomeKind {
  const [destination = '', mappingId = '', status = '', code = ''] = key.split('\0');
  return { destination, mappingId, status, code };
}

/** Adds to a counter. */
export function count(counts: Map<string, number>, name: string, by: number): void {
  if (by > 0) counts.set(name, (counts.get(name) ?? 0) + by);
}

/** Adds the report of a step. */
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

/** Adds another slot. */
export function addSlot(slot: Slot, more: Slot): void {
  for (const name of ['accepted', 'duplicate', 'refused', 'outcomes'] as const)
    for (const [key, by] of more[name]) count(slot[name], key, by);
  for (const [destination, delays] of more.delays) {
    const own: Delays = slot.delays.get(destination) ?? new Map();
    slot.delays.set(destination, own);
    addDelays(own, delays);
  }
}

/** Serialises slots. */
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

/** Parses slots from `writeSlots`. */
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
