import { expect, test } from 'vitest';
import fc from 'fast-check';
import { compileMapping, MappingError, MappingEvaluationError, RULES } from '../../src/mapping/index.ts';
import { evaluateReference, type Execution } from '../../src/mapping/index.ts';
import { event, segmentMapping } from './arbitraries.ts';
import { report, segment } from './support.ts';

const RUNS = Number(process.env['FC_RUNS'] ?? 6_000);
const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

/** A result in a comparable form: JSON with sorted keys, or that there was none. */
type Answer = { readonly payload: string } | { readonly failure: string };

/** Segment's result. It leaves undefined in lists, which is null in JSON (M13); functions of prototypes get a mark. */
function upstream(mapping: unknown, source: unknown): Answer {
  try {
    return { payload: asText(segment(mapping, source)) };
  } catch (error) {
    return { failure: String(error) };
  }
}

function ours(mapping: unknown, source: unknown, execution: Execution): Answer {
  try {
    const payload = compileMapping(mapping, { execution })(source);
    expect(holdsUndefined(payload)).toBe(false);
    return { payload: asText(payload) };
  } catch (error) {
    if (error instanceof MappingError) return { failure: 'MappingError' };
    if (error instanceof MappingEvaluationError)
      return { failure: `MappingEvaluationError at ${error.path}` };
    throw error;
  }
}

function asText(payload: unknown): string {
  const text = JSON.stringify(payload, (_key, value: unknown) =>
    typeof value === 'function' ? '(function)' : value,
  );
  return text ?? 'nothing';
}

function holdsUndefined(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => member === undefined || holdsUndefined(member));
}

/** The rules that a case meets, according to the reference interpreter and the rules themselves. */
function rulesMet(mapping: unknown, source: unknown): Set<string> {
  const met = new Set<string>();
  try {
    evaluateReference(mapping, source, { differs: (rule) => met.add(rule) });
  } catch (error) {
    if (error instanceof MappingError) met.add(error.problems[0]!.code === 'mapping_too_large' ? 'M2' : 'M1');
  }
  for (const rule of RULES) if (rule.foresees?.(mapping, source)) met.add(rule.id);
  return met;
}

function same(one: Answer, other: Answer): boolean {
  if ('failure' in one || 'failure' in other) return 'failure' in one && 'failure' in other;
  return one.payload === other.payload;
}

test(`every execution gives Segment's answer, save where a listed rule says otherwise (${RUNS} pairs)`, () => {
  const counts = { cases: 0, equal: 0, equalFailures: 0, differing: 0 };
  const perRule: Record<string, number> = {};
  fc.assert(
    fc.property(segmentMapping, event, (mapping, source) => {
      counts.cases += 1;
      const generated = ours(mapping, source, 'generated');
      expect(ours(mapping, source, 'closures')).toEqual(generated);
      expect(ours(mapping, source, 'reference')).toEqual(generated);
      const theirs = upstream(mapping, source);
      if (same(generated, theirs)) {
        counts.equal += 1;
        if ('failure' in generated) counts.equalFailures += 1;
        return;
      }
      const met = rulesMet(mapping, source);
      if (met.size === 0) expect({ ours: generated }).toEqual({ ours: theirs });
      counts.differing += 1;
      for (const rule of met) perRule[rule] = (perRule[rule] ?? 0) + 1;
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: false },
  );
  report(
    `differential: seed ${SEED}, ${JSON.stringify(counts)}, rules met by differing cases ${JSON.stringify(perRule)}`,
  );
  expect(counts.cases).toBeGreaterThanOrEqual(RUNS);
}, 600_000);
