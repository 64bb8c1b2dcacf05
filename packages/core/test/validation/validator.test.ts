import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Fields } from '../../src/define/fields.ts';
import { compileValidator } from '../../src/validation/validator.ts';

const text = { label: 'Text', description: '', type: 'string' } as const;

describe('compileValidator', () => {
  it('caches the validator of a fields object and its options', () => {
    const fields: Fields = { a: text };
    expect(compileValidator(fields)).toBe(compileValidator(fields, {}));
    expect(compileValidator(fields)).toBe(compileValidator(fields, { removeUnknown: true }));
    expect(compileValidator(fields)).not.toBe(compileValidator(fields, { syncMode: 'add' }));
  });

  it('never confuses two actions, regardless of their names', () => {
    const one: Fields = { a: { ...text, label: 'Track (v2): 100 %', required: true } };
    const other: Fields = { b: { ...text, label: 'Track (v2): 100 %', required: true } };
    expect(compileValidator(one)({ b: 'x' }).ok).toBe(false);
    expect(compileValidator(other)({ b: 'x' }).ok).toBe(true);
  });

  it('returns the same object when nothing changes', () => {
    const raw = { a: 'x' };
    const result = compileValidator({ a: text })(raw);
    expect(result.ok && result.payload).toBe(raw);
  });

  it('removes members without a JSON value', () => {
    const result = compileValidator({ a: text, b: text })({ a: 'x', b: undefined, c: undefined });
    expect(result.ok && Object.keys(result.payload)).toEqual(['a']);
    expect(result.ok && result.changes).toEqual([]);
  });

  it('shares unchanged parts with its input and copies the rest', () => {
    const raw = { free: { deep: [1] }, n: '5' };
    const result = compileValidator({ free: { ...text, type: 'object' }, n: { ...text, type: 'number' } })(
      raw,
    );
    expect(result).toMatchObject({ ok: true, payload: { free: { deep: [1] }, n: 5 } });
    expect(result.ok && result.payload['free']).toBe(raw.free);
    expect(raw).toEqual({ free: { deep: [1] }, n: '5' });
  });

  it('works without code generation, and selects closures by itself', () => {
    const source = fileURLToPath(new URL('../../src/validation/validator.ts', import.meta.url));
    const script = `
      const { compileValidator } = await import(${JSON.stringify(source)});
      const fields = { n: { label: 'N', description: '', type: 'number', required: true } };
      const validate = compileValidator(fields);
      console.log(JSON.stringify([validate({ n: '5', x: 1 }), validate({})]));
    `;
    const output = execFileSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', script],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(output)).toEqual([
      {
        ok: true,
        payload: { n: 5 },
        changes: [
          { path: 'n', what: 'coerced', from: '5', to: 5 },
          { path: 'x', what: 'removed_unknown', from: 1 },
        ],
      },
      {
        ok: false,
        issues: [{ code: 'payload_required', path: 'n', message: 'N is required but has no value.' }],
      },
    ]);
  });
});
