import { describe, expect, it } from 'vitest';
import { CHANGES, SOURCE_CHANGES } from '../../src/diff/change.ts';
import { compareVersions } from '../../src/diff/compare.ts';
import { type Impact, impactOn } from '../../src/diff/impact.ts';
import { fromMetadata, toMetadata } from '../../src/data/metadata.ts';
import { readDiffCases, versionOf, workspaceOf } from './support.ts';

const cases = readDiffCases();

describe('two versions', () => {
  it.each(cases)('%s', (_name, one) => {
    const [before, after] = [versionOf(one.before), versionOf(one.after)];
    const found = compareVersions(before, after).map(({ level, code, path }) => ({ level, code, path }));
    expect(sorted(found)).toEqual(sorted(one.expect));
    if (one.impact === undefined) return;
    const impact = impactOn(workspaceOf(one), before, after);
    expect(shortened(impact)).toEqual({ begins: [], instances: [], ...one.impact });
  });

  it.each(cases)('%s, read from metadata', (_name, one) => {
    const [before, after] = [versionOf(one.before), versionOf(one.after)].map(
      (version) => new Map([...version].map(([slug, data]) => [slug, fromMetadata(toMetadata(data))])),
    );
    const found = compareVersions(before!, after!).map(({ level, code, path }) => ({ level, code, path }));
    expect(sorted(found)).toEqual(sorted(one.expect));
  });

  it('cover nearly every kind of change', () => {
    const covered = new Set(cases.flatMap(([, one]) => one.expect.map(({ code }) => code)));
    // Sources have a separate test, which covers all of them.
    const kinds = Object.keys(CHANGES).filter((code) => !Object.hasOwn(SOURCE_CHANGES, code));
    const open = kinds.filter((code) => !covered.has(code));
    expect(open.length).toBeLessThan(20);
  });
});

function shortened(impact: Impact): unknown {
  const names = (list: Impact['stops']): readonly string[] => list.map(({ name }) => name);
  return {
    mappings: impact.mappings,
    stops: names(impact.stops),
    differs: names(impact.differs),
    begins: names(impact.begins),
    instances: impact.instances.map(({ path }) => path),
  };
}

function sorted<T extends { readonly code: string; readonly path: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (a.code + a.path < b.code + b.path ? -1 : 1));
}
