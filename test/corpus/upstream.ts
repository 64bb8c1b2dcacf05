import { createRequire } from 'node:module';
import type { Fields } from '../../packages/core/src/define/fields.ts';
import type { MappingCase } from './published.ts';

const require = createRequire(import.meta.url);
const core = '../../node_modules/@segment/actions-core/dist/cjs';

interface Steps {
  readonly transform: (mapping: unknown, event: unknown) => unknown;
  readonly removeEmptyValues: (payload: unknown, schema: object | undefined, isRoot: boolean) => object;
  readonly validateSchema: (payload: object, schema: object, options: object) => boolean;
  readonly fieldsToJsonSchema: (fields: Fields) => object;
}

interface ActionInstance {
  performRequest: (perform: unknown, bundle: { readonly payload: unknown }) => Promise<void>;
  execute: (bundle: object) => Promise<unknown>;
}

type ActionClass = new (name: string, definition: object) => ActionInstance;

// The parts of the runtime that are not among the exports of the package are taken from its files.
const steps = {
  ...(require(`${core}/mapping-kit/index.js`) as object),
  ...(require(`${core}/remove-empty-values.js`) as object),
  ...(require(`${core}/schema-validation.js`) as object),
  ...(require(`${core}/destination-kit/fields-to-jsonschema.js`) as object),
} as Steps;
const { Action } = require(`${core}/destination-kit/action.js`) as { Action: ActionClass };

/** What upstream makes of something, or that it throws. */
export type Answer<T> = { readonly value: T } | { readonly thrown: string };

/** Runs a piece of upstream. */
export function ask<T>(run: () => T): Answer<T> {
  try {
    return { value: run() };
  } catch (error) {
    return { thrown: error instanceof Error ? error.message : String(error) };
  }
}

/** Upstream's mapping of one event. */
export function upstreamMap(mapping: unknown, event: unknown): Answer<unknown> {
  return ask(() => steps.transform(mapping, event));
}

/** Upstream's verdict on what a mapping made. */
export interface Verdict {
  readonly ok: boolean;
  /** What upstream made of it, also when it refuses it. */
  readonly payload: unknown;
}

/** A copy without shared parts, as upstream's mapping makes payloads. */
export function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Upstream's check of one raw payload, which it writes to; throws what upstream throws. */
export type Check = (raw: unknown) => Verdict;

/** The steps of upstream's path for a single event after the mapping. */
export function upstreamCheck(fields: Fields, schemaKey?: string): Check {
  const schema = Object.keys(fields).length > 0 ? steps.fieldsToJsonSchema(fields) : undefined;
  return (raw) => {
    const payload = steps.removeEmptyValues(raw, schema, true);
    const options = { throwIfInvalid: false, exempt: ['dynamicAuthSettings'], schemaKey };
    return { ok: schema === undefined || steps.validateSchema(payload, schema, options), payload };
  };
}

/** Upstream's check of settings: without the cleaning that payloads get. */
export function upstreamSettingsCheck(fields: Fields, schemaKey?: string): Check {
  const schema = steps.fieldsToJsonSchema(fields);
  return (raw) => {
    const payload = raw as object;
    const options = { throwIfInvalid: false, exempt: ['dynamicAuthSettings'], schemaKey };
    return { ok: steps.validateSchema(payload, schema, options), payload };
  };
}

/** The payload that upstream's own Action passes to an action's code, or the error that it throws: a check of the steps above. */
export async function upstreamExecute(one: MappingCase, event: unknown): Promise<Answer<unknown>> {
  const action = new Action(one.definition.name, one.action ?? {});
  let payload: unknown;
  action.performRequest = (_perform, bundle) => {
    payload = bundle.payload;
    return Promise.resolve();
  };
  try {
    await action.execute({ mapping: one.mapping, data: event, settings: {} });
    return { value: payload };
  } catch (error) {
    return { thrown: error instanceof Error ? error.message : String(error) };
  }
}
