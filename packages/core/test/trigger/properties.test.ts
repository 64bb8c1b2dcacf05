import { computed, limitNow } from '../cpu.ts';
import { describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import {
  compileTrigger,
  createTriggerIndex,
  explainTrigger,
  lintTrigger,
  parseTrigger,
  printTrigger,
  TriggerError,
  type TriggerDialect,
} from '../../src/trigger/index.ts';
import { condition, event, hostedEvent, hostedText, runs, withoutPlaces } from './generators.ts';

// FC_RUNS can raise the number of runs, which then take their time.
vi.setConfig({ testTimeout: 3_600_000 });

const FUZZ = 'FUZZ_RUNS';
const MAX_MS = 50;

const anyTrigger = condition.map((tree) => printTrigger({ source: '', condition: tree }));

describe('the printer and the parser', () => {
  it('round-trip: a printed tree parses to the same tree and prints the same', () => {
    fc.assert(
      fc.property(condition, (tree) => {
        const text = printTrigger({ source: '', condition: tree });
        const parsed = parseTrigger(text);
        expect(withoutPlaces(parsed.condition)).toEqual(withoutPlaces(tree));
        expect(printTrigger(parsed)).toBe(text);
      }),
      runs(1_500),
    );
  });

  it('assign every node the range of its text', () => {
    fc.assert(
      fc.property(anyTrigger, (text) => {
        const { condition: root } = parseTrigger(text);
        if (root.kind !== 'and') return;
        for (const child of root.children) {
          // The text of a member of a group, its parentheses aside, is a trigger of its own.
          const part = text.slice(child.offset, child.end);
          expect(withoutPlaces(parseTrigger(part).condition)).toEqual(withoutPlaces(child));
        }
      }),
      runs(700),
    );
  });
});

describe('the trigger index', () => {
  const entry = fc.oneof(
    anyTrigger.map((trigger) => ({ trigger, dialect: 'waybill' as const })),
    fc.constantFrom(
      ...[
        'type = "track"',
        'type = "track" and event = "Order Completed"',
        'type = "track" and event in ["Signed Up", "Order Completed"] and properties.total > 1',
        'type = "track" and event != "Order Completed" and event != "Signed Up"',
        'type = "identify" or type = "track" and match(event, "Order*")',
        '!(event = "Signed Up") and type != "page"',
        '!event in ["a", null]',
        'event = type',
        'event >= "O"',
        'true',
        'false or event = null',
      ].map((trigger) => ({ trigger, dialect: 'waybill' as const })),
    ),
    hostedText.filter(isHosted).map((trigger) => ({ trigger, dialect: 'segment' as const })),
  );

  it('gives the same answers as evaluating the triggers one by one', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 12 }),
        fc.array(event, { minLength: 1, maxLength: 4 }),
        (triggers, events) => {
          const entries = triggers.map((one, id) => ({ ...one, id }));
          const index = createTriggerIndex(entries);
          // Twice, because the first event of a kind fills a bucket.
          for (const one of [...events, ...events]) {
            const expected = entries.filter((e) => compileTrigger(e.trigger, e)(one)).map(({ id }) => id);
            expect(index.match(one)).toEqual(expected);
          }
        },
      ),
      runs(1_000),
    );
  });
});

function isHosted(text: string): boolean {
  try {
    compileTrigger(text, { dialect: 'segment' });
    return true;
  } catch {
    return false;
  }
}

describe('an explanation', () => {
  it('ends with the result of the trigger, and is plain JSON', () => {
    fc.assert(
      fc.property(anyTrigger, event, (trigger, one) => {
        const explanation = explainTrigger(trigger, one);
        expect(explanation.holds).toBe(compileTrigger(trigger)(one));
        expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
      }),
      runs(700),
    );
  });
});

/** Events as they come out of the normaliser: the containers are objects. */
const normalised = fc
  .oneof(event, hostedEvent)
  .map((one) =>
    Object.fromEntries(
      Object.entries(one).filter(
        ([name, value]) =>
          !['properties', 'traits', 'context'].includes(name) ||
          (typeof value === 'object' && !Array.isArray(value)),
      ),
    ),
  );

describe('a linter without findings', () => {
  it('means that both dialects give the same answer', () => {
    const seen = { clean: 0, matched: 0 };
    fc.assert(
      fc.property(
        fc.oneof(anyTrigger, hostedText),
        fc.array(normalised, { minLength: 3, maxLength: 3 }),
        (text, events) => {
          if (lintTrigger(text).length > 0) return;
          seen.clean += 1;
          const ours = compileTrigger(text);
          const hosted = compileTrigger(text, { dialect: 'segment' });
          for (const one of events) {
            if (ours(one)) seen.matched += 1;
            expect([text, ours(one)]).toEqual([text, hosted(one)]);
          }
        },
      ),
      runs(5_000),
    );
    expect(seen.clean).toBeGreaterThan(100);
    expect(seen.matched).toBeGreaterThan(50);
  });
});

/** Runs every function on a trigger, and returns how long it took. */
function abuse(trigger: string, frozen: Record<string, unknown>, dialect: TriggerDialect): number {
  const started = computed();
  try {
    const holds = compileTrigger(trigger, { dialect })(frozen);
    expect(typeof holds).toBe('boolean');
    if (trigger.length < 200) explainTrigger(trigger, frozen, { dialect });
  } catch (error) {
    if (!(error instanceof TriggerError)) throw error;
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(trigger.length);
    expect(error.picture).toContain('^');
  }
  lintTrigger(trigger);
  return computed() - started;
}

describe('invalid input', () => {
  const fragment = fc.constantFrom(
    ...[
      '(',
      ')',
      '[',
      ']',
      '!',
      'and ',
      ' or ',
      'not ',
      ' in ',
      '=',
      '!=',
      '<',
      '"',
      "'",
      '\\',
      '.',
      ',',
      '$',
      '@',
    ],
    ...[
      'type',
      'event',
      'properties',
      '.a',
      '[0]',
      'any(',
      'all(',
      'match(',
      'contains(',
      'length(',
      '1',
      '-',
      'e9',
    ],
    ...[
      '"*a*b*"',
      '"[a-z]"',
      'null',
      'true',
      ' ',
      '\n',
      '\u0000',
      '\ud800',
      '😀',
      '__proto__',
      'constructor',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fragment, { maxLength: 25 }).map((parts) => parts.join('')),
    fc
      .tuple(fragment, fc.nat(12_000))
      .map(([part, times]) => part.repeat(Math.min(times, 12_000 / part.length))),
    anyTrigger,
    hostedText,
  );

  it('never causes anything but a TriggerError, never takes long, never changes event or prototype', () => {
    const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
    const before = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);
    let slowest = { ms: 0, trigger: '' };
    fc.assert(
      fc.property(
        text,
        event,
        fc.constantFrom<TriggerDialect>('waybill', 'segment'),
        (trigger, one, dialect) => {
          const frozen = deepFreeze(structuredClone(one));
          let ms = abuse(trigger, frozen, dialect);
          // A busy machine can stop any run; a slow input is slow again.
          for (let again = 0; ms >= MAX_MS && again < 5; again += 1) {
            ms = Math.min(ms, abuse(trigger, frozen, dialect));
          }
          if (ms >= MAX_MS && ms >= limitNow(MAX_MS)) throw new Error(`This takes ${ms} ms: ${trigger}`);
          if (ms > slowest.ms) slowest = { ms, trigger };
        },
      ),
      runs(6_000, FUZZ),
    );
    process.stdout.write(
      `trigger fuzz: the slowest input took ${slowest.ms.toFixed(1)} ms: ${slowest.trigger.slice(0, 60)}\n`,
    );
    expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).length)).toEqual(before);
  });

  const long = 'a'.repeat(32_000);
  const items = Array.from({ length: 4_000 }, (_, at) => ({ a: at, b: [at] }));
  it.each([
    ['a pattern of many stars', `match(event, "${'*a'.repeat(120)}*b")`, { event: long }],
    ['a pattern of many question marks', `match(event, "*${'a?'.repeat(31)}b")`, { event: long }],
    ['a pattern of many classes', `match(event, "*${'[a-z]'.repeat(48)}[^a]")`, { event: long }],
    ['nested lists', 'any(properties.a, any(b, @ = -1))', { properties: { a: items } }],
    [
      'a list looked up for every item',
      'any(properties.a, a in $.properties.c)',
      { properties: { a: items, c: items } },
    ],
    ['a string of capitals', 'snakecase(event) = "x"', { event: 'aA'.repeat(16_000) }],
    ['a long trigger', `type = "x" ${'or type = "y" '.repeat(700)}`, { type: 'z' }],
    ['open parentheses', '('.repeat(10_000), {}],
    ['negations', '!'.repeat(10_000), {}],
    ['backslashes', `type = "${'\\'.repeat(9_000)}`, {}],
    ['an endless path', `properties${'.a'.repeat(4_900)} = 1`, { properties: {} }],
    ['an endless index', `properties${'[0]'.repeat(3_300)} = 1`, { properties: {} }],
  ])('takes less than 50 ms: %s', (_, trigger, one) => {
    const times = [1, 2, 3].map(() => {
      const started = computed();
      for (const dialect of ['waybill', 'segment'] as const) {
        try {
          compileTrigger(trigger, { dialect })(one);
        } catch (error) {
          if (!(error instanceof TriggerError)) throw error;
        }
      }
      lintTrigger(trigger);
      return computed() - started;
    });
    expect(Math.min(...times)).toBeLessThan(limitNow(MAX_MS));
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
