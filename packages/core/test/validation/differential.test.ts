import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { compileValidator } from '../../src/validation/validator.ts';
import { deepFreeze } from './freeze.ts';
import { anyFields, payloadOf } from './generate.ts';
import { RULES, sameVerdict } from './rules.ts';
import { upstreamValidator } from './upstream.ts';

const PAIRS = Number(process.env['FC_RUNS'] ?? 2_000);
const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 1_000_000_000);
const PAYLOADS_PER_FIELDS = 5;

const counts = { pairs: 0, equal: 0, accepted: 0, listed: 0 };
const byRule = new Map<string, number>();

describe('a payload', () => {
  beforeAll(() => {
    // Upstream's validator warns about union types at each compilation.
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  });

  afterAll(() => {
    vi.restoreAllMocks();
    const rules = [...byRule].sort().map(([id, count]) => `${id} ${count}`);
    process.stdout.write(
      `validation against upstream: seed ${SEED}, ${counts.pairs} pairs, ${counts.equal} equal ` +
        `(${counts.accepted} accepted), ${counts.listed} listed differences: ${rules.join(', ')}\n`,
    );
  });

  it(
    'gets the same verdict as upstream, except for the listed differences, in both executions',
    () => {
      const cases = anyFields.chain((fields) =>
        fc.record({
          fields: fc.constant(fields),
          payloads: fc.array(payloadOf(fields), {
            minLength: PAYLOADS_PER_FIELDS,
            maxLength: PAYLOADS_PER_FIELDS,
          }),
        }),
      );
      fc.assert(
        fc.property(cases, ({ fields, payloads }) => {
          const upstream = upstreamValidator(fields);
          const generated = compileValidator(fields, { execution: 'generated' });
          const closures = compileValidator(fields, { execution: 'closures' });
          for (const raw of payloads) {
            const theirs = upstream(raw);
            const ours = generated(deepFreeze(raw));
            expect(closures(raw)).toEqual(ours);
            counts.pairs += 1;
            if (!('failed' in theirs) && sameVerdict(theirs, ours)) {
              counts.equal += 1;
              if (ours.ok) counts.accepted += 1;
              continue;
            }
            const rules = RULES.filter((rule) => rule.applies(fields, raw)).map(({ id }) => id);
            if (rules.length === 0) {
              throw new Error(`unlisted difference: ${JSON.stringify({ raw, theirs, ours }, null, 1)}`);
            }
            counts.listed += 1;
            for (const id of rules) byRule.set(id, (byRule.get(id) ?? 0) + 1);
          }
        }),
        { numRuns: Math.ceil(PAIRS / PAYLOADS_PER_FIELDS), seed: SEED },
      );
    },
    // Upstream compiles a schema for each set of fields; FC_RUNS sets longer runs.
    30_000 + PAIRS * 20,
  );
});

describe('the list of differences', () => {
  it('describes every rule of the test', () => {
    const page = readFileSync(
      new URL('../../../../docs/compatibility/validation.md', import.meta.url),
      'utf8',
    );
    for (const { id } of RULES) expect(page).toMatch(new RegExp(`^\\| ${id} +\\|`, 'm'));
  });
});
