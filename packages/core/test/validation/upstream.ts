import { createRequire } from 'node:module';
import type { Fields } from '../../src/define/fields.ts';

const require = createRequire(import.meta.url);
const core = '../../../../node_modules/@segment/actions-core/dist/cjs';

interface Upstream {
  readonly fieldsToJsonSchema: (fields: Fields) => object;
  readonly removeEmptyValues: (payload: unknown, schema: object, isRoot: boolean) => Record<string, unknown>;
  readonly validateSchema: (payload: object, schema: object, options: object) => boolean;
}

const upstream = {
  ...(require(`${core}/destination-kit/fields-to-jsonschema.js`) as object),
  // Not among the exports of the package.
  ...(require(`${core}/remove-empty-values.js`) as object),
  ...(require(`${core}/schema-validation.js`) as object),
} as Upstream;

/** The result of `@segment/actions-core` for a payload, or why it has none. */
export type UpstreamVerdict =
  { readonly ok: true; readonly payload: unknown } | { readonly ok: false } | { readonly failed: string };

/** The steps of upstream's path for a single event after the mapping, compiled once for the fields. */
export function upstreamValidator(fields: Fields): (raw: unknown) => UpstreamVerdict {
  let schema: object;
  try {
    schema = upstream.fieldsToJsonSchema(fields);
  } catch (error) {
    return () => ({ failed: String(error) });
  }
  return (raw) => {
    try {
      const payload = upstream.removeEmptyValues(structuredClone(raw), schema, true);
      const ok = upstream.validateSchema(payload, schema, { throwIfInvalid: false });
      return ok ? { ok, payload } : { ok };
    } catch (error) {
      return { failed: String(error) };
    }
  };
}
