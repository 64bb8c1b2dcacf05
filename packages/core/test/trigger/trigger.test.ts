import { parseFql, validate } from '@segment/destination-subscriptions';
import { describe, expect, it } from 'vitest';
import { errorEntry } from '../../src/result/errors.ts';
import {
  compileTrigger,
  createTriggerIndex,
  explainTrigger,
  lintTrigger,
  parseTrigger,
  printTrigger,
  TRIGGER_FUNCTIONS,
  TRIGGER_LINT_RULES,
  TRIGGER_OPERATORS,
  TriggerError,
  type TriggerDialect,
} from '../../src/trigger/index.ts';

function errorOf(trigger: string, dialect: TriggerDialect = 'waybill'): TriggerError {
  try {
    compileTrigger(trigger, { dialect });
  } catch (error) {
    if (error instanceof TriggerError) return error;
    throw error;
  }
  throw new Error(`${trigger} compiles`);
}

describe('a trigger error', () => {
  it('marks the character with a caret', () => {
    expect(errorOf('type = "track" && event = "A"').picture).toBe(
      ['type = "track" && event = "A"', '               ^'].join('\n'),
    );
  });

  it('counts lines and columns from 1 and shows only the affected line', () => {
    const error = errorOf('type = "track"\n\tand evnt = "A"\n\tand userId = "u"');
    expect(error).toMatchObject({ code: 'trigger_unknown_word', offset: 20, line: 2, column: 6 });
    expect(error.picture).toBe(['\tand evnt = "A"', '\t    ^'].join('\n'));
  });

  it('shortens a long line around the character', () => {
    const error = errorOf(`type = "${'a'.repeat(500)}" ~ ${'b'.repeat(500)}`);
    const [line, caret] = error.picture.split('\n') as [string, string];
    expect(line.length).toBeLessThan(130);
    expect(line[caret.length - 1]).toBe('~');
  });

  it('points behind the end when something is missing there', () => {
    expect(errorOf('type =').picture).toBe(['type =', '      ^'].join('\n'));
  });

  it('removes control characters from the excerpt', () => {
    expect(errorOf('type = \u001b[31m"a"').picture).not.toContain('\u001b');
  });

  it('has a code of the registry', () => {
    for (const trigger of ['', 'x = 1', '('.repeat(100)])
      expect(errorEntry(errorOf(trigger).code)).toBeDefined();
  });

  it.each([
    ['evnt = "a"', 'did you mean `event`?'],
    ['user_id = "a"', 'did you mean `userId`?'],
    ['contians(event, "a")', 'did you mean `contains`?'],
    ['lower_case(event) = "a"', 'did you mean `lowercase`?'],
    ['type = track', 'a string needs quotes'],
    ['type = "a" || type = "b"', 'write `or`'],
  ])('of %s is: %s', (trigger, advice) => {
    expect(errorOf(trigger).message).toContain(advice);
  });

  it.each(['waybill', 'segment'] as const)(
    'refuses more than 10,000 characters in the %s dialect',
    (dialect) => {
      const error = errorOf(`type = "${'a'.repeat(10_000)}"`, dialect);
      expect(error.code).toBe('trigger_too_large');
    },
  );

  it('accepts 64 levels and refuses more', () => {
    expect(compileTrigger(`${'('.repeat(64)}true${')'.repeat(64)}`)({})).toBe(true);
    expect(errorOf(`${'('.repeat(65)}true${')'.repeat(65)}`)).toMatchObject({
      code: 'trigger_too_large',
      offset: 64,
    });
    expect(errorOf(`${'!'.repeat(65)}true`)).toMatchObject({ code: 'trigger_too_large', offset: 64 });
  });
});

describe('the printer', () => {
  it.each([
    ["type=='track'AND NOT event!='A'", 'type = "track" and !(event != "A")'],
    ['((type = "a" or (event = "b")))', 'type = "a" or event = "b"'],
    ['(type = "a" and event = "b") or true', 'type = "a" and event = "b" or true'],
    ['(type = "a" or event = "b") and true', '(type = "a" or event = "b") and true'],
    ['event not in ("a",\'b\')', '!(event in ["a", "b"])'],
    ['properties["a b"][0].c = .5', 'properties.a\\ b.0.c = 0.5'],
    ['any(properties.p,@.and=$.type)', 'any(properties.p, \\and = $.type)'],
    ['event = \'say "hi"\'', 'event = "say \\"hi\\""'],
  ])('writes %s as %s', (trigger, printed) => {
    expect(printTrigger(parseTrigger(trigger))).toBe(printed);
  });
});

describe('an explanation', () => {
  it('shows every condition with its range, the value it read and its result', () => {
    const trigger = 'type = "track" and (properties.total > 10 or !contains(event, "Test"))';
    expect(explainTrigger(trigger, { type: 'page', properties: { total: 5 } })).toEqual({
      kind: 'and',
      text: trigger,
      offset: 0,
      holds: false,
      reads: [],
      children: [
        {
          kind: 'condition',
          text: 'type = "track"',
          offset: 0,
          holds: false,
          reads: [{ text: 'type', found: true, value: 'page' }],
          children: [],
        },
        {
          kind: 'or',
          text: '(properties.total > 10 or !contains(event, "Test"))',
          offset: 19,
          holds: true,
          reads: [],
          children: [
            {
              kind: 'condition',
              text: 'properties.total > 10',
              offset: 20,
              holds: false,
              reads: [{ text: 'properties.total', found: true, value: 5 }],
              children: [],
            },
            {
              kind: 'not',
              text: '!contains(event, "Test")',
              offset: 45,
              holds: true,
              reads: [],
              children: [
                {
                  kind: 'condition',
                  text: 'contains(event, "Test")',
                  offset: 46,
                  holds: false,
                  reads: [
                    { text: 'event', found: false, value: null },
                    { text: 'contains(event, "Test")', found: true, value: false },
                  ],
                  children: [],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('shows the condition on each item of a list', () => {
    const event = { properties: { products: [{ sku: 'a' }, { sku: 'b' }] } };
    const explanation = explainTrigger('any(properties.products, sku = "b")', event);
    expect(explanation.children.map((child) => [child.reads[0]?.value, child.holds])).toEqual([
      ['a', false],
      ['b', true],
    ]);
  });

  it('shows how the segment dialect reads a trigger', () => {
    const explanation = explainTrigger('type == "track"', { type: 'track' }, { dialect: 'segment' });
    expect(explanation).toMatchObject({ text: 'type ==', holds: false });
  });

  it('shortens long values', () => {
    const event = {
      properties: { a: 'x'.repeat(10_000), b: Array.from({ length: 500 }, () => [[[[[1]]]]]) },
    };
    const explanation = explainTrigger('properties.a = properties.b', event);
    expect(JSON.stringify(explanation).length).toBeLessThan(1_000);
  });
});

describe('the trigger index', () => {
  it('keeps the order of the entries and any type of id', () => {
    const ids = [{ n: 1 }, { n: 2 }, { n: 3 }];
    const [a, b, c] = ids;
    const index = createTriggerIndex([
      { id: c, trigger: 'event = "A"' },
      { id: a, trigger: 'properties.x = 1' },
      { id: b, trigger: 'type = "track"' },
    ]);
    expect(index.match({ type: 'track', event: 'A', properties: { x: 1 } })).toEqual([c, a, b]);
  });

  it('evaluates only the triggers that type and event name leave open', () => {
    const entries = Array.from({ length: 100 }, (_, id) => ({
      id,
      trigger: `type = "track" and event = "Event ${id}" and properties.x = 1`,
    }));
    const index = createTriggerIndex(entries);
    let reads = 0;
    const event = {
      type: 'track',
      event: 'Event 7',
      get properties() {
        reads += 1;
        return { x: 1 };
      },
    };
    expect(index.match(event)).toEqual([7]);
    expect(reads).toBe(1);
  });

  it('throws for the first invalid trigger', () => {
    expect(() => createTriggerIndex([{ id: 1, trigger: 'nonsense' }])).toThrow(TriggerError);
  });
});

describe('the linter', () => {
  it.each(Object.entries(TRIGGER_LINT_RULES).map(([code, rule]) => [code, rule.example] as const))(
    'finds %s in %s',
    (code, example) => {
      expect(lintTrigger(example).map((one) => one.code)).toEqual([code]);
    },
  );

  it('finds nothing in the most common triggers', () => {
    const triggers = [
      'type = "track"',
      'type = "identify"',
      'type = "track" and event = "Order Completed"',
      'type = "track" and event != "Order Completed" and event != "Cart Updated"',
      'type = "page" or type = "screen"',
      'type = "track" and (event = "A" or event = "B")',
      'type = "track" and contains(event, "Order") and match(properties.sku, "A-*")',
      'type = "identify" and traits.email != null and traits.vip = true and traits.age >= 18',
    ];
    for (const trigger of triggers) expect(lintTrigger(trigger)).toEqual([]);
  });

  it('marks each place, in the order of the text', () => {
    const found = lintTrigger('type == "track" OR !(event = \'A\')');
    expect(found.map(({ code, offset }) => [code, offset])).toEqual([
      ['double_equals', 5],
      ['keyword_case', 16],
      ['negation', 19],
      ['single_quotes', 29],
    ]);
  });

  it('warns of inherited members in the hosted product, which our segment dialect does not read', () => {
    const trigger = 'properties.constructor != null';
    expect(validate(parseFql(trigger), { properties: {} })).toBe(true);
    expect(compileTrigger(trigger, { dialect: 'segment' })({ properties: {} })).toBe(false);
  });
});

describe('the language tables', () => {
  it('have examples that compile', () => {
    for (const { example } of [...TRIGGER_FUNCTIONS, ...TRIGGER_OPERATORS]) {
      expect(() => compileTrigger(example)).not.toThrow();
    }
  });
});
