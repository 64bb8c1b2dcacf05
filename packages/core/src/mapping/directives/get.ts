import type { Directive } from './directive.ts';

/** Reads a value by its exact keys. */
export const get: Directive<readonly (string | number)[]> = {
  name: '@waybill.get',
  portable: false,
  summary: 'Reads a value by a list of keys, which may contain dots, brackets and quotes.',
  notes: ['Each entry is a key or an index, taken literally. Otherwise it works as `@path` does.'],
  examples: [
    {
      mapping: { color: { '@waybill.get': ['properties', 'custom.color'] } },
      event: { properties: { 'custom.color': 'red' } },
      payload: { color: 'red' },
    },
  ],
  check(value, checker) {
    if (!Array.isArray(value) || value.length === 0) {
      checker.problem('@waybill.get expects a list of keys.');
      return;
    }
    for (let i = 0; i < value.length; i++) {
      const key: unknown = value[i];
      if (typeof key !== 'string' && !(Number.isSafeInteger(key) && (key as number) >= 0)) {
        checker.at(i).problem('Expected a key or an index.');
      }
      checker.at(i).expression(key);
    }
  },
  reference(keys, scope, evaluation) {
    return evaluation.read(scope, keys.map(String));
  },
  compile(keys) {
    return { kind: 'read', keys: keys.map(String) };
  },
};
