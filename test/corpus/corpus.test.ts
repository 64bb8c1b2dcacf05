import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { KINDS, summaryOf, tableOf, type Result } from './result.ts';

const script = fileURLToPath(new URL('./compare.ts', import.meta.url));
const LONGEST = 400_000 + Number(process.env['CORPUS_EVENTS'] ?? 0) * 5_000;

let result: Result;

describe('the published corpus', () => {
  beforeAll(async () => {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
      maxBuffer: 2 ** 28,
    });
    result = JSON.parse(stdout) as Result;
    process.stdout.write(`${summaryOf(result)}\n${tableOf(result)}\n`);
  }, LONGEST);

  it('is the one described in docs/compatibility/corpus.md', () => {
    expect(result.versions).toEqual({
      '@segment/action-destinations': '3.497.0',
      '@segment/actions-core': '3.170.0',
      '@segment/destination-subscriptions': '3.37.0',
    });
    expect(result).toMatchObject({ definitions: 214, actions: 601, presets: 547, triggers: 166 });
  });

  it('compiles, every mapping of it in every execution', () => {
    const all = Object.values(result.mappings).reduce((sum, count) => sum + count, 0);
    expect(result.tallies.mapping.counts['compiled']).toBe(all);
  });

  it.each(KINDS)('gives the same result as upstream, except for listed differences: %s', (kind) => {
    const { cases, equal, listed, unlisted, findings } = result.tallies[kind];
    expect(findings).toEqual([]);
    expect(unlisted).toBe(0);
    expect(equal + listed).toBe(cases);
    expect(equal / cases).toBeGreaterThan(0.9);
  });

  it('is compared with meaningful events', () => {
    const { fields, tallies, triggers } = result;
    expect(fields.mapped / fields.all).toBeGreaterThan(0.99);
    expect(fields.accepted / fields.all).toBeGreaterThan(0.98);
    expect(tallies.trigger.counts['triggers seen true and false']).toBe(triggers);
    for (const kind of ['validation', 'payload', 'settings'] as const) {
      const { cases, counts } = tallies[kind];
      expect(counts['accepted']).toBeGreaterThan(cases / 4);
      expect(counts['refused']).toBeGreaterThan(cases / 4);
    }
  });

  it('has no trigger that our own dialect answers differently without a finding of the linter', () => {
    expect(result.disagreements.filter(({ codes }) => codes.length === 0)).toEqual([]);
  });
});
