/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The type of a field's value. `datetime` takes an ISO 8601 string or an epoch number. */
export type FieldType =
  'string' | 'text' | 'number' | 'integer' | 'datetime' | 'boolean' | 'password' | 'object';

/** A format that a string value must have. */
export type FieldFormat =
  | 'date'
  | 'time'
  | 'date-time'
  | 'uri'
  | 'uri-reference'
  | 'uri-template'
  | 'email'
  | 'hostname'
  | 'ipv4'
  | 'ipv6'
  | 'regex'
  | 'uuid'
  | 'password'
  | 'text';

/** One condition on another field, or on the sync mode of the mapping. */
export type FieldCondition =
  | {
      readonly type?: 'field';
      /** Name of the other field; a dotted path leads into objects. */
      readonly fieldKey: string;
      readonly operator: 'is' | 'is_not';
      /** The value to compare with; a list matches any of them; absent means "has no value". */
      readonly value?: Json | undefined;
    }
  | { readonly type: 'syncMode'; readonly operator: 'is' | 'is_not'; readonly value: Json };

/** Conditions joined by `all` (the default) or `any`. */
export interface FieldConditions {
  readonly match?: 'all' | 'any';
  readonly conditions: readonly FieldCondition[];
}

/**
 * One input of an action or one setting of a destination, in the shape Segment's definitions have
 * (`InputField`), so that definitions carry over unchanged.
 */
export interface Field {
  readonly type: FieldType;
  readonly label: string;
  readonly description: string;
  readonly required?: boolean | FieldConditions;
  /** A value in the mapping language: the initial value in a new mapping. Never applied at delivery. */
  readonly default?: unknown;
  readonly format?: FieldFormat;
  /** The value is a list of `type`. */
  readonly multiple?: boolean;
  /** Members of an object. */
  readonly properties?: Fields;
  /** Whether an object with `properties` keeps members that are not declared. */
  readonly additionalProperties?: boolean;
  readonly allowNull?: boolean;
  readonly choices?: readonly (string | { readonly label: string; readonly value: string })[];
  /** Bounds of a number, or of the length of a string. */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly placeholder?: string;
  readonly dynamic?: boolean;
  readonly defaultObjectUI?: 'keyvalue' | 'object' | 'keyvalue:only' | 'object:only' | 'arrayeditor';
  readonly unsafe_hidden?: boolean;
  readonly readOnly?: boolean;
  readonly depends_on?: FieldConditions;
  readonly category?: 'identifier' | 'data' | 'internal' | 'config' | 'sync' | 'hashedPII';
  readonly displayMode?: 'expanded' | 'normal' | 'collapsed';
  readonly disabledInputMethods?: readonly (
    'literal' | 'variable' | 'function' | 'enrichment' | 'freeform'
  )[];
}

/** Fields by name. */
export interface Fields {
  readonly [name: string]: Field;
}

type Simplify<T> = { [K in keyof T]: T[K] } & {};

type ScalarOf<F extends Field> = F['type'] extends 'number' | 'integer'
  ? number
  : F['type'] extends 'boolean'
    ? boolean
    : F['type'] extends 'datetime'
      ? string | number
      : F['type'] extends 'object'
        ? F extends { readonly properties: infer P extends Fields }
          ? F extends { readonly additionalProperties: true }
            ? Payload<P> & { readonly [key: string]: unknown }
            : Payload<P>
          : { readonly [key: string]: unknown }
        : F extends { readonly choices: readonly (infer C)[] }
          ? C extends { readonly value: infer V extends string }
            ? V
            : C extends string
              ? C
              : string
          : string;

/** The type of the value a field holds. */
export type ValueOf<F extends Field> =
  | (F extends { readonly multiple: true } ? readonly ScalarOf<F>[] : ScalarOf<F>)
  | (F extends { readonly allowNull: true } ? null : never);

type RequiredKeys<S extends Fields> = {
  [K in keyof S]: S[K] extends { readonly required: true } ? K : never;
}[keyof S];

/** The type of the payload that fields describe: required fields are present, the others optional. */
export type Payload<S extends Fields> = Simplify<
  { readonly [K in RequiredKeys<S>]: ValueOf<S[K]> } & {
    readonly [K in Exclude<keyof S, RequiredKeys<S>>]?: ValueOf<S[K]> | undefined;
  }
>;
