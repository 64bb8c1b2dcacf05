import { describe, expect, it } from 'vitest';
import { compileMapping, evaluateReference } from '../../src/index.ts';
import { MAX_PAYLOAD_BYTES } from '../../src/mapping/size.ts';

const EXECUTIONS = {
  generated: (mapping: unknown) => compileMapping(mapping, { execution: 'generated' }),
  closures: (mapping: unknown) => compileMapping(mapping, { execution: 'closures' }),
  reference: (mapping: unknown) => (event: unknown) => evaluateReference(mapping, event),
};

/** As many as fit in an event of 32 KB. */
const MANY = Array.from({ length: 16_000 }, () => 0);
const text = 'x'.repeat(15_000);
const event = (products: unknown): unknown => ({ type: 'track', properties: { products, text } });

const constants = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`c${n}`, 'a constant text']));

describe.each(Object.entries(EXECUTIONS))('a growing payload, %s', (_name, compile) => {
  it.each([
    ['constants for each item', { '@arrayPath': ['$.properties.products', constants] }],
    [
      'constants beside what is read',
      { '@arrayPath': ['$.properties.products', { ...constants, it: { '@path': '$' } }] },
    ],
    [
      'a text made for each item',
      {
        '@arrayPath': [
          '$.properties.products',
          { text: { '@json': { mode: 'encode', value: [constants, constants, constants, constants] } } },
        ],
      },
    ],
  ])('by %s ends before it exceeds 1 MB', (_what, items) => {
    const before = process.memoryUsage().heapUsed;
    let error: unknown;
    try {
      compile({ items })(event(MANY));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: 'MappingEvaluationError', code: 'payload_too_large' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60 * 2 ** 20);
  });

  it('counts each evaluation from zero, and keeps large payloads within the limit', () => {
    const run = compile({ items: { '@arrayPath': ['$.properties.products', constants] } });
    const some = Array.from({ length: 2_000 }, () => 0);
    for (let n = 0; n < 5; n += 1) {
      const payload = run(event(some)) as { items: readonly unknown[] };
      expect(payload.items).toHaveLength(2_000);
    }
    expect(JSON.stringify(run(event(some))).length).toBeGreaterThan(MAX_PAYLOAD_BYTES / 3);
  });
});
