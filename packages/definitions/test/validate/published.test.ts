import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { check } from '../../src/validate/check.ts';
import { documentOf, emptyCollection } from '../../src/validate/documents.ts';
import type { Problem } from '../../src/validate/problem.ts';
import { publishedDefinitions } from './published.ts';

const known = JSON.parse(readFileSync(resolve(import.meta.dirname, 'published.json'), 'utf8')) as {
  readonly definitions: number;
  readonly errors: Readonly<Record<string, readonly string[]>>;
  readonly warnings: Readonly<Record<string, number>>;
};

describe('the published definitions', () => {
  it('give the findings that docs/validate.md justifies, and no others', async () => {
    const definitions = publishedDefinitions();
    const problems: Problem[] = [];
    for (const definition of definitions) {
      const collection = emptyCollection();
      collection.documents.push(documentOf(definition.slug, JSON.stringify(definition), 'definition'));
      problems.push(...(await check(collection, { known: [] })).problems);
    }
    const of = (severity: Problem['severity']) =>
      Map.groupBy(
        problems.filter((one) => one.severity === severity),
        (one) => one.code,
      );
    const errors = [...of('error')].map(([code, list]) => [
      code,
      list.map((one) => `${one.file} ${one.path}`),
    ]);
    const warnings = [...of('warning')].map(([code, list]) => [code, list.length]);
    expect({
      definitions: definitions.length,
      errors: Object.fromEntries(errors) as unknown,
      warnings: Object.fromEntries(warnings) as unknown,
    }).toEqual(known);
  });
});
