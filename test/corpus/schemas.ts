import { createRequire } from 'node:module';
import type { Fields } from '../../packages/core/src/define/fields.ts';
import { compileValidator, fieldsToJsonSchema, FORMATS } from '../../packages/core/src/validation/index.ts';
import { isDeepStrictEqual } from 'node:util';
import { freeze, sameVerdict } from './payloads.ts';
import type { PublishedDefinition } from './published.ts';
import { Random } from './random.ts';
import { hasEmpty, shrink, validationRules } from './rules.ts';
import type { Tally } from './tally.ts';
import {
  ask,
  copy,
  upstreamCheck,
  upstreamSettingsCheck,
  type Answer,
  type Check,
  type Verdict,
} from './upstream.ts';
import { perturbWithin, valueFor } from './values.ts';

// The validator that core depends on, in the same version.
const require = createRequire(new URL('../../packages/core/package.json', import.meta.url));
const { Ajv2020 } = require('ajv/dist/2020.js') as {
  readonly Ajv2020: new (options: object) => SchemaCompiler;
};

interface SchemaCompiler {
  addFormat: (name: string, test: true | ((text: string) => boolean)) => void;
  compile: (schema: object) => ((value: unknown) => boolean) & { readonly errors?: unknown };
  removeSchema: (schema: object) => unknown;
}

/** A set of fields to compare. */
export interface FieldsCase {
  readonly name: string;
  readonly fields: Fields;
  readonly kind: 'payload' | 'settings';
  /** The key that upstream keeps the schema by. */
  readonly schemaKey?: string;
}

/** Every set of fields of a definition: of actions, of their hooks, of the settings and of audiences. */
export function fieldsCases(definition: PublishedDefinition): readonly FieldsCase[] {
  const slug = definition.slug ?? definition.name;
  const cases: FieldsCase[] = [];
  for (const [key, action] of Object.entries(definition.actions)) {
    const schemaKey = `${definition.name}:${action.title}`;
    if (Object.keys(action.fields).length > 0) {
      cases.push({ name: `${slug}/${key}`, fields: action.fields, kind: 'payload', schemaKey });
    }
    for (const [hook, { inputFields }] of Object.entries(action.hooks ?? {})) {
      if (inputFields !== undefined)
        cases.push({ name: `${slug}/${key}/${hook}`, fields: inputFields, kind: 'settings' });
    }
  }
  const settings = definition.authentication?.fields;
  if (settings !== undefined && Object.keys(settings).length > 0) {
    const schemaKey = `${definition.name}:settings`;
    cases.push({ name: `${slug}/settings`, fields: settings, kind: 'settings', schemaKey });
  }
  if (definition.audienceFields !== undefined && Object.keys(definition.audienceFields).length > 0) {
    cases.push({ name: `${slug}/audience settings`, fields: definition.audienceFields, kind: 'settings' });
  }
  return cases;
}

function makeInput(fields: Fields, random: Random, number: number): unknown {
  const properties = number === 0 ? mapRequired(fields) : fields;
  const base = { type: 'object', properties, label: '', description: '' } as const;
  const input = valueFor(base, random) as object;
  const wrong = number < 3 ? 0 : 1 + random.below(4);
  for (let i = 0; i < wrong; i++) perturbWithin(input, random);
  return copy(input);
}

/** The fields, all of them required. */
function mapRequired(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, { ...field, required: true }]),
  );
}

/** One for all schemas: a new instance would recompile the meta-schema. */
const ajv = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  code: { optimize: false },
});
for (const [format, test] of Object.entries(FORMATS)) ajv.addFormat(format, test);
for (const format of ['text', 'password']) ajv.addFormat(format, true);

/** Compares the validation of generated inputs for a set of fields, and the JSON Schema made of the fields. */
export function compareFields(
  one: FieldsCase,
  options: { readonly seed: number; readonly events: number },
  tally: Tally,
  schemas: Tally,
): void {
  const { name, fields, kind, schemaKey } = one;
  const check: Check =
    kind === 'payload' ? upstreamCheck(fields, schemaKey) : upstreamSettingsCheck(fields, schemaKey);
  const validate = compileValidator(fields, { execution: 'generated' });
  const closures = compileValidator(fields, { execution: 'closures' });
  const schema = fieldsToJsonSchema(fields);
  const conforms = ajv.compile(schema);
  // Its cache would keep the validators of all definitions.
  ajv.removeSchema(schema);
  const random = Random.of(options.seed, name);
  for (let number = 0; number < options.events; number++) {
    const input = freeze(makeInput(fields, random, number));
    const theirs = ask(() => check(copy(input)));
    const ours = validate(input);
    tally.count(ours.ok ? 'accepted' : 'refused');
    if (!isDeepStrictEqual(closures(input), ours)) {
      tally.report({ where: name, what: 'validators disagree', example: input });
    }
    const explain = (
      differs: (input: unknown) => boolean,
    ): { minimal: unknown; found: readonly string[] } => {
      const minimal = shrink(input, differs);
      const found = validationRules(fields, minimal, validate(minimal));
      const cleaned = found.length === 0 && kind === 'settings' && hasEmpty(minimal);
      return { minimal, found: cleaned ? ['C1'] : found };
    };
    if (sameVerdict(theirs, ours)) tally.same();
    else {
      const { minimal, found } = explain(
        (part) =>
          !sameVerdict(
            ask(() => check(copy(part))),
            validate(part),
          ),
      );
      tally.differs(found, () => ({
        where: name,
        what: kind,
        example: { minimal, theirs: ask(() => check(copy(minimal))), ours: validate(minimal) },
      }));
    }

    // The schema gives the same verdict as upstream on the payload of upstream.
    const agrees = (answer: Answer<Verdict>): boolean =>
      'value' in answer && conforms(answer.value.payload) === answer.value.ok;
    if (agrees(theirs)) schemas.same();
    else {
      const { minimal, found } = explain((part) => !agrees(ask(() => check(copy(part)))));
      schemas.differs(found, () => {
        const answer = ask(() => check(copy(minimal)));
        conforms('value' in answer ? answer.value.payload : undefined);
        return { where: name, what: 'schema', example: { minimal, answer, errors: conforms.errors } };
      });
    }
    if (ours.ok && !conforms(ours.payload)) {
      const example = { payload: ours.payload, errors: conforms.errors };
      schemas.report({ where: name, what: 'our schema refuses what our validator accepts', example });
    }
  }
}
