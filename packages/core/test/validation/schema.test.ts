import { describe, expect, it } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Fields } from '../../src/define/fields.ts';
import { FORMATS } from '../../src/validation/formats.ts';
import { fieldsToJsonSchema } from '../../src/validation/schema.ts';
import { compileValidator } from '../../src/validation/validator.ts';
import { anyFields, payloadOf } from './generate.ts';

describe('the JSON Schema of fields', () => {
  it('describes the payload, and nothing of the mapping language', () => {
    const fields: Fields = {
      email: {
        label: 'E-mail',
        description: 'Where to write.',
        type: 'string',
        format: 'email',
        required: true,
      },
      at: { label: 'At', description: '', type: 'datetime', default: { '@path': '$.timestamp' } },
      size: { label: 'Size', description: '', type: 'integer', minimum: 0, default: 5, allowNull: true },
    };
    expect(fieldsToJsonSchema(fields)).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      required: ['email'],
      properties: {
        email: { title: 'E-mail', description: 'Where to write.', type: 'string', format: 'email' },
        at: { title: 'At', type: ['string', 'number'], format: 'date-like' },
        size: { title: 'Size', default: 5, type: ['integer', 'null'], minimum: 0 },
      },
    });
  });

  it('puts a condition where all of its fields are visible', () => {
    const text = { label: '', description: '', type: 'string' } as const;
    const schema = fieldsToJsonSchema({
      kind: text,
      items: {
        ...text,
        type: 'object',
        multiple: true,
        properties: {
          id: {
            ...text,
            required: {
              conditions: [
                { fieldKey: 'kind', operator: 'is', value: 'sale' },
                { fieldKey: 'items.sku', operator: 'is' },
              ],
            },
          },
          sku: text,
        },
      },
    });
    expect(schema.allOf).toEqual([
      {
        if: { type: 'object', required: ['kind'], properties: { kind: { const: 'sale' } } },
        then: {
          properties: {
            items: {
              items: {
                allOf: [
                  {
                    if: {
                      not: {
                        type: 'object',
                        required: ['sku'],
                        properties: { sku: { not: { type: 'null' } } },
                      },
                    },
                    then: { required: ['id'] },
                  },
                ],
              },
            },
          },
        },
      },
    ]);
  });

  it('is valid draft 2020-12, and a standard validator accepts exactly the payloads of validation', () => {
    fc.assert(
      fc.property(
        anyFields.chain((fields) =>
          fc.tuple(fc.constant(fields), fc.array(payloadOf(fields), { maxLength: 5 })),
        ),
        ([fields, values]) => {
          const ajv = new Ajv2020({
            strict: true,
            strictTypes: false,
            strictRequired: false,
            allowUnionTypes: true,
          });
          for (const [name, test] of Object.entries(FORMATS)) ajv.addFormat(name, test);
          ajv.addFormat('password', true);
          const accepts = ajv.compile(fieldsToJsonSchema(fields));
          for (const value of values) {
            const result = compileValidator(fields)(value);
            if (result.ok) expect(accepts(result.payload)).toBe(true);
            else if (compileValidator({ ...fields }, { removeUnknown: false })(value).ok) {
              throw new Error('refusing unknown members cannot accept more');
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
