import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Code, code, variable } from '../../src/mapping/code.ts';
import { compileMapping } from '../../src/mapping/index.ts';

/** Strings that try to end the string or expression that contains them, and to run code. */
const ATTACKS = [
  '"];globalThis.hacked=true;//',
  "'];globalThis.hacked=true;//",
  '`${globalThis.hacked=true}`',
  '${globalThis.hacked=true}',
  '\\"];globalThis.hacked=true;//',
  '\\',
  '\u2028globalThis.hacked=true\u2029',
  '\n;globalThis.hacked=true;\n',
  '*/globalThis.hacked=true/*',
  '</script><script>globalThis.hacked=true</script>',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'helpers',
  's',
  'e',
  't',
  'v',
  'own',
  '\ud800',
  '\0',
  '",}});globalThis.hacked=true;(({"":"',
];

const text = fc.oneof(
  fc.constantFrom(...ATTACKS),
  fc.array(fc.constantFrom(...ATTACKS), { maxLength: 3 }).map((parts) => parts.join('')),
  fc.string(),
);

/** Every place where a string of a mapping can reach the generated program. */
function everywhere(x: string): Record<string, unknown> {
  return {
    constant: x,
    [x === '' || x.startsWith('@') ? `k${x}` : x]: { [`k${x}`]: { '@path': 'a' } },
    path: { '@path': x },
    deep: { '@path': `a.${x}.${x}` },
    twice: [{ '@path': `b.${x}.c` }, { '@path': `b.${x}.d` }],
    get: { '@waybill.get': ['m', x, 0] },
    template: { '@template': `${x}{{${x}}}{{{${x}}}}` },
    dynamic: { '@path': { '@literal': x } },
    if: { '@if': { exists: { '@path': x }, then: x, else: { '@path': `b.${x}` } } },
    blank: { '@if': { blank: x || 'x', then: x } },
    case: { '@case': { operator: 'upper', value: x } },
    replace: { '@replace': { pattern: x.slice(0, 10) || 'x', replacement: x.slice(0, 10), value: x } },
    arrayPath: { '@arrayPath': [x, { [`k${x}`]: { '@path': x } }] },
    literal: { '@literal': [x] },
    flatten: { '@flatten': { separator: x || 'x', value: { '@path': 'a' } } },
    json: { '@json': { mode: 'decode', value: x || 'x' } },
    merge: { '@merge': { direction: 'left', objects: [{ [`k${x}`]: { '@path': x } }] } },
    transform: { '@transform': { apply: { [`k${x}`]: x }, mapping: { '@path': `k${x}` } } },
    event: { '@waybill.event': x },
    filter: {
      '@waybill.filter': { over: { '@path': x }, where: { path: x.slice(0, 999), operator: 'is', value: x } },
    },
  };
}

const globals = globalThis as { hacked?: boolean };

describe('no value of a mapping or an event becomes code', () => {
  test('for any strings in it, the compiled program does the same as the interpreter', () => {
    fc.assert(
      fc.property(text, text, (one, two) => {
        const mapping = everywhere(one);
        const event = {
          a: { [two]: one, [one]: two },
          b: { [one]: { c: two, d: one } },
          m: { [one]: [two] },
          [one]: two,
        };
        const before = Object.getOwnPropertyNames(Object.prototype).join();
        const generated = compileMapping(mapping, { execution: 'generated' })(event);
        const reference = compileMapping(mapping, { execution: 'reference' })(event);
        expect(JSON.stringify(generated)).toBe(JSON.stringify(reference));
        expect(globals.hacked).toBeUndefined();
        expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(ATTACKS)('a program contains %j only as a string', (attack) => {
    const payload = compileMapping(
      { [attack]: attack, a: { '@path': attack } },
      { execution: 'generated' },
    )({
      [attack]: attack,
    });
    expect(globals.hacked).toBeUndefined();
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
    expect(JSON.parse(JSON.stringify(payload))[attack]).toBe(attack);
  });

  test('a string in code is a string literal, and only code is code', () => {
    expect(code`x[${'"];y'}]`.toString()).toBe('x["\\"];y"]');
    expect(code`${'\u2028'}`.toString()).toBe('"\\u2028"');
    expect(() => new Code('evil()', Symbol('code') as never)).toThrow(TypeError);
    expect(() => code`${{ toString: () => 'evil()' } as never}`).toThrow(TypeError);
    expect(() => code`${Infinity}`).toThrow(TypeError);
    expect(() => variable('evil()', 1)).toThrow(TypeError);
    expect(() => variable('a', 1.5)).toThrow(TypeError);
  });
});
