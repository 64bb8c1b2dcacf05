declare const TYPE: unique symbol;

/** A JSON Schema, and the type of what it lets through. */
export interface Schema<T = unknown> {
  readonly [TYPE]?: T;
  readonly [keyword: string]: unknown;
}

/** Keywords of JSON Schema. */
export interface Keywords {
  readonly [keyword: string]: unknown;
}

/** The type of what a schema lets through. */
export type TypeOf<S> = S extends Schema<infer T> ? T : never;

/** Schemas by the name of the member. */
export interface Members {
  readonly [name: string]: Schema;
}

/** The object that members make. */
export type ObjectOf<R extends Members, O extends Members> = {
  readonly [K in keyof R]: TypeOf<R[K]>;
} & { readonly [K in keyof O]?: TypeOf<O[K]> } extends infer T
  ? { [K in keyof T]: T[K] }
  : never;

/** Text; `more` are keywords of JSON Schema. */
export function text(more: Keywords = {}): Schema<string> {
  return { type: 'string', ...more };
}

/** A number. */
export function number(more: Keywords = {}): Schema<number> {
  return { type: 'number', ...more };
}

/** A whole number, not below zero. */
export function whole(more: Keywords = {}): Schema<number> {
  return { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...more };
}

/** Yes or no. */
export function yes(): Schema<boolean> {
  return { type: 'boolean' };
}

/** Any JSON. */
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

/** What one of several schemas lets through. */
export function either<const S extends readonly Schema[]>(...anyOf: S): Schema<TypeOf<S[number]>> {
  return { anyOf };
}

/** A schema of which the type is written elsewhere. */
export function typed<T>(schema: Schema): Schema<T> {
  return schema as Schema<T>;
}

/** Gives a schema the name that documents and types know it by. */
export function named<T>(title: string, schema: Schema<T>): Schema<T> {
  return { ...schema, title };
}

/** A schema by its name, for what contains itself. */
export function reference<T>(title: string): Schema<T> {
  return { $ref: `#/components/schemas/${title}` };
}

/** A name that a request gives: an id, a code, a user. */
export const NAME = text({ minLength: 1, maxLength: 512 });

/** How many rows a page has at most. */
export const LIMIT = whole({ minimum: 1, maximum: 1_000 });

/** A time that a request gives: ISO 8601 with an offset, or epoch milliseconds. */
export const MOMENT: Schema<string | number> = { moment: true };

/** A time in an answer. */
export const AT = whole({ description: 'Epoch milliseconds.' });
