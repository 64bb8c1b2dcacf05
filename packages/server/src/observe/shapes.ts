import type { Event, EventType } from '@waybill/core';
import type { Log } from '@waybill/delivery';
import type { Sampled } from '@waybill/ingest';
import { visitPaths, type ValueType } from './paths.ts';

/** The limits of remembered shapes, and of inspected events. */
export const SHAPE_LIMITS = {
  perSecond: 200,
  shapes: 500,
  shapesOfSource: 200,
  paths: 20_000,
  pathsOfShape: 200,
};

/** The number of events of the log that are inspected at the start, so that a new server has shapes. */
const SEEDED = 1_000;
const SEED_CHUNK = 100;
const EXAMPLES = 3;

/** The shape of the events of one name. */
export interface Shape {
  readonly sourceId: string;
  readonly type: EventType;
  /** The name of a track event, of a page or of a screen; empty when there is none. */
  readonly event: string;
  /** Their number; an estimate while more arrive than are inspected. */
  readonly count: number;
  /** Epoch milliseconds. */
  readonly lastAt: number;
  readonly paths: readonly ShapePath[];
}

/** A path with values in events. */
export interface ShapePath {
  /** `properties.products[].sku`: `[]` matches each item of a list. */
  readonly path: string;
  readonly types: readonly ValueType[];
  /** The share of inspected events with it, from 0 to 1. */
  readonly share: number;
  /** A few values, with long strings cut. */
  readonly examples: readonly (string | number | boolean)[];
}

/** Selects shapes; absent members match everything. */
export interface ShapeFilter {
  readonly sourceId?: string;
  readonly type?: EventType;
  readonly event?: string;
}

/** A sketch of arriving events: names, paths, types and a few values, in bounded memory. */
export interface Shapes {
  /** Inspects a few events; retains none of them. */
  sample(sourceId: string, events: Sampled): void;
  /** Returns the shapes of a filter, most recently seen first. */
  list(filter: ShapeFilter): Promise<readonly Shape[]>;
}

interface PathSketch {
  types: Set<ValueType>;
  seen: number;
  /** The last event with it: items of a list count once. */
  lastEvent: number;
  examples: (string | number | boolean)[];
}

interface Sketch {
  readonly sourceId: string;
  readonly type: EventType;
  readonly event: string;
  count: number;
  looked: number;
  lastAt: number;
  readonly paths: Map<string, PathSketch>;
}

/** Creates the sketch of a server, starting with the newest events of the log. */
export function createShapes(input: {
  readonly log: Pick<Log, 'read' | 'lastSeq'>;
  readonly now: () => number;
  readonly limits?: typeof SHAPE_LIMITS;
}): Shapes {
  const { log, now, limits = SHAPE_LIMITS } = input;
  /** By source, type and name; ordered by last seen. */
  const sketches = new Map<string, Sketch>();
  /** The number of events of a source that were not inspected: the next inspected one represents them. */
  const passed = new Map<string, number>();
  // The store may be unavailable at the start; reading the sketch tries again.
  const begin = log.lastSeq().catch(() => undefined);
  let [paths, looked, budget, filledAt] = [0, 0, limits.perSecond, now()];
  let seeded: Promise<void> | undefined;
  /** The progress of the sketch, backwards from its start, with the number of events. */
  let before: number | undefined;
  let read = 0;

  const forget = (key: string, sketch: Sketch): void => {
    sketches.delete(key);
    paths -= sketch.paths.size;
  };
  /** Makes room for a new name: drops the least recently seen of its source, or of all. */
  const makeRoom = (sourceId: string): void => {
    const own = [...sketches].filter(([, sketch]) => sketch.sourceId === sourceId);
    if (own.length >= limits.shapesOfSource) forget(...own[0]!);
    if (sketches.size < limits.shapes) return;
    const [oldest] = sketches;
    forget(...oldest!);
  };
  const sketchOf = (sourceId: string, { type, event, name }: Event): Sketch => {
    const named = event ?? name ?? '';
    const key = `${sourceId}\0${type}\0${named}`;
    let sketch = sketches.get(key);
    if (sketch === undefined) {
      makeRoom(sourceId);
      sketch = { sourceId, type, event: named, count: 0, looked: 0, lastAt: 0, paths: new Map() };
    }
    sketches.delete(key);
    sketches.set(key, sketch);
    return sketch;
  };
  const note = (sketch: Sketch, path: string, type: ValueType, value: unknown): void => {
    let known = sketch.paths.get(path);
    if (known === undefined) {
      if (sketch.paths.size >= limits.pathsOfShape || paths >= limits.paths) return;
      known = { types: new Set(), seen: 0, lastEvent: 0, examples: [] };
      sketch.paths.set(path, known);
      paths += 1;
    }
    known.types.add(type);
    if (known.lastEvent !== looked) known.seen += 1;
    known.lastEvent = looked;
    const example = exampleOf(value);
    if (example === undefined || known.examples.includes(example)) return;
    known.examples = [example, ...known.examples].slice(0, EXAMPLES);
  };
  const look = (sourceId: string, event: Event, weight: number, at: number): void => {
    const sketch = sketchOf(sourceId, event);
    looked += 1;
    sketch.count += weight;
    sketch.looked += 1;
    sketch.lastAt = Math.max(sketch.lastAt, at);
    visitPaths(event, (path, type, value) => note(sketch, path, type, value));
  };
  const seed = async (): Promise<void> => {
    before ??= ((await begin) ?? (await log.lastSeq())) + 1;
    while (read < SEEDED) {
      const chunk = await log.read({ before, limit: SEED_CHUNK });
      for (const { sourceId, event, damage } of chunk)
        if (damage === undefined) look(sourceId, event, 1, Date.parse(event.receivedAt));
      if (chunk.length < SEED_CHUNK) return;
      read += chunk.length;
      before = chunk.at(-1)!.seq;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  return {
    sample(sourceId, events) {
      const at = now();
      if (Math.abs(at - filledAt) >= 1_000) [budget, filledAt] = [limits.perSecond, at];
      const unseen = (passed.get(sourceId) ?? 0) + events.length;
      const taken = Math.min(events.length, budget);
      passed.set(sourceId, taken === 0 ? unseen : 0);
      if (taken === 0) return;
      budget -= taken;
      const stride = events.length / taken;
      for (let n = 0; n < taken; n += 1)
        look(sourceId, events.at(Math.floor(n * stride))!, unseen / taken, at);
    },
    async list({ sourceId, type, event }) {
      seeded ??= seed().catch((error: unknown) => {
        seeded = undefined;
        throw error;
      });
      await seeded;
      return [...sketches.values()]
        .filter(
          (one) =>
            (sourceId === undefined || one.sourceId === sourceId) &&
            (type === undefined || one.type === type) &&
            (event === undefined || one.event === event),
        )
        .map(shapeOf)
        .sort((a, b) => b.lastAt - a.lastAt);
    },
  };
}

const LONGEST_EXAMPLE = 60;

function exampleOf(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  return value.length > LONGEST_EXAMPLE ? `${value.slice(0, LONGEST_EXAMPLE - 1)}…` : value;
}

function shapeOf({ sourceId, type, event, count, looked, lastAt, paths }: Sketch): Shape {
  return {
    sourceId,
    type,
    event,
    count: Math.round(count),
    lastAt,
    paths: [...paths]
      .map(([path, { types, seen, examples }]) => ({
        path,
        types: [...types],
        share: Math.min(1, seen / looked),
        examples,
      }))
      .sort((a, b) => b.share - a.share || (a.path < b.path ? -1 : 1)),
  };
}
