import {
  compileMapping,
  compilePayload,
  type Change,
  explainMapping,
  explainTrigger,
  type ExplainedReading,
  type Explanation,
  type Fields,
  type Issue,
  type MappingExplanation,
  MappingError,
  MappingEvaluationError,
  mappingIssues,
  type TriggerDialect,
  TriggerError,
  type TriggerEvent,
  type TriggerFix,
} from '@waybill/core';
import { segmentsOf } from '../trigger/known.ts';
import type { Values } from './config.ts';
import { eachOf } from './each.ts';
import { type Trace, traceOf } from './trace.ts';

/** A mapping and the events to try it on. */
export interface Question {
  readonly title: string;
  readonly fields: Fields;
  readonly trigger: string;
  readonly dialect: TriggerDialect;
  readonly values: Values;
  readonly events: readonly TriggerEvent[];
  /** The selected event. */
  readonly selected: number;
}

/** The result of a condition of the trigger: for the selected event, and the number of matches. */
export interface Truth {
  readonly kind: Explanation['kind'];
  readonly text: string;
  readonly offset: number;
  readonly end: number;
  readonly depth: number;
  /** Undefined without an event. */
  readonly holds: boolean | undefined;
  readonly reads: readonly ExplainedReading[];
  readonly count: number;
}

/** The syntax error of a trigger, and its position. */
export interface Broken {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly fix: TriggerFix | undefined;
}

/** The outcomes of all events. */
export interface Totals {
  readonly events: number;
  readonly matched: number;
  readonly ready: number;
  /** Rejected events by the code of their first issue. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** The results of a mapping for the events. */
export interface Judgement {
  readonly broken: Broken | undefined;
  readonly truths: readonly Truth[];
  /** The problems of the mapping itself. */
  readonly written: readonly Issue[];
  /** The value of each field for the selected event. */
  readonly resolved: Values;
  /** The complete items of fields with list mappings. */
  readonly made: Readonly<Record<string, readonly unknown[]>>;
  /** The paths that each field read from the selected event: keys, joined by NUL. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  /** The trace of each directive for the selected event. */
  readonly trace: Trace;
  readonly payload: unknown;
  readonly changes: readonly Change[];
  /** Why the selected event would be rejected. */
  readonly issues: readonly Issue[];
  readonly totals: Totals;
  /** The indexes of the matching events. */
  readonly matching: readonly number[];
}

const NOTHING: Trace = new Map();
const EXECUTION = { execution: 'closures' } as const;

/** Tries a mapping on events with the engine that delivers them. Never throws for user input. */
export function judge(question: Question): Judgement {
  const { events, selected, values } = question;
  const trigger = read(question);
  const made = maker(question);
  const event = events[selected];
  const explained = event === undefined || trigger.broken !== undefined ? undefined : trigger.explain(event);
  const explanations = trigger.broken !== undefined ? [] : events.map((one) => trigger.explain(one));
  const one = event === undefined ? undefined : made.payload?.(event);
  const shape = explained ?? (trigger.broken === undefined ? trigger.explain({}) : undefined);
  return {
    broken: trigger.broken,
    truths: shape === undefined ? [] : truthsOf(shape, explained !== undefined, explanations),
    written: made.written,
    ...(event === undefined
      ? { resolved: {}, made: {}, sources: {}, trace: NOTHING }
      : fieldsOf(values, event)),
    payload: one === undefined ? undefined : one.ok ? one.payload : one.raw,
    changes: one?.ok === true ? one.changes : [],
    issues: one === undefined || one.ok ? [] : one.issues,
    matching: explanations.flatMap(({ holds }, at) => (holds ? [at] : [])),
    totals: totalsOf(events, explanations, made),
  };
}

/** The maximum number of items shown one by one. */
const MOST_ITEMS = 100;

function fieldsOf(
  values: Values,
  event: TriggerEvent,
): Pick<Judgement, 'resolved' | 'made' | 'sources' | 'trace'> {
  const explanation = explainMapping(values, event);
  const { fields } = explanation;
  return {
    resolved: Object.fromEntries(
      fields.flatMap(({ field, value }) => (value === undefined ? [] : [[field, value]])),
    ),
    made: Object.fromEntries(
      Object.entries(values).flatMap(([field, value]) =>
        eachOf(value) === undefined ? [] : [[field, itemsOf(value, event)]],
      ),
    ),
    trace: traceOf(explanation),
    sources: Object.fromEntries(fields.map(({ field, steps }) => [field, sourcesOf(steps)])),
  };
}

function itemsOf(value: unknown, event: TriggerEvent): readonly unknown[] {
  try {
    const { items } = compileMapping({ items: value }, EXECUTION)(event) as { readonly items?: unknown };
    return Array.isArray(items) ? items.slice(0, MOST_ITEMS) : [];
  } catch (error) {
    // The problem is reported with the whole mapping.
    if (error instanceof MappingError || error instanceof MappingEvaluationError) return [];
    throw error;
  }
}

/** Directives in which paths do not start at the event, except in their source value. */
const SCOPED: Readonly<Record<string, string>> = {
  '@arrayPath': '[0]',
  '@waybill.map': '.over',
  '@waybill.filter': '.over',
  '@transform': '.apply',
};

/** The paths of the event that steps read. */
function sourcesOf(steps: MappingExplanation['steps']): readonly string[] {
  const found = steps.flatMap(({ path, directive, reads, steps: inner }): readonly string[] => {
    const about = SCOPED[directive];
    const below =
      about === undefined
        ? inner
        : inner.filter((one) => one.directive === '@waybill.event' || one.path.startsWith(path + about));
    return [...reads.map((read) => segmentsOf(read.path).join('\0')), ...sourcesOf(below)];
  });
  return [...new Set(found)];
}

type Mapped = Pick<Question, 'title' | 'fields' | 'trigger' | 'dialect' | 'values'>;
type Reader =
  | { readonly broken: Broken }
  | { readonly broken: undefined; readonly explain: (event: TriggerEvent) => Explanation };

function read({ trigger, dialect }: Pick<Mapped, 'trigger' | 'dialect'>): Reader {
  const explain = (event: TriggerEvent): Explanation => explainTrigger(trigger, event, { dialect });
  try {
    explain({});
    return { broken: undefined, explain };
  } catch (error) {
    if (!(error instanceof TriggerError)) throw error;
    const { code, message, offset, fix } = error;
    return { broken: { code, message, offset, fix } };
  }
}

interface Maker {
  readonly written: readonly Issue[];
  readonly payload?: ReturnType<typeof compilePayload>;
}

function maker({ title, fields, values }: Pick<Mapped, 'title' | 'fields' | 'values'>): Maker {
  try {
    const payload = compilePayload({ fields, mapping: values, ...EXECUTION });
    return { written: mappingIssues(values, values, { title, fields }), payload };
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    return { written: error.problems };
  }
}

/** The results of the conditions of a trigger, with those of `any` and `all` as one. */
function truthsOf(
  shape: Explanation,
  isKnown: boolean,
  all: readonly Explanation[],
  depth = 0,
): readonly Truth[] {
  const { kind, text, offset, holds, reads } = shape;
  const own: Truth = {
    kind,
    text,
    offset,
    end: offset + text.length,
    depth,
    holds: isKnown ? holds : undefined,
    reads: isKnown ? reads : [],
    count: all.filter((one) => one.holds).length,
  };
  if (kind === 'any' || kind === 'all') return [own];
  const below = shape.children.flatMap((child, at) =>
    truthsOf(
      child,
      isKnown,
      all.map((one) => one.children[at]!),
      depth + 1,
    ),
  );
  return [own, ...below];
}

function totalsOf(
  events: readonly TriggerEvent[],
  explanations: readonly Explanation[],
  made: Maker,
): Totals {
  const rejected: Record<string, number> = {};
  let [matched, ready] = [0, 0];
  events.forEach((event, at) => {
    const isFor = explanations[at]?.holds === true;
    const result = isFor ? made.payload?.(event) : undefined;
    if (isFor) matched += 1;
    if (result?.ok === true) ready += 1;
    else if (isFor) {
      const code = (result === undefined ? made.written[0] : result.issues[0])?.code ?? 'payload_required';
      rejected[code] = (rejected[code] ?? 0) + 1;
    }
  });
  return { events: events.length, matched, ready, rejected };
}
