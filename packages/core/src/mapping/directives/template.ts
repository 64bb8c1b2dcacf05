import { MappingEvaluationError } from '../errors.ts';
import { readKeys } from '../paths.ts';
import { SCOPE, type Plan } from '../plan.ts';
import { parseTemplate, type TemplatePart } from '../template-text.ts';
import { isPresent, kindOf, toText } from '../values.ts';
import { hidesToString, type Directive, type Evaluation } from './directive.ts';

/** Interpolates values into a string. */
export const template: Directive = {
  name: '@template',
  portable: true,
  summary: 'Inserts values of the event into a string.',
  notes: [
    '`{{path}}` and `{{{path}}}` mean the same; nothing is escaped. Inside the braces, write a path without `$.`.',
    'A missing value or null becomes an empty string, a list its items separated by commas, an object `[object Object]`. The result is always a string.',
    'Values are inserted once: braces inside a value are left unchanged.',
    'The template itself may come from a directive. A missing one gives an empty string; an object or list fails.',
    'A template has at most 1,000 parts (strings and values), and its result at most 1,000,000 characters.',
  ],
  examples: [
    {
      mapping: { name: { '@template': '{{traits.first_name}} {{traits.last_name}}' } },
      event: { traits: { first_name: 'Ada', last_name: 'Lovelace' } },
      payload: { name: 'Ada Lovelace' },
    },
  ],
  check(value, checker) {
    checker.textOrDirective(value);
    if (typeof value === 'string' && parseTemplate(value).length > LIMITS.pieces) {
      checker.problem(MANY_PIECES, 'mapping_too_large');
    }
  },
  reference(value, scope, evaluation) {
    const text = evaluation.evaluate(value, scope);
    if (typeof text !== 'string') evaluation.differs('M9');
    if (typeof text === 'object' && text !== null) return evaluation.fail(notATemplate(text));
    return write(toText(text), scope, evaluation);
  },
  compile(value, builder) {
    const fail = (message: string): never => {
      throw new MappingEvaluationError(builder.path, message);
    };
    const check = (text: string) => (text.length > LIMITS.characters ? fail(LONG_TEXT) : text);
    if (typeof value === 'string') return { kind: 'text', parts: parseTemplate(value).map(asPlan), check };
    const run = (scope: unknown, text: unknown) => {
      if (isPresent(text) && typeof text === 'object') fail(notATemplate(text));
      const parts = parseTemplate(toText(text));
      if (parts.length > LIMITS.pieces) fail(MANY_PIECES);
      return check(
        parts.map((part) => (typeof part === 'string' ? part : toText(readKeys(scope, part)))).join(''),
      );
    };
    return { kind: 'call', run, args: [SCOPE, builder.plan(value)], holds: 'never' };
  },
};

/** A template repeats values; without bounds, a short template could create gigabytes from an event. */
const LIMITS = { pieces: 1000, characters: 1_000_000 } as const;

const MANY_PIECES = `The template has more than ${LIMITS.pieces} pieces.`;
const LONG_TEXT = `The string is longer than ${LIMITS.characters} characters.`;

function write(text: string, scope: unknown, evaluation: Evaluation): string {
  if (scope === undefined) evaluation.differs('M16');
  const parts = parseTemplate(text);
  if (parts.length > LIMITS.pieces) {
    evaluation.differs('M2');
    return evaluation.fail(MANY_PIECES);
  }
  const triple = text.includes('{{{');
  let braces = false;
  const texts = parts.map((part) => {
    const value = typeof part === 'string' ? part : evaluation.read(scope, part);
    if (hidesToString(value)) evaluation.differs('M11');
    const written = toText(value);
    if (written.includes('{') || written.includes('}')) braces = true;
    return written;
  });
  // Segment renders the string a second time, and evaluates what the first pass wrote.
  if (triple && braces) evaluation.differs('M10');
  const result = texts.join('');
  if (result.length <= LIMITS.characters) return result;
  evaluation.differs('M2');
  return evaluation.fail(LONG_TEXT);
}

function asPlan(part: TemplatePart): string | Plan {
  return typeof part === 'string' ? part : { kind: 'read', keys: part };
}

function notATemplate(value: unknown): string {
  return `The template is ${kindOf(value)}, not a string.`;
}
