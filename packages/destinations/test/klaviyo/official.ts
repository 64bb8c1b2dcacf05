import { Ajv2020 as Ajv, type ValidateFunction } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';

/*
 * The relevant part of Klaviyo's own description: https://github.com/klaviyo/openapi, under the MIT licence next to
 * `official/openapi.json`. It is reduced to the used endpoints, without strings and examples; nothing was changed.
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

/** Validates a body by a schema; in requests, also reports unknown members. */
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

/** Closes the objects of a schema. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const isObject = 'properties' in schema && (schema as Schema)['type'] === 'object';
  return isObject ? { ...members, additionalProperties: false } : members;
}

/** Returns the endpoint of a request, with the values of its path parameters. */
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
