import { deepStrictEqual } from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Destination } from '@waybill/core';
import { createTestDestination, type TestRequest, type TestRun } from '../destination.ts';
import type { TestTools } from '../runner.ts';
import { type Case, type ExpectedOutcome, type ExpectedRequest, readCases } from './case.ts';

/** Defaults for cases. */
export interface CaseOptions {
  /** Settings of every case; a case's own take precedence. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Writes the results to the files instead of comparing; `WAYBILL_UPDATE_CASES=1` does the same. */
  readonly update?: boolean;
}

/**
 * Creates a test for every case in the JSON files of a folder. A case without `expect` fails and prints what to paste; with
 * `WAYBILL_UPDATE_CASES=1` the files are written instead.
 */
export function runCaseFiles(
  folder: string,
  destination: Destination,
  tools: TestTools,
  options: CaseOptions = {},
): void {
  const update = options.update ?? process.env['WAYBILL_UPDATE_CASES'] === '1';
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  tools.describe(`${destination.name}: cases`, () => {
    if (names.length === 0) {
      tools.it('are there', () => Promise.reject(new Error(`There is no case file in ${folder}.`)));
    }
    for (const name of names) {
      const file = join(folder, name);
      const text = readFileSync(file, 'utf8');
      let cases: readonly Case[];
      try {
        cases = readCases(text, name);
      } catch (error) {
        // An unreadable file is one failed test; the others still run.
        tools.it(name, () => Promise.reject(error as Error));
        continue;
      }
      if (update) {
        tools.it(`${name} is written`, () => rewrite(file, text, cases, destination, options));
        continue;
      }
      for (const one of cases) {
        tools.it(`${name}: ${one.name}`, async () => {
          check(one, await runCase(one, destination, options), tools);
        });
      }
    }
  });
}

/** Runs one case and returns all results. */
export async function runCase(
  one: Case,
  destination: Destination,
  options: CaseOptions = {},
): Promise<TestRun> {
  return createTestDestination(destination, {
    settings: { ...options.settings, ...one.settings },
    ...(one.mappings === undefined ? {} : { mappings: one.mappings }),
    ...(one.answers === undefined ? {} : { answers: one.answers }),
  }).run(one.events);
}

function check(one: Case, run: TestRun, tools: TestTools): void {
  const actual = { requests: run.requests.map(asExpected), outcomes: outcomesOf(run) };
  const expected = one.expect;
  if (expected === undefined) {
    const shown = JSON.stringify({ expect: actual }, null, 2);
    throw new Error(`The case has no "expect". The result:\n${shown}`);
  }
  const equal = (got: unknown, wanted: unknown): void => {
    if (tools.expect === undefined) deepStrictEqual(got, wanted);
    else tools.expect(got).toEqual(wanted);
  };
  if (expected.outcomes !== undefined) {
    equal(alike(actual.outcomes, expected.outcomes), expected.outcomes);
  }
  if (expected.requests !== undefined) {
    equal(alike(actual.requests, expected.requests), expected.requests);
  }
}

/** Reduces results to the members in the expectation; a list of another length stays whole. */
function alike(
  actual: readonly (ExpectedRequest | ExpectedOutcome)[],
  expected: readonly (ExpectedRequest | ExpectedOutcome)[],
): unknown {
  return actual.map((one, index) => {
    const wanted = expected[index];
    if (wanted === undefined) return one;
    const got = one as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      Object.entries(wanted)
        .map(([key, value]) => [key, reduce(key, got[key], value)] as const)
        .filter(([, value]) => value !== undefined),
    );
  });
}

function reduce(key: string, actual: unknown, expected: unknown): unknown {
  if (key === 'url' && typeof actual === 'string' && typeof expected === 'string') {
    return expected.startsWith('/') && actual.endsWith(expected) ? expected : actual;
  }
  if (key === 'headers' && typeof expected === 'object' && expected !== null) {
    const headers = actual as Readonly<Record<string, string>>;
    return Object.fromEntries(Object.keys(expected).map((name) => [name, headers[name.toLowerCase()]]));
  }
  return actual;
}

function asExpected(request: TestRequest): ExpectedRequest {
  const { method, url, headers, body } = request;
  return { method, url, headers, ...(body === undefined ? {} : { body }) };
}

function outcomesOf(run: TestRun): readonly ExpectedOutcome[] {
  return run.events.flatMap(({ items, skipped }, event): readonly ExpectedOutcome[] => {
    if (skipped !== undefined) return [{ event, ...skipped }];
    return items.map(({ mapping, outcome }) => {
      const { exchanges: _unneeded, ...rest } = { exchanges: undefined, ...outcome };
      return { event, mapping, ...rest };
    });
  });
}

/** Headers of every request are omitted in a case, except credentials. */
const ORDINARY = new Set(['user-agent', 'accept', 'content-type']);

async function rewrite(
  file: string,
  text: string,
  cases: readonly Case[],
  destination: Destination,
  options: CaseOptions,
): Promise<void> {
  const read = JSON.parse(text) as object | object[];
  const written: unknown[] = [];
  for (const [index, one] of cases.entries()) {
    const run = await runCase(one, destination, options);
    const requests = run.requests.map((request) => {
      const { headers, ...rest } = asExpected(request);
      const kept = Object.entries(headers ?? {}).filter(([name]) => !ORDINARY.has(name));
      return kept.length === 0 ? rest : { ...rest, headers: Object.fromEntries(kept) };
    });
    const outcomes = outcomesOf(run).map(({ message: _words, ...rest }) => rest);
    written.push({ ...(Array.isArray(read) ? read[index] : read), expect: { requests, outcomes } });
  }
  const made = JSON.stringify(Array.isArray(read) ? written : written[0], null, 2);
  writeFileSync(file, `${made}\n`);
}
