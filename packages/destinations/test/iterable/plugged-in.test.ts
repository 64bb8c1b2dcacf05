import { describe, expect, it } from 'vitest';
import { iterable } from '@waybill/destinations';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/*
 * Code of the destination is useless when the definition does not reference it. A merge once left out the published limits, and
 * no test failed.
 */

const FOLDER = new URL('../../src/iterable/', import.meta.url).pathname;
const sources = new Map(
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]),
);

interface Import {
  readonly from: string;
  readonly names: readonly string[];
}

function importsOf(name: string): Import[] {
  const text = sources.get(name)!;
  return [...text.matchAll(/import\s+(?:type\s+)?\{([^}]*)\}\s+from\s+'(\.[^']+)'/g)]
    .map(([, list, from]) => ({
      from: posix.join(posix.dirname(name), from!),
      names: list!.split(',').flatMap((part) => /^\s*(?:type\s+)?(\w+)/.exec(part)?.[1] ?? []),
    }))
    .filter(({ from }) => sources.has(from));
}

function exportsOf(name: string): string[] {
  const text = sources.get(name)!;
  return [...text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map(([, found]) => found!);
}

describe('the definition of Iterable', () => {
  it('imports every file of its folder', () => {
    const reached = new Set(['index.ts']);
    for (const name of reached) for (const { from } of importsOf(name)) reached.add(from);
    expect([...sources.keys()].filter((name) => !reached.has(name))).toEqual([]);
  });

  it('uses every export of a file', () => {
    const used = new Set(
      [...sources.keys()].flatMap((name) =>
        importsOf(name).flatMap(({ from, names }) => names.map((one) => `${from} ${one}`)),
      ),
    );
    const exported = [...sources.keys()]
      .filter((name) => name !== 'index.ts')
      .flatMap((name) => exportsOf(name).map((one) => `${name} ${one}`));
    expect(exported.filter((one) => !used.has(one))).toEqual([]);
  });

  it('declares the published limits of both data centers', () => {
    for (const dataCenterLocation of ['united_states', 'europe']) {
      const limits = iterable.rateLimits!({ apiKey: 'k', dataCenterLocation });
      const figure = (method: string, path: string): unknown =>
        limits.filter((one) => one.method === method && one.path === path);
      const of = (amount: number, seconds: number): unknown => expect.objectContaining({ amount, seconds });
      expect(figure('POST', '/api/events/trackBulk')).toEqual([of(10, 1)]);
      expect(figure('POST', '/api/users/bulkUpdate')).toEqual([of(5, 1)]);
      expect(figure('POST', '/api/users/forget')).toEqual([of(3, 1), of(1_000, 86_400)]);
      expect(limits.some(({ assumed }) => assumed)).toBe(false);
    }
    const own = iterable.rateLimits!({ apiKey: 'k', apiUrl: 'http://127.0.0.1:4401' });
    expect(own.length).toBeGreaterThan(30);
    expect(own.every(({ assumed }) => assumed)).toBe(true);
  });

  it('reads the figures of a refusal', () => {
    const params = { rateLimitLimit: 5, rateLimitRemaining: 0, rateLimitReset: 2 };
    const answer = { kind: 'response', ok: false, status: 429, headers: {}, text: '', exchange: 0 } as const;
    expect(iterable.readRateLimit!({ ...answer, body: { code: 'RateLimitExceeded', params } })).toEqual({
      limit: 5,
      resetMs: 2_000,
    });
  });
});
