import type { AudienceAnswer } from './audience.ts';
import type { ConnectionResult } from './destination.ts';
import type { DynamicAnswer, DynamicChoice } from './dynamic.ts';
import type { HookAnswer, HookOutputs } from './hook.ts';
import { ERRORS, type ErrorCode } from '../result/errors.ts';
import type { Issue } from '../result/issue.ts';
import { type Outcome, type Rejected, rejected } from '../result/outcome.ts';
import { cut } from '../text/cut.ts';

/*
 * Checks the shape of what the functions of a definition return: plain JavaScript can return anything. An invalid value
 * costs its own item and nothing else. Valid values are passed on without a copy.
 */

/** The maximum length of a message, note or field of an outcome; the rest is cut. */
export const LONGEST_MESSAGE = 4_096;

/** The maximum number of choices of a dynamic field in one page. */
const MOST_CHOICES = 1_000;

/** The maximum number of exchanges that one outcome can name. */
const MOST_EXCHANGES = 1_000;

type Members = Readonly<Record<string, unknown>>;

/**
 * Returns one outcome per item from the answer of an action; an invalid outcome becomes one that says so. Never throws.
 */
export function checkOutcomes(answer: unknown, count: number): readonly Outcome[] {
  try {
    if (!Array.isArray(answer)) return all(count, `The action returned ${kindOf(answer)}, not a list.`);
    const outcomes: Outcome[] = [];
    let before: unknown = outcomes;
    let checked: Outcome | undefined;
    const found = answer.length;
    // It is unknown which answer belongs to which item.
    if (found !== count) return all(count, `The action returned outcomes for ${found} of ${count} items.`);
    for (let at = 0; at < count; at += 1) {
      const one: unknown = answer[at];
      // Actions often return the same object for many items.
      if (checked === undefined || one !== before) checked = checkOutcome(one);
      before = one;
      outcomes.push(checked);
    }
    return outcomes;
  } catch {
    return all(count, 'The answer of the action cannot be read.');
  }
}

/** Checks one outcome; an invalid one becomes `action_outcome_invalid`. Never throws. */
export function checkOutcome(value: unknown): Outcome {
  try {
    const problem = problemOf(value);
    return problem === undefined ? shortened(value as Outcome) : invalid(`${problem}.`);
  } catch {
    return invalid('it cannot be read.');
  }
}

function all(count: number, message: string): Outcome[] {
  return new Array<Outcome>(count).fill(rejected('action_outcome_invalid', message));
}

function invalid(problem: string): Rejected {
  return rejected('action_outcome_invalid', `The action returned an invalid outcome: ${problem}`);
}

function problemOf(value: unknown): string | undefined {
  if (!isObject(value)) return `it is ${kindOf(value)}`;
  const { status, exchanges } = value;
  if (exchanges !== undefined && !areIndexes(exchanges)) return 'exchanges is not a list of indexes';
  if (status === 'delivered') {
    return value['note'] === undefined || typeof value['note'] === 'string'
      ? undefined
      : `note is ${kindOf(value['note'])}`;
  }
  if (status !== 'skipped' && status !== 'rejected' && status !== 'retry') {
    return typeof status === 'string'
      ? `there is no status "${status.slice(0, 60)}"`
      : `status is ${kindOf(status)}`;
  }
  const { code, message, field, afterMs } = value;
  if (typeof code !== 'string') return `code is ${kindOf(code)}`;
  if (!isCode(code)) return `there is no code "${code.slice(0, 60)}"`;
  if (typeof message !== 'string') return `message is ${kindOf(message)}`;
  if (field !== undefined && typeof field !== 'string') return `field is ${kindOf(field)}`;
  if (afterMs !== undefined && !(typeof afterMs === 'number' && afterMs >= 0 && afterMs < Infinity)) {
    return `afterMs is ${typeof afterMs === 'number' ? String(afterMs) : kindOf(afterMs)}`;
  }
  return undefined;
}

function shortened(outcome: Outcome): Outcome {
  if (outcome.status === 'delivered') {
    return isLong(outcome.note) ? { ...outcome, note: cut(outcome.note!, LONGEST_MESSAGE) } : outcome;
  }
  const field = outcome.status === 'rejected' ? outcome.field : undefined;
  if (!isLong(outcome.message) && !isLong(field)) return outcome;
  const message = cut(outcome.message, LONGEST_MESSAGE);
  return field === undefined
    ? { ...outcome, message }
    : ({ ...outcome, message, field: cut(field, LONGEST_MESSAGE) } as Rejected);
}

function isLong(text: string | undefined): boolean {
  return text !== undefined && text.length > LONGEST_MESSAGE;
}

function areIndexes(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > MOST_EXCHANGES) return false;
  for (let at = 0; at < value.length; at += 1) {
    const index: unknown = value[at];
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0) return false;
  }
  return true;
}

/** Returns the choices of a dynamic field, or why there are none; bounded. Never throws. */
export function checkChoices(answer: unknown): DynamicAnswer {
  try {
    if (!isObject(answer)) return { error: unusable(`The choices are ${kindOf(answer)}.`) };
    if (answer['error'] !== undefined) return { error: checkIssue(answer['error']) };
    const { choices, nextPage } = answer;
    if (!Array.isArray(choices))
      return { error: unusable(`The choices are ${kindOf(choices)}, not a list.`) };
    if (nextPage !== undefined && typeof nextPage !== 'string')
      return { error: unusable(`The next page is ${kindOf(nextPage)}.`) };
    const kept = (choices as readonly unknown[]).slice(0, MOST_CHOICES);
    const bad = kept.findIndex((one) => !isChoice(one));
    if (bad !== -1) return { error: unusable(`Choice ${bad + 1} has no label and value.`) };
    return { choices: kept as DynamicChoice[], ...(nextPage === undefined ? {} : { nextPage }) };
  } catch {
    return { error: unusable('The choices cannot be read.') };
  }
}

function isChoice(value: unknown): value is DynamicChoice {
  if (!isObject(value)) return false;
  const { label, value: chosen, description } = value;
  return (
    typeof label === 'string' &&
    (typeof chosen === 'string' || (typeof chosen === 'number' && Number.isFinite(chosen))) &&
    (description === undefined || typeof description === 'string')
  );
}

/** The maximum size of the outputs of a hook, in characters of JSON. */
const MOST_OF_HOOK = 65_536;

/** Returns the outputs of a hook, or why there are none; bounded plain data. Never throws. */
export function checkHook(answer: unknown): HookAnswer {
  try {
    if (!isObject(answer)) return { error: unusable(`The hook returned ${kindOf(answer)}.`) };
    if (answer['error'] !== undefined) return { error: checkIssue(answer['error']) };
    const { outputs, message } = answer;
    if (!isObject(outputs) || Array.isArray(outputs))
      return { error: unusable(`The outputs of the hook are ${kindOf(outputs)}, not an object.`) };
    const text = JSON.stringify(outputs);
    if (text.length > MOST_OF_HOOK)
      return { error: unusable(`The outputs of the hook are longer than ${MOST_OF_HOOK} characters.`) };
    return {
      outputs: JSON.parse(text) as HookOutputs,
      ...(typeof message === 'string' ? { message: cut(message, LONGEST_MESSAGE) } : {}),
    };
  } catch {
    return { error: unusable('The outputs of the hook cannot be read.') };
  }
}

/** The maximum length of the ID of an audience. */
const LONGEST_ID = 512;

/** Returns the ID of an audience, or why there is none. Never throws. */
export function checkAudience(answer: unknown): AudienceAnswer {
  try {
    if (!isObject(answer)) return { outcome: invalid(`it is ${kindOf(answer)}.`) };
    if (answer['outcome'] !== undefined) {
      const outcome = checkOutcome(answer['outcome']);
      if (outcome.status === 'rejected' || outcome.status === 'retry') return { outcome };
      return { outcome: invalid('it has neither an ID nor an error.') };
    }
    const { externalId } = answer;
    if (typeof externalId === 'number' && Number.isFinite(externalId))
      return { externalId: String(externalId) };
    if (typeof externalId !== 'string' || externalId === '' || externalId.length > LONGEST_ID)
      return { outcome: invalid(`the id of the audience is ${kindOf(externalId)}, or too long.`) };
    return { externalId };
  } catch {
    return { outcome: invalid('it cannot be read.') };
  }
}

/** Returns the result of a connection test. Anything but a clear success is a failure. Never throws. */
export function checkConnection(answer: unknown): ConnectionResult {
  try {
    if (!isObject(answer)) return no(`The connection test returned ${kindOf(answer)}.`);
    const { ok, message, issue } = answer;
    if (ok === true)
      return typeof message === 'string' ? { ok, message: cut(message, LONGEST_MESSAGE) } : { ok };
    if (ok !== false) return no(`The connection test returned neither success nor failure.`);
    return { ok, issue: checkIssue(issue) };
  } catch {
    return no('The result of the connection test cannot be read.');
  }
}

function no(message: string): ConnectionResult {
  return { ok: false, issue: unusable(message) };
}

function checkIssue(value: unknown): Issue {
  if (!isObject(value)) return unusable(`The problem is ${kindOf(value)}.`);
  const { code, path, message } = value;
  if (typeof code !== 'string' || !isCode(code) || typeof message !== 'string')
    return unusable('The problem has no known code and message.');
  return {
    code,
    path: typeof path === 'string' ? cut(path, LONGEST_MESSAGE) : '',
    message: cut(message, LONGEST_MESSAGE),
  };
}

function unusable(message: string): Issue {
  return { code: 'action_value_invalid', path: '', message };
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}

/** Describes a value in a few words: it can be of any size, and its `toString` can throw. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'function':
      return 'a function';
    case 'string':
      return 'text';
    case 'number':
      return `the number ${value}`;
    default:
      return `a ${typeof value}`;
  }
}
