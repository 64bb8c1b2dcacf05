import { computed, limitNow } from '../cpu.ts';
import { expect, test } from 'vitest';
import fc from 'fast-check';
import {
  compileMapping,
  DIRECTIVES,
  evaluateReference,
  explainMapping,
  lintPortability,
  MappingError,
  MappingEvaluationError,
  pathsOf,
} from '../../src/mapping/index.ts';
import { anyJson, event, segmentMapping } from './arbitraries.ts';
import { deepFreeze, report } from './support.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 3_000);
const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

/** A safety limit, not a benchmark: no input may block the thread. */
const MILLISECONDS = 50;

const names = DIRECTIVES.map((directive) => directive.name);
const optionNames = [
  'exists',
  'blank',
  'then',
  'else',
  'operator',
  'value',
  'pattern',
  'replacement',
  'pattern2',
  'replacement2',
  'global',
  'ignorecase',
  'separator',
  'omitArrays',
  'mode',
  'direction',
  'objects',
  'apply',
  'mapping',
  'over',
  'to',
  'where',
  'match',
  'path',
  'country',
  'invalid',
  'from',
  'zone',
  'decimal',
  'currency',
  'digits',
  'values',
  'skipBlank',
  '_metadata',
  '__proto__',
  'constructor',
  '__segment_internal_directive',
];
const words = [
  'lower',
  'upper',
  'encode',
  'decode',
  'left',
  'right',
  'DE',
  'fail',
  'drop',
  'keep',
  'auto',
  'iso',
  'seconds',
  'is',
  'in',
  'exists',
  'UTC',
  'Europe/Berlin',
  'YYYY-MM-DD',
  'DD.MM.YYYY',
  '.',
  ',',
  'minor',
  'a',
  '$.list',
  '{{a}}',
  '{% if a %}{{ a }}{% endif %}',
  '{{ a | split: "" | join: "x" }}',
];

/** Strings that make naive scanners slow. */
const huge = fc.constantFrom(
  '{'.repeat(30_000),
  '{{{a'.repeat(8_000),
  '}'.repeat(30_000),
  '{{a}}'.repeat(5_000),
  'a.'.repeat(15_000),
  '[0]'.repeat(10_000),
  ']'.repeat(30_000),
  ' '.repeat(30_000),
  '1'.repeat(30_000),
  '1,'.repeat(50),
  `+${'1'.repeat(300)}`,
  '['.repeat(30_000),
  '{"a":'.repeat(6_000),
  '<script'.repeat(4_000),
  'x'.repeat(200_000),
);

/** Junk: directives and options in any place, with values of any kind. */
const junk = fc.letrec<{ value: unknown }>((tie) => {
  const record = (keys: string[]) =>
    fc.array(fc.tuple(fc.constantFrom(...keys), tie('value')), { maxLength: 4 }).map((entries) => {
      const made: Record<string, unknown> = {};
      for (const [key, value] of entries) {
        Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
      }
      return made;
    });
  return {
    value: fc.oneof(
      { maxDepth: 6, depthSize: 'medium' },
      fc.constantFrom<unknown>(...words, null, 0, 1, -1, true, false, undefined, NaN, 1e308),
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom(...names), tie('value'))
          .map(([name, value]) => ({ [name]: value })),
      },
      { weight: 2, arbitrary: record(optionNames) },
      record([...names, 'a', 'b', '__proto__']),
      fc.array(tie('value'), { maxLength: 4 }),
      huge,
    ),
  };
}).value;

const wildEvent = fc.oneof(
  { weight: 6, arbitrary: event },
  {
    weight: 2,
    arbitrary: fc.tuple(event, huge).map(([members, text]) => ({ ...members, a: text, text, list: [text] })),
  },
  { weight: 1, arbitrary: anyJson },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((depth) => new Nested(depth)) },
);

/** An event that is deeper than what prints a counterexample can follow. */
class Nested {
  readonly depth: number;

  constructor(depth: number) {
    this.depth = depth;
  }

  event(): unknown {
    let list: unknown = 'x';
    for (let i = 0; i < this.depth; i++) list = i % 2 === 0 ? [list] : { a: list };
    return { a: list, list, obj: { a: list } };
  }
}

const prototypes = [
  Object.prototype,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Function.prototype,
];
const shapeOfPrototypes = () => prototypes.map((each) => Reflect.ownKeys(each).map(String).join()).join(';');

/** Runs everything that accepts a mapping, and fails for undocumented errors. */
function exercise(mapping: unknown, source: unknown): void {
  for (const execution of ['generated', 'closures', 'reference'] as const) {
    documented(mapping, source, () => compileMapping(mapping, { execution })(source));
  }
  documented(mapping, source, () => pathsOf(mapping));
  documented(mapping, source, () => lintPortability(mapping));
  documented(mapping, source, () => explainMapping(mapping, source));
}

function documented(mapping: unknown, source: unknown, run: () => unknown): void {
  let took = timed(run);
  // A busy machine can stop any run for that long; a slow input is slow again.
  for (let again = 0; again < 3 && took > MILLISECONDS; again++) took = Math.min(took, timed(run));
  if (took > MILLISECONDS && took > limitNow(MILLISECONDS))
    throw new Error(`${took} ms for ${show(mapping)} and ${show(source)}`);
  slowest = Math.max(slowest, took);
}

function timed(run: () => unknown): number {
  const start = computed();
  try {
    run();
  } catch (error) {
    if (!(error instanceof MappingError) && !(error instanceof MappingEvaluationError)) throw error;
  }
  return computed() - start;
}

function show(value: unknown): string {
  try {
    const short = (_key: string, part: unknown) =>
      typeof part === 'string' && part.length > 40 ? `${part.slice(0, 10)}… (${part.length})` : part;
    return String(JSON.stringify(value, short)).slice(0, 2000);
  } catch {
    return 'something too deep to show';
  }
}

let slowest = 0;

test(`whatever comes in, only documented errors go out, and nothing is changed (${RUNS} pairs)`, () => {
  const before = shapeOfPrototypes();
  fc.assert(
    fc.property(fc.oneof(junk, segmentMapping), wildEvent, (mapping, source) => {
      exercise(freezeSafely(mapping), freezeSafely(source instanceof Nested ? source.event() : source));
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: true },
  );
  expect(shapeOfPrototypes()).toBe(before);
  report(`fuzz: seed ${SEED}, ${RUNS} pairs, slowest ${slowest.toFixed(1)} ms`);
}, 1_800_000);

/** Freezes at every depth without recursion: events here may be deeper than the stack. */
function freezeSafely(value: unknown): unknown {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    left.push(...Object.values(next));
  }
  return deepFreeze(value);
}

test('a path of any length is read identically in every execution', () => {
  for (const length of [31, 32, 33, 200]) {
    const keys = Array.from({ length }, (_, n) => `k${n}`);
    const deep = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), 'found');
    const mapping = {
      whole: { '@path': `$.${keys.join('.')}` },
      part: { '@path': `$.${keys.slice(0, -1).join('.')}` },
      absent: { '@path': `$.${keys.join('.')}.length.no` },
      text: { '@template': `{{${keys.join('.')}}}!` },
      event: { '@waybill.event': keys.join('.') },
    };
    for (const execution of ['generated', 'closures', 'reference'] as const) {
      const last = keys.at(-1)!;
      expect(compileMapping(mapping, { execution })(deep)).toEqual({
        whole: 'found',
        part: { [last]: 'found' },
        text: 'found!',
        event: 'found',
      });
    }
  }
});

test('inputs that make naive code slow are handled quickly', () => {
  const text = '{{{a'.repeat(8_000);
  const cases: [unknown, unknown][] = [
    [{ a: { '@template': { '@path': 'a' } } }, { a: text }],
    [{ a: { '@path': { '@path': 'a' } } }, { a: '[0]'.repeat(10_000) }],
    [{ a: { '@path': '[0]'.repeat(10_000) } }, { 0: 'x' }],
    [{ a: { '@waybill.event': 'a.'.repeat(15_000) } }, { a: 'x' }],
    [
      { a: { '@replace': { pattern: 'x', replacement: "$`$'$&$`$", value: { '@path': 'a' } } } },
      { a: 'x'.repeat(32_000) },
    ],
    [
      { a: { '@flatten': { separator: '.', value: { '@path': 'a' } } } },
      { a: Array.from({ length: 10_000 }, (_, i) => i) },
    ],
    [
      { a: { '@liquid': '{{ a | strip_html | strip_newlines | truncatewords: 5 }}' } },
      { a: '<script'.repeat(4_000) },
    ],
    [{ a: { '@waybill.number': { value: { '@path': 'a' }, invalid: 'drop' } } }, { a: '1,'.repeat(16_000) }],
    [{ a: { '@waybill.phone': { value: { '@path': 'a' }, invalid: 'drop' } } }, { a: '+1 '.repeat(10_000) }],
  ];
  for (const [mapping, source] of cases) {
    // Twice: the first run also pays for the library that the directive needs.
    evaluateReference(mapping, source);
    documented(mapping, source, () => compileMapping(mapping)(source));
  }
});
