import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

const ISO = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/i;
/** The end of the year 9999: later times are formatted differently. */
const LATEST = Date.UTC(9999, 11, 31);
/** Smaller numbers are seconds; as milliseconds they would mean 1970. */
const EARLIEST_NUMBER = 100_000_000_000;

/** Returns a time as epoch milliseconds; undefined for an invalid one. */
export function momentOf(value: unknown): number | undefined {
  if (typeof value === 'number' || /^\d+$/.test(String(value))) {
    const read = Number(value);
    return Number.isInteger(read) && read >= EARLIEST_NUMBER && read <= LATEST ? read : undefined;
  }
  const day = typeof value === 'string' ? ISO.exec(value)?.[1] : undefined;
  if (day === undefined || !isDay(day)) return undefined;
  const read = Date.parse(value as string);
  return read >= 0 && read <= LATEST ? read : undefined;
}

/** Whether the calendar has the day: `Date.parse` turns 31 February into 3 March. */
function isDay(day: string): boolean {
  const read = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(read) && new Date(read).toISOString().startsWith(day);
}

const keyword: Parameters<Ajv['addKeyword']>[0] = {
  keyword: 'moment',
  validate: (_on: unknown, value: unknown) => momentOf(value) !== undefined,
};
const AJV = {
  json: new Ajv({ strictTypes: false }).addKeyword(keyword),
  // Text is converted to the type in the schema; infinite numbers are checked like all others.
  text: new Ajv({ strictTypes: false, coerceTypes: true, strictNumbers: false }).addKeyword(keyword),
};

/**
 * Creates a check of an object of parameters by its schema; `{ moment: true }` in it is a time. The check returns what
 * is wrong with the first invalid parameter. Query parameters are text, which is converted in place to the type in the
 * schema. The schema is compiled at the first use: a server has a hundred of them, and the start must not wait.
 */
export function compileParameters(
  schema: object,
  from: 'json' | 'text',
): (value: unknown) => string | undefined {
  let check: ValidateFunction | undefined;
  return (value) => {
    check ??= AJV[from].compile(schema);
    return check(value) ? undefined : wrong(check.errors?.[0], schema);
  };
}

/** The error, with the name of the parameter. */
function wrong(error: ErrorObject | undefined, schema: object): string {
  const [, name] = error?.instancePath.split('/') ?? [];
  const known = Object.keys((schema as { readonly properties?: object }).properties ?? {});
  const params = (error?.params ?? {}) as Readonly<Record<string, unknown>>;
  if (error?.keyword === 'additionalProperties' && name === undefined) {
    const unknown = String(params['additionalProperty']);
    return known.length === 0
      ? `Unknown parameter "${unknown}": there are none here.`
      : `Unknown parameter "${unknown}". Known: ${known.join(', ')}.`;
  }
  if (error?.keyword === 'required' && name === undefined)
    return `"${String(params['missingProperty'])}" is missing.`;
  if (name === undefined) return 'The body must be a JSON object.';
  switch (error?.keyword) {
    case 'moment':
      return `"${name}" must be an ISO 8601 time with its offset, or epoch milliseconds, up to the year 9999.`;
    case 'type':
      return `"${name}" must be ${params['type'] === 'integer' ? 'a whole number' : `of the type ${String(params['type'])}`}.`;
    case 'enum':
      return `"${name}" must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}.`;
    default:
      return `"${name}" ${error?.message ?? 'is not valid'}.`;
  }
}
