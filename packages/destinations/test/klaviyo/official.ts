import { Ajv2020 as Ajv, type ValidateFunction } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';

/*
 * What Klaviyo's own description says of the endpoints that are used: https://github.com/klaviyo/openapi, under the MIT licence beside
 * `official/openapi.json`. It is cut down to those endpoints, without words and examples; nothing of it was changed.
 */

type Schema = Readonly<Record<string, unknown>>;

/** An endpoint of the description. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly limits: { readonly burst: string; readonly steady: string };
  readonly request?: Schema;
  readonly answers: Readonly<Record<string, Schema | null>>;
}

interface Description {
  readonly revision: string;
  readonly operations: readonly Operation[];
  readonly error: Schema;
  readonly schemas: Schema;
}

/** The description. */
export const official = JSON.parse(
  readFileSync(new URL('official/openapi.json', import.meta.url), 'utf8'),
) as Description;

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const compiled = new Map<Schema, ValidateFunction>();

/** What is wrong with a body by a schema; of requests also members that the description does not know. */
export function wrongIn(body: unknown, schema: Schema, isRequest: boolean): readonly string[] {
  let check = compiled.get(schema);
  if (check === undefined) {
    const whole = { ...schema, schemas: official.schemas };
    check = ajv.compile(isRequest ? (closed(whole) as Schema) : whole);
    compiled.set(schema, check);
  }
  check(body);
  return (check.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
}

/** The schema with objects that take nothing but what they name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const isObject = 'properties' in schema && (schema as Schema)['type'] === 'object';
  return isObject ? { ...members, additionalProperties: false } : members;
}

/** The endpoint of a request, with what stands for the names in its path. */
export function operationOf(
  method: string,
  path: string,
): { readonly operation: Operation; readonly id: string | undefined } | undefined {
  for (const operation of official.operations) {
    const pattern = new RegExp(`^${operation.path.replace(/\{\w+\}/g, '([^/]+)')}$`);
    const found = operation.method === method ? pattern.exec(path) : null;
    if (found !== null)
      return { operation, id: found[1] === undefined ? undefined : decodeURIComponent(found[1]) };
  }
  return undefined;
}
