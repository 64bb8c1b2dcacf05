import { describe, expect, it } from 'vitest';
import { defaultMapping } from '@waybill/core';
import { iterable } from '@waybill/destinations';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { play, scripted } from '../harness.ts';
import type { HostedCall, HostedQuestion } from './hosted.ts';
import { CASES, FIXES, PROFILE_FIRST } from './hosted-cases.ts';

const TAKEN = [200, { msg: '', code: 'Success', params: null, successCount: 1, failCount: 0 }] as const;

const questions: readonly HostedQuestion[] = CASES.map(({ action, event }) => ({
  action,
  mapping: defaultMapping(iterable.actions[action]!.fields),
  event,
}));

const hosted = JSON.parse(
  execFileSync(
    process.execPath,
    [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL('./hosted.ts', import.meta.url)),
    ],
    { input: JSON.stringify(questions), encoding: 'utf8', env: { ...process.env, TZ: 'America/New_York' } },
  ),
) as readonly (readonly HostedCall[])[];

/** Returns the places in which two bodies differ, with `*` for every index. */
function differences(one: unknown, other: unknown, path = ''): readonly string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  const objects = [one, other].map((side) => typeof side === 'object' && side !== null);
  if (!objects[0] || !objects[1] || Array.isArray(one) !== Array.isArray(other)) return [path];
  const [left, right] = [one, other] as [Record<string, unknown>, Record<string, unknown>];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) => {
    const step = Array.isArray(one) ? '*' : key;
    return differences(left[key], right[key], path === '' ? step : `${path}.${step}`);
  });
}

async function ours(index: number): Promise<readonly HostedCall[]> {
  const { action, event } = CASES[index]!;
  const { request, calls } = scripted(() => TAKEN);
  const { mapping } = questions[index]!;
  const trigger = `type = "${event.type}"`;
  const mappings = [{ id: 'm', action, trigger, mapping }];
  await play({ destination: iterable, settings: { apiKey: 'key' }, mappings, request }, [event]);
  return calls.map(({ url, json }) => ({
    path: new URL(url).pathname,
    body: JSON.parse(JSON.stringify(json)) as unknown,
  }));
}

describe('a request compared with the hosted destination', () => {
  const shown = new Set<string>();

  it.each(CASES.map((one, index) => ({ ...one, index })))(
    'of $name differs by $fixes',
    async ({ index, fixes }) => {
      const [theirs] = hosted[index]!;
      const calls = await ours(index);
      const mine = calls.at(-1);
      const before = calls.slice(0, -1);
      expect(before.map(({ path }) => path)).toEqual(
        fixes.includes(PROFILE_FIRST) ? ['/api/users/bulkUpdate'] : [],
      );
      if (before.length > 0) shown.add(PROFILE_FIRST);
      if (theirs !== undefined) expect(mine!.path).toBe(theirs.path);
      const places = differences(theirs?.body, mine!.body);
      const allowed = FIXES.filter(({ name }) => fixes.includes(name) && name !== PROFILE_FIRST);
      const unexplained = places.filter(
        (place) => !allowed.some((fix) => fix.places.some((one) => one.test(place))),
      );
      expect(unexplained).toEqual([]);
      const idle = allowed.filter(
        (fix) => !places.some((place) => fix.places.some((one) => one.test(place))),
      );
      expect(idle.map(({ name }) => name)).toEqual([]);
      for (const { name } of allowed) shown.add(name);
    },
  );

  it('has only the listed differences, and all of them', () => {
    expect([...shown].sort()).toEqual(FIXES.map(({ name }) => name).sort());
  });
});
