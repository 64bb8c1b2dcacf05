import { describe, expect, it } from 'vitest';
import { dummy } from '@waybill/destinations';
import { readCases, runCaseFiles, type TestTools } from '@waybill/testing';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs the files of a folder and returns the result of each test. */
async function results(
  files: Readonly<Record<string, unknown>>,
  options: { readonly update?: boolean; readonly assert?: boolean } = {},
): Promise<{ readonly tests: Record<string, string>; readonly after: Record<string, string> }> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-cases-'));
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  }
  const made: [string, () => Promise<void>][] = [];
  const tools: TestTools = {
    describe: (_, body) => body(),
    it: (...test) => made.push(test),
    ...(options.assert === true ? {} : { expect }),
  };
  runCaseFiles(folder, dummy, tools, { update: options.update ?? false });
  const tests: Record<string, string> = {};
  for (const [name, test] of made) {
    tests[name] = await test().then(
      () => 'ok',
      (error: Error) => error.message,
    );
  }
  const after = Object.fromEntries(
    Object.keys(files).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  rmSync(folder, { recursive: true });
  return { tests, after };
}

const good = {
  name: 'works',
  event: 'Order Completed',
  expect: { outcomes: [{ status: 'delivered' }], requests: [] },
};

describe('case files', () => {
  it("pass or fail by what they expect, with the runner's own comparison or without", async () => {
    const wrong = { ...good, settings: { mode: 'reject' } };
    for (const assert of [false, true]) {
      const { tests } = await results({ 'a.json': good, 'b.json': [good, wrong] }, { assert });
      expect(tests['a.json: works']).toBe('ok');
      expect(tests['b.json: works']).toContain('rejected');
    }
  });

  it('compare the number of items too', async () => {
    const { tests } = await results({ 'a.json': { ...good, expect: { outcomes: [] } } });
    expect(tests['a.json: works']).toContain('delivered');
  });

  it('without an expectation fail and print what to paste', async () => {
    const { tests } = await results({ 'a.json': { name: 'new', event: { spec: 'identify', userId: 'u' } } });
    expect(tests['a.json: new']).toContain('"status": "delivered"');
  });

  it('are written on request', async () => {
    const { tests, after } = await results(
      { 'a.json': { name: 'new', events: ['page', 'alias'] } },
      { update: true },
    );
    expect(Object.values(tests)).toEqual(['ok']);
    const outcomes = (JSON.parse(after['a.json']!) as typeof good).expect.outcomes;
    expect(outcomes).toEqual([
      { event: 0, mapping: 'everything', status: 'delivered' },
      { event: 1, status: 'skipped', code: 'no_matching_mapping' },
    ]);
    expect((await results({ 'a.json': after['a.json'] })).tests).toEqual({ 'a.json: new': 'ok' });
  });

  it('that cannot be read are one failed test each', async () => {
    const { tests } = await results({ 'a.json': '{', 'b.json': good });
    expect(tests['a.json']).toContain('not valid JSON');
    expect(tests['b.json: works']).toBe('ok');
    expect(Object.values((await results({})).tests)).toEqual([expect.stringContaining('no case file')]);
  });

  it.each([
    [[], 'A case must be an object.'],
    [{ event: 'page' }, 'A case needs a "name".'],
    [{ name: 'x' }, 'A case needs an "event", or a list of "events".'],
    [{ name: 'x', event: {} }, 'Event 1 needs a "type", or a "spec" with the name of an event.'],
    [{ name: 'x', event: 'page', expects: {} }, 'A case has no member "expects".'],
    [{ name: 'x', event: 'page', preset: 'a', mapping: {} }, 'not several of them'],
    [{ name: 'x', event: 'page', mapping: { when: '' } }, 'A mapping has no member "when".'],
    [{ name: 'x', event: 'page', answers: {} }, '"answers" must be a list.'],
    [{ name: 'x', event: 'page', answers: [{ body: 1 }] }, 'An answer has no member "body".'],
    [
      { name: 'x', event: 'page', expect: { outcomes: [{ state: 1 }] } },
      'An expected outcome has no member "state".',
    ],
    [
      { name: 'x', event: 'page', expect: { requests: [{ path: 1 }] } },
      'An expected request has no member "path".',
    ],
  ])('refuse unknown members: %j', (value, message) => {
    const text = JSON.stringify(Array.isArray(value) ? [[]] : value);
    expect(() => readCases(text, 'a.json')).toThrow(message);
  });
});
