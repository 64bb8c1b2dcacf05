import { describe, expect, it } from 'vitest';
import { destinationOf, type DefinitionData } from '../../src/data/definition.ts';
import { check } from '../../src/validate/check.ts';
import { documentOf, emptyCollection } from '../../src/validate/documents.ts';
import { RULES } from '../../src/validate/rules/index.ts';
import { checkCase, readBase, readCases, textAt } from './support.ts';

const cases = readCases();

describe('broken documents', () => {
  it.each(cases)('%s', async (_name, one) => {
    const { text, report } = await checkCase(one);
    const found = report.problems.map(({ code, path, line, column }) => {
      const wanted = one.expect.find((expected) => expected.code === code && expected.path === path);
      const there = textAt(text, line, column);
      return { code, path, at: wanted !== undefined && there.startsWith(wanted.at) ? wanted.at : there };
    });
    expect(sorted(found)).toEqual(sorted(one.expect));
  });

  it('have a case for every rule', () => {
    const covered = new Set(cases.flatMap(([, one]) => one.expect.map(({ code }) => code)));
    // Modules and sources are code: they have separate tests.
    expect(RULES.map((rule) => rule.code).filter((code) => !covered.has(code))).toEqual([
      'module_failed',
      'source_description_missing',
      'source_failure_ignored',
      'source_webhook_unsigned',
    ]);
  });

  it('are valid before they are broken', async () => {
    const collection = emptyCollection();
    const known = [destinationOf(readBase('definition') as DefinitionData)];
    for (const name of ['definition', 'workspace']) {
      collection.documents.push(documentOf(`${name}.json`, JSON.stringify(readBase(name)), undefined));
    }
    expect((await check(collection, { known })).problems).toEqual([]);
    const preset = emptyCollection();
    preset.documents.push(
      documentOf('presets/acme/vips.json', JSON.stringify(readBase('preset')), undefined),
    );
    const report = await check(preset, { known, portable: true });
    expect(report).toMatchObject({ problems: [], checked: { presets: 1 } });
  });
});

function sorted<T extends { readonly code: string; readonly path: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (a.code + a.path < b.code + b.path ? -1 : 1));
}
