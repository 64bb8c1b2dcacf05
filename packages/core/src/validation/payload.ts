import type { Fields } from '../define/fields.ts';
import { compileMapping, MappingEvaluationError } from '../mapping/index.ts';
import type { Issue } from '../result/issue.ts';
import type { Change } from './clean.ts';
import { askedSettings, mappingSyncMode, payloadFields, payloadMapping } from './reserved.ts';
import { compileValidator, type PayloadObject, type ValidatorOptions } from './validator.ts';

/** A mapping and the fields of the action it is for. */
export interface PayloadInput extends Pick<ValidatorOptions, 'syncMode' | 'removeUnknown' | 'execution'> {
  readonly fields: Fields;
  readonly mapping: Readonly<Record<string, unknown>>;
}

/** What a mapping made of one event. */
export type CompiledPayloadResult =
  | { readonly ok: true; readonly payload: PayloadObject; readonly changes: readonly Change[] }
  | {
      readonly ok: false;
      readonly issues: readonly Issue[];
      /** What the mapping made before it was refused; absent when the mapping itself failed. */
      readonly raw?: unknown;
    };

/** Makes the payload of one event. */
export type CompiledPayload = (event: unknown) => CompiledPayloadResult;

/**
 * Composes a mapping and the validation of its result. Settings of the mapping never reach the payload, whether the
 * action declares them as fields or not. Throws MappingError for a mapping that cannot be compiled.
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
