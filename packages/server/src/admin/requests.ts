import { compileParameters } from '@waybill/core';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { Failure } from '../failure.ts';

/** A name that a request gives: an id, a code, a user. */
export const NAME = { type: 'string', minLength: 1, maxLength: 512 } as const;

/** A whole number, not below zero. */
export const WHOLE = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;

/** How many rows a page has at most. */
export const LIMIT = { type: 'integer', minimum: 1, maximum: 1_000 } as const;

/** A time; `moment` of read.ts makes epoch milliseconds of it. */
export const MOMENT = { moment: true } as const;

/** Yes or no. */
export const YES = { type: 'boolean' } as const;

/** An object whose members somebody else checks. */
export const OBJECT = { type: 'object' } as const;

/** Exactly these members, those of `required` at least. */
export function members(
  properties: Readonly<Record<string, object>>,
  required: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  // A request without a body is one whose body has no members.
  const type = required.length > 0 ? 'object' : ['object', 'null'];
  return { type, properties, required, additionalProperties: false };
}

const NOTHING = members({});

/**
 * Checks what requests give before any of it is used: each route says what it takes with a schema, and what it does not
 * name is refused, as ignoring it would do more than was asked for.
 */
export function checkRequests(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const bodied = !['GET', 'HEAD'].includes(String(route.method));
    const defaults: FastifySchema = { querystring: NOTHING, ...(bodied ? { body: NOTHING } : {}) };
    route.schema = { ...defaults, ...route.schema };
  });
  app.setValidatorCompiler<object>(({ schema, httpPart }) => {
    const check = compileParameters(schema, httpPart === 'body' ? 'json' : 'text');
    return (value: unknown) => {
      const wrong = check(value);
      return wrong === undefined ? true : { error: new Failure('request_invalid', wrong) };
    };
  });
}
