import { parsePath, readKeys } from '../paths.ts';
import { NOTHING } from '../plan.ts';
import { isMembers, isPresent, type Members } from '../values.ts';
import type { Checker, Directive } from './directive.ts';

interface Condition {
  readonly path: string;
  readonly operator: Operator;
  readonly value?: unknown;
}

interface Options {
  readonly over: unknown;
  readonly where: Condition | readonly Condition[];
  readonly match?: 'all' | 'any';
}

/** How a condition compares a value of an item with its own. */
const OPERATORS = {
  exists: (found) => isPresent(found),
  is_missing: (found) => !isPresent(found),
  is: (found, value) => found === value,
  is_not: (found, value) => found !== value,
  in: (found, value) => Array.isArray(value) && value.includes(found),
  not_in: (found, value) => !(Array.isArray(value) && value.includes(found)),
  contains: (found, value) =>
    Array.isArray(found)
      ? found.includes(value)
      : typeof found === 'string' && typeof value === 'string' && found.includes(value),
  greater: (found, value) => typeof found === 'number' && typeof value === 'number' && found > value,
  less: (found, value) => typeof found === 'number' && typeof value === 'number' && found < value,
} as const satisfies Record<string, (found: unknown, value: unknown) => boolean>;

type Operator = keyof typeof OPERATORS;

/** Keeps the matching items of a list. */
export const filter: Directive<Options> = {
  name: '@waybill.filter',
  portable: false,
  summary: 'Keeps the items of the list `over` that meet `where`.',
  notes: [
    `\`where\` is a condition \`{ path, operator, value }\` or a list of them, joined by \`match\`: \`all\` (if left out) or \`any\`. \`path\` starts at the item.`,
    `Operators: ${Object.keys(OPERATORS).join(', ')}. Values are not converted: the string "5" is not the number 5, and only numbers are greater or less.`,
    '`value` may be a directive, which is evaluated outside the list, in the scope of the filter itself.',
    'A missing list returns no value. Any other value that is not a list counts as a list of one.',
  ],
  examples: [
    {
      mapping: {
        gifts: {
          '@waybill.filter': {
            over: { '@path': '$.properties.products' },
            where: { path: '$.price', operator: 'is', value: 0 },
          },
        },
      },
      event: {
        properties: {
          products: [
            { sku: 'tea', price: 4 },
            { sku: 'card', price: 0 },
          ],
        },
      },
      payload: { gifts: [{ sku: 'card', price: 0 }] },
    },
  ],
  check(value, checker) {
    const options = checker.options(value);
    if (options === undefined) return;
    checker.known(options, ['over', 'where', 'match']);
    if (options['over'] === undefined) checker.at('over').problem('This option must be given.');
    else checker.at('over').expression(options['over']);
    if (options['match'] !== undefined) checker.at('match').word(options['match'], ['all', 'any']);
    const where = options['where'];
    if (!Array.isArray(where)) checkCondition(where, checker.at('where'));
    else for (let i = 0; i < where.length; i++) checkCondition(where[i], checker.at('where', i));
  },
  reference(options, scope, evaluation) {
    const list = evaluation.evaluate(options.over, scope, 'over');
    const values = conditionsOf(options).map(({ condition, keys }) =>
      evaluation.evaluate(condition.value, scope, ...keys, 'value'),
    );
    return keep(options)(list, ...values);
  },
  compile(options, builder) {
    const values = conditionsOf(options).map(({ condition, keys }) =>
      condition.value === undefined ? NOTHING : builder.plan(condition.value, ...keys, 'value'),
    );
    const args = [builder.plan(options.over, 'over'), ...values];
    return { kind: 'call', run: keep(options), args, holds: 'passed', selects: true };
  },
};

function checkCondition(value: unknown, checker: Checker): void {
  const options: Members | undefined = checker.options(value);
  if (options === undefined) return;
  checker.known(options, ['path', 'operator', 'value']);
  checker.at('path').text(options['path'], 0, 1000);
  checker.at('operator').word(options['operator'], Object.keys(OPERATORS));
  checker.at('value').expression(options['value']);
}

function conditionsOf({ where }: Options): { condition: Condition; keys: readonly (string | number)[] }[] {
  return isMembers(where)
    ? [{ condition: where as unknown as Condition, keys: ['where'] }]
    : (where as readonly Condition[]).map((condition, i) => ({ condition, keys: ['where', i] }));
}

function keep(options: Options): (list: unknown, ...values: unknown[]) => unknown {
  const tests = conditionsOf(options).map(({ condition }) => {
    const keys = parsePath(condition.path);
    const compare = OPERATORS[condition.operator];
    return (item: unknown, value: unknown) => compare(readKeys(item, keys), value);
  });
  return (list, ...values) => {
    if (!isPresent(list)) return undefined;
    const meets = (item: unknown) =>
      options.match === 'any'
        ? tests.some((test, i) => test(item, values[i]))
        : tests.every((test, i) => test(item, values[i]));
    return (Array.isArray(list) ? list : [list]).filter(meets);
  };
}
