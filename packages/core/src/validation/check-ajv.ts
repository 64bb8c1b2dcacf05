import { Ajv, type ErrorObject, type KeywordCxt, type ValidateFunction, _ } from 'ajv';
import { FORMATS } from './formats.ts';
import type { PathStep } from './json.ts';
import { type Check, MAX_PROBLEMS, type Problem } from './problem.ts';
import type { JsonSchema } from './schema.ts';

/** Keywords of the quick check: a payload that passes needs no cleaning. */
export interface CleanSchema extends JsonSchema {
  /** The object has no members other than these, not even without a value. */
  closed?: readonly string[];
  /** The string is not empty. */
  filled?: boolean;
}

function makeAjv(allErrors: boolean, ownProperties: boolean): Ajv {
  const ajv = new Ajv({
    allErrors,
    ownProperties,
    // The schema is ours; checking it against the meta-schema would only slow down the start.
    validateSchema: false,
    meta: false,
    strict: false,
    strictNumbers: true,
    addUsedSchema: false,
    logger: false,
    // Doubles the load time for code that runs no faster.
    code: { optimize: false },
  });
  for (const [name, test] of Object.entries(FORMATS)) ajv.addFormat(name, test);
  ajv.addFormat('password', true);
  ajv.addKeyword({
    keyword: 'filled',
    type: 'string',
    schemaType: 'boolean',
    code: (context: KeywordCxt) => context.fail(_`${context.data} === ""`),
  });
  ajv.addKeyword({
    keyword: 'closed',
    type: 'object',
    schemaType: 'array',
    code(context: KeywordCxt) {
      const { gen, data } = context;
      const names = context.schema as readonly string[];
      const extra = gen.let('extra', 0);
      // Counting is cheaper than comparing names: the members, minus the known ones with a value.
      gen.forIn('key', data, () => gen.code(_`${extra}++`));
      for (const name of names) gen.if(_`${data}[${name}] !== undefined`, () => gen.code(_`${extra}--`));
      context.fail(_`${extra} !== 0`);
    },
  });
  return ajv;
}

const instances = new Map<string, Ajv>();

function ajvFor(allErrors: boolean, ownProperties: boolean): Ajv {
  const key = `${String(allErrors)} ${String(ownProperties)}`;
  let ajv = instances.get(key);
  if (!ajv) {
    ajv = makeAjv(allErrors, ownProperties);
    instances.set(key, ajv);
  }
  return ajv;
}

/** Converts a JSON pointer to a path in a value, with numbers for items of lists. */
export function pathOf(pointer: string, data: unknown): PathStep[] {
  const steps: PathStep[] = [];
  let value = data;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(value) ? Number(key) : key;
    steps.push(step);
    value = (value as Readonly<Record<string | number, unknown>> | null | undefined)?.[step];
  }
  return steps;
}

function problemOf(error: ErrorObject, data: unknown): Problem | undefined {
  const path = pathOf(error.instancePath, data);
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'required':
      return { kind: 'required', path: [...path, String(params['missingProperty'])] };
    case 'additionalProperties':
      return { kind: 'unknown', path: [...path, String(params['additionalProperty'])] };
    case 'type':
    case 'format':
      return { kind: error.keyword, path };
    case 'enum':
      return { kind: 'choice', path };
    case 'minimum':
    case 'maximum':
    case 'minLength':
    case 'maxLength':
      return { kind: error.keyword, path, limit: Number(params['limit']) };
    default:
      // `if` only repeats the error of its `then`.
      return undefined;
  }
}

/** Creates a check with Ajv that finds every problem; needs code generation. */
export function ajvCheck(schema: JsonSchema, ownProperties: boolean): Check {
  let validate: ValidateFunction | undefined;
  return (payload) => {
    validate ??= ajvFor(true, ownProperties).compile(schema);
    if (validate(payload)) return [];
    const problems: Problem[] = [];
    for (const error of validate.errors ?? []) {
      const problem = problemOf(error, payload);
      if (problem) problems.push(problem);
      if (problems.length === MAX_PROBLEMS) break;
    }
    return problems;
  };
}

/** Creates a fast check with Ajv that returns only true or false, and false for every payload that needs cleaning. */
export function ajvQuickCheck(schema: CleanSchema, ownProperties: boolean): (payload: unknown) => boolean {
  const validate = ajvFor(false, ownProperties).compile(schema);
  return (payload) => validate(payload);
}
