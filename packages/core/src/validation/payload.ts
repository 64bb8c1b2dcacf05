import type { Fields } from '../define/fields.ts';
import { compileMapping, MappingEvaluationError } from '../mapping/index.ts';
import type { Issue } from '../result/issue.ts';
import type { Change } from './clean.ts';
import { isReservedMappingKey, mappingSettings, payloadFields, payloadMapping } from './reserved.ts';
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
  const settings = mappingSettings(mapping);
  const ownMode = settings['__segment_internal_sync_mode'];
  const syncMode = input.syncMode ?? (typeof ownMode === 'string' ? ownMode : undefined);
  const map = compileMapping(payloadMapping(mapping), execution === undefined ? {} : { execution });
  const validate = compileValidator(payloadFields(fields), {
    syncMode,
    settings: asked(fields, settings),
    removeUnknown,
    execution,
  });

  return (event) => {
    let raw: unknown;
    try {
      raw = map(event);
    } catch (error) {
      if (!(error instanceof MappingEvaluationError)) throw error;
      return { ok: false, issues: [{ code: 'mapping_failed', path: error.path, message: error.message }] };
    }
    const result = validate(raw);
    return result.ok ? result : { ok: false, issues: result.issues, raw };
  };
}

/** The settings that conditions of these fields ask for; none for most, so that mappings share a validator. */
function asked(
  fields: Fields,
  settings: ReturnType<typeof mappingSettings>,
): ReturnType<typeof mappingSettings> {
  const text = JSON.stringify(fields);
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([key]) => isReservedMappingKey(key) && text.includes(`"fieldKey":"${key}"`),
    ),
  );
}
