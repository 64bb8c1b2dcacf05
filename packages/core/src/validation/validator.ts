import type { Fields, Json } from '../define/fields.ts';
import type { Issue } from '../result/issue.ts';
import { type CleanSchema, ajvCheck, ajvQuickCheck } from './check-ajv.ts';
import { closureCheck } from './check-closures.ts';
import { type Change, compileCleaner } from './clean.ts';
import { issuesOf } from './messages.ts';
import { type FieldModel, isObject, type ObjectModel, readFields } from './model.ts';
import { type JsonSchema, schemaOfModel } from './schema.ts';

/** A payload as the action receives it. */
export type PayloadObject = Readonly<Record<string, unknown>>;

/** The result of validating a value. */
export type Validation =
  | {
      readonly ok: true;
      /** The same value when nothing changed. */
      readonly payload: PayloadObject;
      readonly changes: readonly Change[];
    }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Cleans, converts and checks one value. Never changes it. */
export type Validator = (raw: unknown) => Validation;

/** Options of validators. */
export interface ValidatorOptions {
  /** Sync mode of the mapping, for conditions that read it. */
  readonly syncMode?: string | undefined;
  /** Settings of the mapping that conditions may name, for example `enable_batching`. */
  readonly settings?: Readonly<Record<string, Json>> | undefined;
  /** Leave out undeclared members (the default), or refuse the payload because of them. */
  readonly removeUnknown?: boolean | undefined;
  /**
   * `generated` compiles functions, `closures` needs no code generation, for pages under a strict content security
   * policy. When absent, the environment decides.
   */
  readonly execution?: 'generated' | 'closures' | undefined;
}

const NO_CHANGES: readonly Change[] = Object.freeze([]);

let allowed: boolean | undefined;

/** Whether this environment allows generated functions. */
function codeGenerationAllowed(): boolean {
  if (allowed === undefined) {
    try {
      allowed = new Function('return true')() === true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

function names(model: ObjectModel): string[] {
  return [...model.fields.values()].flatMap((field) => [
    field.name,
    ...(field.members ? names(field.members) : []),
  ]);
}

/** Narrows a schema to payloads that need no cleaning. */
function cleanSchema(schema: JsonSchema, model: ObjectModel, top: boolean): CleanSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const field of model.fields.values()) {
    const inner = schema.properties?.[field.name];
    if (inner) properties[field.name] = cleanField(inner, field, top);
  }
  const { additionalProperties: _open, ...rest } = schema;
  return model.open ? { ...schema, properties } : { ...rest, properties, closed: Object.keys(properties) };
}

function cleanField(schema: JsonSchema, field: FieldModel, top: boolean): CleanSchema {
  if (field.members) {
    return field.list && schema.items
      ? { ...schema, items: cleanSchema(schema.items, field.members, false) }
      : cleanSchema(schema, field.members, false);
  }
  return top && !field.list && field.types.includes('string') ? { ...schema, filled: true } : schema;
}

function makeValidator(fields: Fields, options: ValidatorOptions): Validator {
  const refuses = options.removeUnknown === false;
  const model = readFields(fields);
  const clean = compileCleaner(model, refuses);
  const schema = schemaOfModel(model, { syncMode: options.syncMode, settings: options.settings, bare: true });
  const generated =
    (options.execution ?? (codeGenerationAllowed() ? 'generated' : 'closures')) === 'generated';
  // Reading an inherited name would return the inherited member; own-property checks cost, so only then.
  const own = names(model).some((name) => name in Object.prototype);
  const check = generated ? ajvCheck(schema, own) : closureCheck(schema);
  const isReady = generated ? ajvQuickCheck(cleanSchema(schema, model, true), own) : undefined;

  return (raw) => {
    if (isReady?.(raw) === true) return { ok: true, payload: raw as PayloadObject, changes: NO_CHANGES };
    const changes: Change[] = [];
    const payload = isObject(raw) ? clean(raw, changes) : raw;
    const problems = check(payload);
    if (problems.length > 0) return { ok: false, issues: issuesOf(problems, payload, model) };
    return { ok: true, payload: payload as PayloadObject, changes };
  };
}

const validators = new WeakMap<Fields, Map<string, Validator>>();

/**
 * Creates the validator of a payload: it leaves out empty values and unknown members, converts values to the types of
 * their fields, and checks the result. Create it once for each fields object and set of options.
 */
export function compileValidator(fields: Fields, options: ValidatorOptions = {}): Validator {
  const { syncMode, settings, removeUnknown, execution } = options;
  const key = JSON.stringify([syncMode, settings ?? {}, removeUnknown !== false, execution]);
  let known = validators.get(fields);
  if (!known) validators.set(fields, (known = new Map<string, Validator>()));
  let validator = known.get(key);
  if (!validator) known.set(key, (validator = makeValidator(fields, options)));
  return validator;
}
