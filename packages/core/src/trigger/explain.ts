import type { TriggerEvent } from './operators/function.ts';
import { buildProgram, type Reading, type Step } from './program.ts';
import type { TriggerOptions } from './trigger.ts';

/** A value that a condition read. */
export interface ExplainedReading {
  /** The path or function, in the trigger language. */
  readonly text: string;
  /** False when the event has no such member. */
  readonly found: boolean;
  /** The value, cut if long; null when there is none. */
  readonly value: ExplainedValue;
}

/** A JSON value, cut to a size that can be shown. */
export type ExplainedValue =
  string | number | boolean | null | readonly ExplainedValue[] | { readonly [key: string]: ExplainedValue };

/** The result of one condition of a trigger for one event. */
export interface Explanation {
  /** `and`, `or`, `not`, `any`, `all`, or `condition` for a single one. */
  readonly kind: Step['kind'];
  /** The part of the trigger, as written. */
  readonly text: string;
  /** Index of the part in the trigger. */
  readonly offset: number;
  /** Whether it is true. */
  readonly holds: boolean;
  /** What it read. */
  readonly reads: readonly ExplainedReading[];
  /** The conditions that it consists of; for `any` and `all` the condition for each of the first items. */
  readonly children: readonly Explanation[];
}

const MAX_ITEMS = 10;
const MAX_TEXT = 200;
const MAX_DEPTH = 4;
/** Nested lists multiply; nobody reads more than this. */
const MAX_NODES = 1000;

/**
 * Explains for one event which conditions of a trigger are true, and what they read. Evaluates every condition, also
 * after the result is known. The result is plain JSON. Throws a TriggerError like `compileTrigger`.
 */
export function explainTrigger(
  trigger: string,
  event: TriggerEvent,
  options: TriggerOptions = {},
): Explanation {
  return new Explainer(trigger, event).explain(buildProgram(trigger, options), undefined);
}

class Explainer {
  private readonly source: string;
  private readonly event: TriggerEvent;
  private nodes = 0;

  constructor(source: string, event: TriggerEvent) {
    this.source = source;
    this.event = event;
  }

  explain(step: Step, item: unknown): Explanation {
    this.nodes += 1;
    return {
      kind: step.kind,
      text: this.source.slice(step.offset, step.end),
      offset: step.offset,
      holds: step.holds(this.event, item),
      reads: step.readings.map((reading) => this.read(reading, item)),
      children: this.children(step, item),
    };
  }

  private children(step: Step, item: unknown): Explanation[] {
    if (step.kind !== 'any' && step.kind !== 'all') {
      return step.children.map((child) => this.explain(child, item));
    }
    const list = step.readings[0]!.read(this.event, item);
    if (!Array.isArray(list)) return [];
    const shown: Explanation[] = [];
    for (const element of list.slice(0, MAX_ITEMS)) {
      if (this.nodes >= MAX_NODES) break;
      shown.push(this.explain(step.children[0]!, element));
    }
    return shown;
  }

  private read(reading: Reading, item: unknown): ExplainedReading {
    const value = reading.read(this.event, item);
    return { text: reading.text, found: value !== undefined, value: cut(value, 0) };
  }
}

function cut(value: unknown, depth: number): ExplainedValue {
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null)
    return value === undefined || value === null ? null : String(value);
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_ITEMS).map((item) => cut(item, depth + 1));
    return value.length > MAX_ITEMS ? [...shown, '…'] : shown;
  }
  const entries = Object.entries(value);
  const shown = entries.slice(0, MAX_ITEMS).map(([key, member]) => [key, cut(member, depth + 1)] as const);
  if (entries.length > MAX_ITEMS) shown.push(['…', entries.length - MAX_ITEMS]);
  return Object.fromEntries(shown);
}
