import type { Fields } from '../define/fields.ts';
import { compileMapping, MappingEvaluationError } from '../mapping/index.ts';
import type { Issue } from '../result/issue.ts';
import type { Change } from './clean.ts';
import { askedSettings, mappingSyncMode, payloadFields, payloadMapping } from './reserved.ts';
import { compileValidator, type PayloadObject, type ValidatorOptions } from './validator.ts';

/** A mapping and the fields of its action. */
export interface PayloadInput extends Pick<ValidatorOptions, 'syncMode' | 'removeUnknown' | 'execution'> {
  readonly fields: Fields;
  readonly mapping: Readonly<Record<string, unknown>>;
}

/** The result of a mapping for one event. */
export type CompiledPayloadResult =
  | { readonly ok: true; readonly payload: PayloadObject; readonly changes: readonly Change[] }
  | {
      readonly ok: false;
      readonly issues: readonly Issue[];
      /** The rejected payload; absent when the mapping itself failed. */
      readonly raw?: unknown;
    };

/** Creates the payload of one event. */
export type CompiledPayload = (event: unknown) => CompiledPayloadResult;

/**
 * Combines a mapping and the validation of its result. Settings of the mapping never reach the payload, even if the
 * action declares them as fields. Throws MappingError for a mapping that cannot be compiled.
 */
export function compilePayload(input: PayloadInput): CompiledPayload {
  const { fields, mapping, removeUnknown, execution } = input;
  const map = compileMapping(payloadMapping(mapping), { execution: execution ?? 'auto' });
  const validate = compileValidator(payloadFields(fields), {
    syncMode: input.syncMode ?? mappingSyncMode(mapping),
    settings: askedSettings(fields, mapping),
    removeUnknown,
    execution,
  });

  return (event) => {
    let raw: unknown;
    try {
      raw = map(event);
    } catch (error) {
      if (!(error instanceof MappingEvaluationError)) throw error;
      return { ok: false, issues: [{ code: error.code, path: error.path, message: error.message }] };
    }
    const result = validate(raw);
    return result.ok ? result : { ok: false, issues: result.issues, raw };
  };
}
