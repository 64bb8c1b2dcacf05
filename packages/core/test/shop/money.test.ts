import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountOf, currencyDigits, minorOf, withoutAbsent } from '@waybill/core';

describe('money', () => {
  it.each([
    ['12.50', 'EUR', 1250],
    [12.5, 'USD', 1250],
    ['.5', 'EUR', 50],
    ['100', 'JPY', 100],
    ['100.50', 'JPY', 101],
    ['1.2345', 'KWD', 1235],
    ['0.005', 'EUR', 1],
    ['0.0049', 'EUR', 0],
    ['-3.99', 'EUR', -399],
    ['-0.00', 'EUR', 0],
    ['1e3', 'EUR', 100_000],
    [1e-7, 'EUR', 0],
    [19.99, 'EUR', 1999],
    [1.005, 'EUR', 101],
  ])('%s %s are %s of the smallest unit', (amount, currency, minor) => {
    expect(minorOf(amount, currency)).toBe(minor);
  });

  it.each(['', ' ', 'x', '1,50', '1.2.3', '--1', 'Infinity', Number.NaN, 1e21, '9007199254740993'])(
    '%s is not an amount',
    (amount) => {
      expect(minorOf(amount, 'EUR')).toBeUndefined();
    },
  );

  it('has the decimals of its currency', () => {
    expect(['EUR', 'JPY', 'KWD', 'XXX', ''].map(currencyDigits)).toEqual([2, 0, 3, 2, 2]);
    expect([amountOf(1234, 'EUR'), amountOf(1234, 'JPY'), amountOf(1234, 'KWD')]).toEqual([
      12.34, 1234, 1.234,
    ]);
  });

  it('round-trips', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (minor, currency) => {
          expect(minorOf(amountOf(minor, currency), currency)).toBe(minor);
          expect(amountOf(minor, currency)).toBe(Number(`${minor}e-${currencyDigits(currency)}`));
        },
      ),
    );
  });

  it('is equal in the short and the long form', () => {
    const digits = fc.stringMatching(/^[0-9]{0,9}$/);
    fc.assert(
      fc.property(
        digits,
        digits,
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        fc.boolean(),
        (whole, fraction, currency, point) => {
          const text = `${whole}${point ? '.' : ''}${fraction}`;
          expect(minorOf(text, currency)).toBe(minorOf(`+${text}`, currency));
        },
      ),
    );
  });
});

describe('an object without absent members', () => {
  it('has the other members in order, for any number of them', () => {
    for (const count of [0, 1, 12, 13, 24, 25, 40]) {
      const members = Array.from(
        { length: count },
        (_, at) => [`m${at}`, at % 3 === 1 ? undefined : at] as const,
      );
      const kept = members.filter(([, member]) => member !== undefined);
      expect(Object.entries(withoutAbsent(Object.fromEntries(members)))).toEqual(kept);
    }
    expect(Object.getPrototypeOf(withoutAbsent(JSON.parse('{"__proto__":{"a":1}}') as object))).toBe(
      Object.prototype,
    );
  });
});
