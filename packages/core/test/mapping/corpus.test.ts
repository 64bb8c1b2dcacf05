import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  compileMapping,
  DIRECTIVES,
  evaluateReference,
  MappingError,
  MappingEvaluationError,
} from '../../src/mapping/index.ts';
import { deepFreeze, EXECUTIONS, throwing } from './support.ts';

const FOLDER = new URL('../../../../test/cases/mapping/', import.meta.url);

interface Case {
  readonly name: string;
  readonly mapping: unknown;
  /** The event of the file, when left out. */
  readonly event?: unknown;
  /** Absent, with `error`, when the mapping gives nothing. */
  readonly payload?: unknown;
  readonly error?:
    | { readonly problems: readonly { readonly code: string; readonly path: string }[] }
    | { readonly code: string; readonly path: string };
  /** Rules of docs/compatibility/mapping.md that the case meets. */
  readonly rules?: readonly string[];
}

for (const file of readdirSync(FOLDER)) {
  const { event: shared, cases } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as {
    event?: unknown;
    cases: readonly Case[];
  };
  describe.each(EXECUTIONS)(`${file}, %s`, (execution) => {
    test.each(cases.map((each) => [each.name, each] as const))('%s', (_name, each) => {
      const mapping = deepFreeze(each.mapping);
      const event = deepFreeze(each.event ?? shared);
      const { error } = each;
      if (error === undefined) {
        const payload = compileMapping(mapping, { execution })(event);
        expect(JSON.stringify(payload)).toBe(JSON.stringify(each.payload));
      } else if ('problems' in error) {
        const thrown = throwing(MappingError, () => compileMapping(mapping, { execution }));
        expect(thrown.problems.map(({ code, path }) => ({ code, path }))).toEqual(error.problems);
      } else {
        const map = compileMapping(mapping, { execution });
        const { code, path } = throwing(MappingEvaluationError, () => map(event));
        expect({ code, path }).toEqual(error);
      }
    });
  });
  test(`${file}: cases that Segment answers otherwise name their rules`, () => {
    for (const each of cases) {
      const met = new Set<string>();
      const differs = (rule: string) => met.add(rule);
      const { error } = each;
      if (error === undefined) evaluateReference(each.mapping, each.event ?? shared, { differs });
      if (each.rules !== undefined) expect({ [each.name]: [...met] }).toEqual({ [each.name]: each.rules });
    }
  });
}

describe('every example in the documentation of a directive', () => {
  const examples = DIRECTIVES.flatMap((directive) =>
    directive.examples.map((example, i) => [`${directive.name} (${i + 1})`, example] as const),
  );
  test.each(examples)('%s', (_name, { mapping, event, payload }) => {
    for (const execution of EXECUTIONS)
      expect(compileMapping(mapping, { execution })(event)).toEqual(payload);
  });
});
