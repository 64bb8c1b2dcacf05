import { NOTHING } from '../plan.ts';
import { isFilled, isMembers, isPresent } from '../values.ts';
import { hidesToString, type Directive } from './directive.ts';

interface Options {
  readonly exists?: unknown;
  readonly blank?: unknown;
  readonly then?: unknown;
  readonly else?: unknown;
}

/** Chooses between two values. */
export const ifDirective: Directive<Options> = {
  name: '@if',
  portable: true,
  summary: 'Returns one value if a condition is true, and another if it is not.',
  notes: [
    '`exists`: whether the value is neither missing nor null. An empty string, 0 and false exist.',
    '`blank`: despite its name, `then` is used if the value is *not* blank. Missing, null, an empty string, 0, false and an empty list are blank. If `exists` is given too, only `exists` decides.',
    'A branch that is left out returns no value. `else` may be any value, including false, 0 and an empty string.',
  ],
  examples: [
    {
      mapping: {
        email: {
          '@if': {
            exists: { '@path': '$.properties.email' },
            then: { '@path': '$.properties.email' },
            else: { '@path': '$.context.traits.email' },
          },
        },
      },
      event: { properties: {}, context: { traits: { email: 'ada@example.com' } } },
      payload: { email: 'ada@example.com' },
    },
    {
      mapping: { gift: { '@if': { blank: { '@path': '$.properties.note' }, then: true, else: false } } },
      event: { properties: { note: '' } },
      payload: { gift: false },
    },
  ],
  check(value, checker) {
    const options = checker.options(value);
    if (options === undefined) return;
    if (!options['exists'] && !options['blank']) {
      checker.problem('@if needs "exists" or "blank": the value to test.');
    }
    checker.others(options, []);
  },
  reference(options, scope, evaluation) {
    const test = options.exists === undefined ? 'blank' : 'exists';
    const value = evaluation.evaluate(options[test], scope, test);
    if (test === 'blank' && hidesToString(value)) evaluation.differs('M11');
    const chosen = (test === 'blank' ? isFilled(value) : isPresent(value)) ? 'then' : 'else';
    if (chosen === 'else' && options.else !== undefined && !options.else) evaluation.differs('M6');
    return evaluation.evaluate(options[chosen], scope, chosen);
  },
  compile(options, builder) {
    const test = options.exists === undefined ? 'blank' : 'exists';
    const of = builder.plan(options[test], test);
    const yes = options.then === undefined ? NOTHING : builder.plan(options.then, 'then');
    const no = options.else === undefined ? NOTHING : builder.plan(options.else, 'else');
    // "If it exists, it, else the other" is the most frequent case; one read is enough for it.
    if (test === 'exists' && of.kind === 'read' && JSON.stringify(of) === JSON.stringify(yes)) {
      return { kind: 'first', of: [of, no] };
    }
    return { kind: 'choose', test: test === 'exists' ? 'present' : 'filled', of, yes, no };
  },
  unportable(value) {
    const otherwise = isMembers(value) ? value['else'] : undefined;
    if (otherwise === undefined || otherwise) return [];
    return [{ rule: 'M6', message: `Segment drops an "else" of ${JSON.stringify(otherwise)}.` }];
  },
};
