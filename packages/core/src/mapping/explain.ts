import type { Issue } from '../result/issue.ts';
import { MappingError, MappingEvaluationError } from './errors.ts';
import { formatPlace, ROOT_KEY } from './paths.ts';
import { evaluateReference } from './reference.ts';
import type { RuleId } from './rules.ts';
import { isMembers } from './values.ts';

/** The maximum size of an explanation. */
const BOUNDS = { steps: 500, reads: 50, characters: 200, depth: 4, members: 20 } as const;

/** One value that was read from the event, or from the item or object in scope. */
export interface ExplainedRead {
  readonly path: string;
  /** The value; absent when there was none. Long values are shortened. */
  readonly value?: unknown;
}

/** What one directive did for one event. */
export interface ExplainedStep {
  /** JSON path of the directive in the mapping. */
  readonly path: string;
  readonly directive: string;
  readonly reads: readonly ExplainedRead[];
  /** Its result; absent when it had none. Long values are shortened. */
  readonly value?: unknown;
  /** Differences from Segment that this step met. */
  readonly differences: readonly RuleId[];
  /** The directives inside it that were evaluated, in order. */
  readonly steps: readonly ExplainedStep[];
}

/** One field of the payload: its value, and how it was made. */
export interface ExplainedField {
  readonly field: string;
  readonly value?: unknown;
  readonly steps: readonly ExplainedStep[];
}

/** How a mapping made a payload from an event. JSON of bounded size. */
export interface MappingExplanation {
  readonly fields: readonly ExplainedField[];
  /** Directives that make the payload as a whole: a root directive, or a mapping that is one. */
  readonly steps: readonly ExplainedStep[];
  /** Why there is no payload. */
  readonly problems: readonly Issue[];
  /** Whether steps or reads were left out because there are too many. */
  readonly shortened: boolean;
}

interface Step {
  path: string;
  directive: string;
  reads: ExplainedRead[];
  value?: unknown;
  differences: RuleId[];
  steps: Step[];
}

/** Explains how a mapping makes a payload from an event: what each directive read and returned. Never throws. */
export function explainMapping(mapping: unknown, event: unknown): MappingExplanation {
  const tracer = new Tracer();
  let payload: unknown;
  const problems: Issue[] = [];
  try {
    payload = evaluateReference(mapping, event, tracer);
  } catch (error) {
    if (error instanceof MappingError) problems.push(...error.problems);
    else if (error instanceof MappingEvaluationError) {
      problems.push({ code: error.code, path: error.path, message: error.message });
    } else throw error;
  }
  return { ...byField(mapping, payload, tracer.steps), problems, shortened: tracer.shortened };
}

function byField(mapping: unknown, payload: unknown, steps: readonly Step[]) {
  const keys = new Set([...namesOf(mapping), ...namesOf(payload)]);
  const fields = [...keys].map((field): ExplainedField => {
    const mine = steps.filter((step) => belongsTo(step.path, formatPlace([field])));
    const value = isMembers(payload) && Object.hasOwn(payload, field) ? payload[field] : undefined;
    return { field, ...shown(value), steps: mine };
  });
  const taken = new Set(fields.flatMap((field) => field.steps));
  return { fields, steps: steps.filter((step) => !taken.has(step)) };
}

function namesOf(value: unknown): readonly string[] {
  return isMembers(value)
    ? Object.keys(value)
        .filter((key) => !key.startsWith('@') && key !== ROOT_KEY)
        .slice(0, BOUNDS.steps)
    : [];
}

function belongsTo(path: string, field: string): boolean {
  return path.startsWith(field) && /^[.[]/.test(path.slice(field.length));
}

/** Records the events of the reference interpreter, bounded. */
class Tracer {
  readonly steps: Step[] = [];
  shortened = false;
  readonly #open: (Step | undefined)[] = [];
  #count = 0;

  enter(path: string, directive: string): void {
    const full = this.#count++ >= BOUNDS.steps;
    if (full) this.shortened = true;
    const step: Step | undefined = full
      ? undefined
      : { path, directive, reads: [], differences: [], steps: [] };
    const parent = this.#open.length === 0 ? this.steps : this.#open.at(-1)?.steps;
    if (step !== undefined) parent?.push(step);
    this.#open.push(step);
  }

  read(keys: readonly string[], value: unknown): void {
    const step = this.#open.at(-1);
    if (step === undefined) return;
    if (step.reads.length >= BOUNDS.reads) this.shortened = true;
    else step.reads.push({ path: formatPlace(keys), ...shown(value) });
  }

  leave(value: unknown): void {
    const step = this.#open.pop();
    if (step !== undefined) Object.assign(step, shown(value));
  }

  differs(rule: RuleId): void {
    const step = this.#open.at(-1);
    if (step !== undefined && !step.differences.includes(rule)) step.differences.push(rule);
  }
}

/** Returns a value to show, as a member that is absent when there is no value. */
function shown(value: unknown): { readonly value?: unknown } {
  return value === undefined ? {} : { value: shorten(value, 0) };
}

function shorten(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    return value.length > BOUNDS.characters ? `${value.slice(0, BOUNDS.characters)}…` : value;
  }
  if (value === undefined || typeof value !== 'object' || value === null) {
    return typeof value === 'number' || typeof value === 'boolean' ? value : null;
  }
  if (depth >= BOUNDS.depth) return '…';
  if (Array.isArray(value)) {
    const items = value.slice(0, BOUNDS.members).map((item) => shorten(item, depth + 1));
    return value.length > BOUNDS.members ? [...items, '…'] : items;
  }
  if (!isMembers(value)) return String(value);
  const keys = Object.keys(value);
  const entries = keys
    .slice(0, BOUNDS.members)
    .filter((key) => value[key] !== undefined)
    .map((key) => [key, shorten(value[key], depth + 1)] as const);
  return Object.fromEntries(keys.length > BOUNDS.members ? [...entries, ['…', '…']] : entries);
}
