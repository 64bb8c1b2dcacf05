import type { FieldCondition } from '../define/fields.ts';
import type { ErrorCode } from '../result/errors.ts';
import type { Issue } from '../result/issue.ts';
import type { PathStep } from './json.ts';
import { printPath } from './json.ts';
import type { FieldModel, ObjectModel } from './model.ts';
import type { Problem } from './problem.ts';

const CODES: Readonly<Record<Problem['kind'], ErrorCode>> = {
  required: 'payload_required',
  type: 'payload_wrong_type',
  format: 'payload_invalid_format',
  choice: 'payload_not_a_choice',
  minimum: 'payload_out_of_range',
  maximum: 'payload_out_of_range',
  minLength: 'payload_out_of_range',
  maxLength: 'payload_out_of_range',
  unknown: 'payload_unknown_field',
};

/** The order of several problems at one place. */
const KINDS = Object.keys(CODES);

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  'date-like': 'a date or time, such as 2026-03-01T09:30:00Z or seconds since 1970',
  date: 'a date such as 2026-03-01',
  time: 'a time such as 09:30:00Z',
  'date-time': 'a date and time such as 2026-03-01T09:30:00Z',
  uri: 'a web address such as https://example.com/page',
  'uri-reference': 'a web address or a part of one, such as /page',
  'uri-template': 'a web address template such as https://example.com/{id}',
  email: 'an e-mail address such as name@example.com',
  hostname: 'a host name such as www.example.com',
  ipv4: 'an IPv4 address such as 192.0.2.1',
  ipv6: 'an IPv6 address such as 2001:db8::1',
  regex: 'a regular expression',
  uuid: 'a UUID such as 123e4567-e89b-42d3-a456-426614174000',
};

/** The maximum number of choices in a message. */
const LISTED_CHOICES = 10;
const LONGEST_QUOTE = 60;

/** Where a problem is, in words: the surrounding objects and items, and the field itself. */
interface Surroundings {
  readonly around: string;
  readonly name: string;
  readonly model: FieldModel | undefined;
  /** The place is one element of a list. */
  readonly element: boolean;
  /** The surrounding objects with known members, the payload first. */
  readonly holders: readonly ObjectModel[];
}

function placeOf(path: readonly PathStep[], root: ObjectModel): Surroundings {
  let members: ObjectModel | undefined = root;
  let model: FieldModel | undefined;
  const names: string[] = [];
  const holders: ObjectModel[] = [];
  let element = false;
  for (const step of path) {
    if (typeof step === 'number') {
      const last = names.pop() ?? 'The list';
      names.push(`${last}, ${model?.members ? 'line' : 'item'} ${step + 1}`);
      element = true;
    } else {
      if (members) holders.push(members);
      model = members?.fields.get(step);
      members = model?.members;
      names.push(model?.label ?? step);
      element = false;
    }
  }
  const name = names.pop() ?? 'The payload';
  return { around: names.length > 0 ? `${names.join(', ')}: ` : '', name, model, element, holders };
}

function quote(value: unknown, model: FieldModel | undefined): string {
  if (model?.field.type === 'password') return 'the value given';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  const text = value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}…` : value;
  return `"${text}"`;
}

function typeWords(model: FieldModel | undefined, element: boolean): string {
  if (!model) return 'an object';
  if (model.list && !element) return 'a list';
  switch (model.field.type) {
    case 'number':
      return 'a number';
    case 'integer':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'an object';
    case 'datetime':
      return 'a date or time';
    default:
      return 'text';
  }
}

function choiceWords(model: FieldModel | undefined): string {
  const choices = (model?.field.choices ?? []).map((choice) =>
    typeof choice === 'string' ? choice : choice.value,
  );
  const listed = choices.slice(0, LISTED_CHOICES).map((choice) => `"${choice}"`);
  const more = choices.length - listed.length;
  return `${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function formatWords(model: FieldModel | undefined): string {
  const format = model?.field.type === 'datetime' ? 'date-like' : model?.field.format;
  return (format && FORMAT_WORDS[format]) ?? 'in the format of the field';
}

/**
 * The label of the field that a condition names, searched for as the condition is: outwards, then next to the field.
 */
function labelOf(fieldKey: string, holders: readonly ObjectModel[]): string {
  const segments = fieldKey.split('.');
  const order = [...holders.slice(0, -1).reverse(), ...holders.slice(-1)];
  let members = order.find(({ fields }) => fields.has(segments[0] ?? ''));
  const labels: string[] = [];
  for (const segment of segments) {
    const model: FieldModel | undefined = members?.fields.get(segment);
    members = model?.members;
    labels.push(model?.label ?? segment);
  }
  return labels.join(', ');
}

function conditionWords(condition: FieldCondition, holders: readonly ObjectModel[]): string {
  const subject = condition.type === 'syncMode' ? 'the sync mode' : labelOf(condition.fieldKey, holders);
  const { value, operator } = condition;
  if (value === undefined) return `${subject} has ${operator === 'is' ? 'no' : 'a'} value`;
  const values = (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map((one) =>
    JSON.stringify(one),
  );
  return `${subject} is ${operator === 'is' ? '' : 'not '}${values.join(' or ')}`;
}

/** When a conditional field is required: ` when Channel is "sms",`. */
function whenWords({ model, holders }: Surroundings): string {
  const required = model?.field.required;
  if (typeof required !== 'object') return '';
  const conditions = required.conditions.map((condition) => conditionWords(condition, holders));
  return ` when ${conditions.join(required.match === 'any' ? ' or ' : ' and ')},`;
}

function sentence(problem: Problem, place: Surroundings, value: unknown): string {
  const { name, model, element } = place;
  const given = quote(value, model);
  const limit = String(problem.limit);
  switch (problem.kind) {
    case 'required':
      return `${name} is required${whenWords(place)} but has no value.`;
    case 'type':
      return value === null
        ? `${name} should be ${typeWords(model, element)} but is null.`
        : `${name} should be ${typeWords(model, element)} but is ${given}.`;
    case 'format':
      return `${name} should be ${formatWords(model)} but is ${given}.`;
    case 'choice':
      return `${name} should be one of ${choiceWords(model)} but is ${given}.`;
    case 'minimum':
      return `${name} should be at least ${limit} but is ${given}.`;
    case 'maximum':
      return `${name} should be at most ${limit} but is ${given}.`;
    case 'minLength':
      return `${name} should have at least ${limit} characters but is ${given}.`;
    case 'maxLength':
      return `${name} should have at most ${limit} characters but is ${given}.`;
    case 'unknown':
      return `"${name}" is not a field that the action knows.`;
  }
}

function valueAt(payload: unknown, path: readonly PathStep[]): unknown {
  let value = payload;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<PathStep, unknown>>)[step];
  }
  return value;
}

/** The sort key of a place: the position of each step among the fields of its object, or in its list. */
function positionOf(path: readonly PathStep[], root: ObjectModel): number[] {
  let members: ObjectModel | undefined = root;
  return path.map((step) => {
    if (typeof step === 'number') return step;
    const position = [...(members?.fields.keys() ?? [])].indexOf(step);
    members = members?.fields.get(step)?.members;
    return position === -1 ? Number.MAX_SAFE_INTEGER : position;
  });
}

function comparePositions(left: readonly number[], right: readonly number[]): number {
  for (const [index, position] of left.entries()) {
    const difference = position - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Converts problems to messages: one issue per fact, in the order of the fields. */
export function issuesOf(problems: readonly Problem[], payload: unknown, root: ObjectModel): Issue[] {
  const issues = new Map<string, Issue>();
  // A value of the wrong type also misses every choice and format; only the type is reported.
  const wrongType = new Set(
    problems.filter(({ kind }) => kind === 'type').map(({ path }) => printPath(path)),
  );
  const sorted = problems
    .map((problem) => ({ problem, position: positionOf(problem.path, root) }))
    .sort(
      (left, right) =>
        comparePositions(left.position, right.position) ||
        KINDS.indexOf(left.problem.kind) - KINDS.indexOf(right.problem.kind),
    );
  for (const { problem } of sorted) {
    const path = printPath(problem.path);
    if (problem.kind !== 'type' && wrongType.has(path)) continue;
    const place = placeOf(problem.path, root);
    const value = valueAt(payload, problem.path);
    const code = problem.kind === 'type' && value === null ? 'payload_null' : CODES[problem.kind];
    const key = `${problem.kind} ${path}`;
    if (issues.has(key)) continue;
    issues.set(key, { code, path, message: `${place.around}${sentence(problem, place, value)}` });
  }
  return [...issues.values()];
}
