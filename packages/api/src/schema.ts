declare const TYPE: unique symbol;

/** A JSON Schema, and the type of its values. */
export interface Schema<T = unknown> {
  readonly [TYPE]?: T;
  readonly [keyword: string]: unknown;
}

/** Keywords of JSON Schema. */
export interface Keywords {
  readonly [keyword: string]: unknown;
}

/** The type of the values of a schema. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never;

/** Schemas by member. */
export interface Members {
  readonly [name: string]: Schema;
}

/** The object type of members. */
export type ObjectOf<R extends Members, O extends Members> = {
  readonly [K in keyof R]: TypeOf<R[K]>;
} & { readonly [K in keyof O]?: TypeOf<O[K]> } extends infer T
  ? { [K in keyof T]: T[K] }
  : never;

/** A string; `more` are keywords of JSON Schema. */
export function text(more: Keywords = {}): Schema<string> {
  return { type: 'string', ...more };
}

/** A number. */
export function number(more: Keywords = {}): Schema<number> {
  return { type: 'number', ...more };
}

/** A non-negative integer. */
export function whole(more: Keywords = {}): Schema<number> {
  return { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...more };
}

/** A boolean. */
export function yes(): Schema<boolean> {
  return { type: 'boolean' };
}

/** Any JSON value. */
export function anything(description?: string): Schema {
  return description === undefined ? {} : { description };
}

/** One of these values. */
export function among<const V extends readonly (string | number | boolean)[]>(values: V): Schema<V[number]> {
  return { enum: values };
}

/** A list. */
export function list<T>(items: Schema<T>, more: Keywords = {}): Schema<readonly T[]> {
  return { type: 'array', items, ...more };
}

/** An object whose members are all of one kind. */
export function record<T>(values: Schema<T>): Schema<Readonly<Record<string, T>>> {
  return { type: 'object', additionalProperties: values };
}

/** An object with exactly these members. */
export function object<R extends Members, O extends Members = Record<never, never>>(
  required: R,
  optional?: O,
): Schema<ObjectOf<R, O>> {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

/** A value of one of several schemas. */
export function either<const S extends readonly Schema[]>(...anyOf: S): Schema<TypeOf<S[number]>> {
  return { anyOf };
}

/** A schema with a type from elsewhere. */
export function typed<T>(schema: Schema): Schema<T> {
  return schema as Schema<T>;
}

/** Names a schema, for documents and types. */
export function named<T>(title: string, schema: Schema<T>): Schema<T> {
  return { ...schema, title };
}

/** A reference to a schema by its name, for recursive schemas. */
export function reference<T>(title: string): Schema<T> {
  return { $ref: `#/components/schemas/${title}` };
}

/** A name in a request: an ID, a code, a user. */
export const NAME = text({ minLength: 1, maxLength: 512 });

/** The maximum number of rows of a page. */
export const LIMIT = whole({ minimum: 1, maximum: 1_000 });

/** A time in a request: ISO 8601 with an offset, or epoch milliseconds. */
export const MOMENT: Schema<string | number> = { moment: true };

/** A time in an answer. */
export const AT = whole({ description: 'Epoch milliseconds.' });
