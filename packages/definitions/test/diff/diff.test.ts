import { describe, expect, it } from 'vitest';
import { diffDefinitions, destinationOf } from '@waybill/definitions';
import { readDiffCases, versionOf } from './support.ts';

const one = readDiffCases().find(([name]) => name === 'choice-removed')![1];
const [before, after] = [versionOf({}), versionOf(one.after)];
const [old, now] = [before.get('acme')!, after.get('acme')!];

describe('the difference of definitions', () => {
  it('is equal for versions, lists, single definitions and those with code', () => {
    const changes = diffDefinitions(before, after);
    expect(changes.filter(({ level }) => level === 'breaking')).toHaveLength(1);
    expect(diffDefinitions([old], [now])).toEqual(changes);
    expect(diffDefinitions(old, now)).toEqual(changes);
    expect(diffDefinitions(destinationOf(old), destinationOf(now))).toEqual(changes);
  });

  it('names additions and removals', () => {
    const other = { ...old, slug: 'other' };
    expect(diffDefinitions(old, other).map(({ code, destination }) => [code, destination])).toEqual([
      ['destination_removed', 'acme'],
      ['destination_added', 'other'],
    ]);
    expect(diffDefinitions(old, old)).toEqual([]);
  });
});
