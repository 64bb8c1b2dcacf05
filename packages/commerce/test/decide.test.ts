import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConsentChange, decideConsent, type KnownConsent } from '@waybill/commerce';

const yes = (side: ConsentChange['side'], at?: number): ConsentChange =>
  at === undefined ? { side, state: 'subscribed' } : { side, state: 'subscribed', at };
const no = (side: ConsentChange['side'], at?: number, why?: ConsentChange['why']): ConsentChange => ({
  side,
  state: 'unsubscribed',
  ...(at === undefined ? {} : { at }),
  ...(why === undefined ? {} : { why }),
});

describe('the winning choice', () => {
  it.each<[string, ConsentChange | undefined, ConsentChange, string, 'shop' | 'iterable' | undefined]>([
    ['the first word', undefined, yes('shop', 1), 'first', 'iterable'],
    ['a later no of the shop', yes('iterable', 1), no('shop', 2), 'newer', 'iterable'],
    ['a later yes of the shop', no('iterable', 1), yes('shop', 2), 'newer', 'iterable'],
    ['an older yes of the shop', no('iterable', 2), yes('shop', 1), 'older', undefined],
    ['a yes of the shop without a time', no('iterable', 2), yes('shop'), 'older', undefined],
    ['a no of Iterable against a yes without a time', yes('shop'), no('iterable', 1), 'unsubscribed', 'shop'],
    ['a no of Iterable at the same time', yes('shop', 1), no('iterable', 1), 'unsubscribed', 'shop'],
    ['a no of Iterable that comes late', yes('shop', 5), no('iterable', 3), 'older', undefined],
    ['a complaint, whenever', yes('shop', 5), no('iterable', 3, 'complaint'), 'unsubscribed', 'shop'],
    [
      'a complaint that was taken back',
      yes('iterable', 5),
      no('iterable', 3, 'complaint'),
      'older',
      undefined,
    ],
    ['STOP, whenever', yes('shop', 5), no('iterable', 3, 'stop'), 'unsubscribed', 'shop'],
    [
      'a yes of the shop after a complaint',
      no('iterable', 3, 'complaint'),
      yes('shop', 9),
      'final',
      undefined,
    ],
    ['START in Iterable after STOP', no('iterable', 3, 'stop'), yes('iterable', 9), 'newer', 'shop'],
    ['a bounce', yes('shop', 1), no('iterable', 9, 'bounce'), 'bounce', undefined],
    ['a bounce of somebody unknown', undefined, no('iterable', 9, 'bounce'), 'bounce', undefined],
    ['the same again', yes('shop', 1), yes('iterable', 2), 'same', undefined],
  ])('%s', (_name, current, change, because, side) => {
    const known: KnownConsent = current === undefined ? {} : { current };
    const decision = decideConsent(Object.freeze(known), Object.freeze(change));
    expect(decision.because).toBe(because);
    expect(decision.write).toEqual(side === undefined ? undefined : { side, state: change.state });
    const keeps = side === undefined && because !== 'same' ? current : change;
    expect(decision.known.current).toEqual(keeps);
  });

  it('a complaint after an unsubscribe makes it final', () => {
    const first = decideConsent({}, no('iterable', 1));
    const second = decideConsent(first.known, no('iterable', 2, 'complaint'));
    expect(second.because).toBe('same');
    expect(decideConsent(second.known, yes('shop', 9)).because).toBe('final');
  });

  it('its own write is seen once, and is not a change even after another one', () => {
    const first = decideConsent({}, no('shop', 1));
    expect(first.write).toEqual({ side: 'iterable', state: 'unsubscribed' });
    const second = decideConsent(first.known, yes('shop', 2));
    const echo = decideConsent(second.known, no('iterable', 3));
    expect([echo.because, echo.write, echo.known.current]).toEqual(['echo', undefined, yes('shop', 2)]);
    // The second one is a choice of the person.
    expect(decideConsent(echo.known, no('iterable', 4))).toMatchObject({
      because: 'newer',
      write: { side: 'shop', state: 'unsubscribed' },
    });
  });

  it('the latest of dated choices wins, in any order of arrival', () => {
    const choice = fc.record({
      side: fc.constantFrom('shop', 'iterable'),
      state: fc.constantFrom('subscribed', 'unsubscribed'),
    });
    fc.assert(
      fc.property(
        fc.array(choice, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (all, dice) => {
          const dated = all.map((one, at) => ({ ...one, at }) as ConsentChange);
          const shuffled = dated.map((one) => [dice.next().value as number, one] as const);
          shuffled.sort(([a], [b]) => a - b);
          let known: KnownConsent = {};
          for (const [, change] of shuffled) {
            const { written: _written, ...rest } = decideConsent(known, change).known;
            known = rest;
          }
          expect(known.current?.state).toBe(dated.at(-1)?.state);
        },
      ),
    );
  });
});
