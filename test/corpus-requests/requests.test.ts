import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { tableOf } from './table.ts';
import type { Result } from './result.ts';

const script = fileURLToPath(new URL('./compare.ts', import.meta.url));

/** The result as it comes out of the other process: sets are lists there. */
type Written = {
  readonly [K in keyof Result]: Result[K] extends Set<string> ? readonly string[] : Result[K];
};

let result: Written;

describe('requests of the published definitions', () => {
  beforeAll(async () => {
    const run = promisify(execFile);
    const options = ['--conditions=source', '--disable-warning=ExperimentalWarning', script];
    const { stdout } = await run(process.execPath, options, { maxBuffer: 2 ** 28 });
    result = JSON.parse(stdout) as Written;
    process.stdout.write(tableOf(result));
  }, 180_000);

  it('compares all of them', () => {
    expect(result).toMatchObject({ definitions: 214, actions: 601, actionsWithPreset: 289 });
    expect(result.noEvent).toEqual([]);
    expect(result.touched).toHaveLength(601);
  });

  it.each(['single', 'batch'] as const)(
    'are the same as in upstream, except for listed reasons: %s',
    (as) => {
      const { findings, equal, listed, runs } = result.sides[as];
      expect(findings).toEqual([]);
      expect(equal + sum(listed)).toBe(runs);
      expect(equal / runs).toBeGreaterThan(as === 'single' ? 0.99 : 0.9);
    },
  );

  it.each(['single', 'batch'] as const)(
    'end the same as in upstream, except for listed reasons: %s',
    (as) => {
      const { sameOutcomes, outcomes, listedOutcomes } = result.sides[as];
      expect(sameOutcomes + sum(listedOutcomes)).toBe(outcomes);
      expect(sameOutcomes / outcomes).toBeGreaterThan(0.9);
    },
  );

  it.each(['choices', 'hook', 'deletion', 'audience'] as const)(
    'are the same around actions, with the same results: %s',
    (kind) => {
      const { asked, runs, speaking, sameRequests, sameAnswers, listed, findings } = result.around[kind];
      expect(findings).toEqual([]);
      expect(asked).toBe({ choices: 237, hook: 48, deletion: 26, audience: 208 }[kind]);
      expect([sameRequests, sameAnswers + sum(listed)]).toEqual([runs, runs]);
      expect(speaking / runs).toBeGreaterThan(0.6);
    },
  );

  it('add members to audiences when the published ones do', () => {
    const { 'actions-delivrai-audiences': alone, ...others } = result.audienceModes;
    // It says when, and creates none.
    expect(alone).toBeDefined();
    expect(Object.keys(others)).toHaveLength(26);
    for (const { theirs, ours } of Object.values(result.audienceModes)) expect(ours).toEqual(theirs);
  });

  it.each(['single', 'batch'] as const)(
    'are compared in every sync mode, and with outputs of hooks: %s',
    (as) => {
      expect(result.kinds).toMatchObject({ mode: 49, hooked: 19 });
      const { findings, equal, listed, runs, outcomes, sameOutcomes, listedOutcomes } = result.variants[as];
      expect(findings).toEqual([]);
      expect([equal + sum(listed), sameOutcomes + sum(listedOutcomes)]).toEqual([runs, outcomes]);
    },
  );

  it('are sent: by most actions, and for every other there is a reason', () => {
    const { compared, silent, presetActions, sides } = result;
    const withPreset = new Set(presetActions);
    expect(compared.length).toBeGreaterThan(500);
    expect(compared.filter((path) => withPreset.has(path)).length).toBeGreaterThan(260);
    const told = new Set([...compared, ...Object.keys(silent)]);
    const rest = result.touched.filter((path) => !told.has(path));
    expect(rest).toEqual(['actions-blend-ai/sendData']);
    expect(sides.single.chained).toBeGreaterThan(200);
  });
});

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
