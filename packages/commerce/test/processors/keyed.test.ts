import { expect, it } from 'vitest';
import { keyed, keyedAll, keyedOne } from '../../src/processors/keyed.ts';

it('objects whose keys are data have members of any name, and no others', () => {
  const objects = [
    keyed([
      ['__proto__', 1],
      ['a', 2],
      ['a', 3],
    ]),
    keyedAll(keyedOne('__proto__', 1), { a: 2 }, { a: 3 }),
  ];
  for (const one of objects) {
    expect(JSON.stringify(one)).toBe('{"__proto__":1,"a":3}');
    expect([Object.keys(one), one['constructor'], Object.getPrototypeOf(one)]).toEqual([
      ['__proto__', 'a'],
      undefined,
      null,
    ]);
  }
  expect(Object.keys(keyedAll())).toEqual([]);
});
