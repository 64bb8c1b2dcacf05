import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fields } from '../../src/define/fields.ts';
import { compileValidator, type ValidatorOptions } from '../../src/validation/validator.ts';
import { deepFreeze } from './freeze.ts';

interface Case {
  readonly name: string;
  readonly fields: Fields;
  readonly options?: ValidatorOptions;
  readonly raw: unknown;
  readonly payload?: unknown;
  readonly changes?: unknown;
  readonly issues?: unknown;
}

const folder = new URL('../../../../test/cases/validation/', import.meta.url);

for (const file of readdirSync(folder).sort()) {
  const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly Case[];
  for (const execution of ['generated', 'closures'] as const) {
    describe(`${file}, ${execution}`, () => {
      it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
        const validate = compileValidator(deepFreeze(one.fields), { ...one.options, execution });
        const result = validate(deepFreeze(one.raw));
        if (one.issues !== undefined) {
          expect(result).toEqual({ ok: false, issues: one.issues });
          return;
        }
        expect(result).toMatchObject({ ok: true, payload: one.payload });
        if (result.ok) {
          expect(JSON.stringify(result.payload)).toBe(JSON.stringify(one.payload));
          if (one.changes !== undefined) {
            expect(JSON.parse(JSON.stringify(result.changes))).toEqual(one.changes);
          }
        }
      });
    });
  }
}
