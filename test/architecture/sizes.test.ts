import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import ts from 'typescript';
import { packages, root, sources } from './sources.ts';

/** A file is read in one sitting, a function on one screen. Functions within functions count apart. */
const MOST_LINES = { file: 400, function: 60 } as const;

/** A table, which is looked up and not read: of metrics. */
const TABLES: ReadonlySet<string> = new Set(['packages/server/src/metrics.ts']);

interface Sizes {
  readonly lines: number;
  /** Functions by name and place, with the lines that are their own. */
  readonly functions: readonly { readonly name: string; readonly line: number; readonly lines: number }[];
}

function sizesOf(text: string, name = 'file.ts'): Sizes {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const lineOf = (at: number): number => source.getLineAndCharacterOfPosition(at).line + 1;
  const functions: { name: string; line: number; lines: number }[] = [];
  /** Notes the functions in a node; returns the lines that they take. */
  const visit = (node: ts.Node): number => {
    let inner = 0;
    ts.forEachChild(node, (child) => {
      inner += visit(child);
    });
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return inner;
    const [line, last] = [lineOf(node.getStart()), lineOf(node.end)];
    functions.push({
      name: node.name?.getText() ?? 'a function',
      line,
      lines: Math.max(1, last - line + 1 - inner),
    });
    return last - line + 1;
  };
  visit(source);
  return { lines: text.replace(/\n$/, '').split('\n').length, functions };
}

const files = packages
  .flatMap((name) => sources(name))
  .map((file) => ({ path: relative(root, file), sizes: sizesOf(readFileSync(file, 'utf8'), file) }))
  .filter(({ path }) => !TABLES.has(path));

describe('sources', () => {
  it(`have at most ${MOST_LINES.file} lines a file`, () => {
    expect(files.length).toBeGreaterThan(300);
    const long = files.filter(({ sizes }) => sizes.lines > MOST_LINES.file).map(({ path }) => path);
    expect(long).toEqual([]);
  });

  it(`have at most ${MOST_LINES.function} lines a function`, () => {
    const long = files.flatMap(({ path, sizes }) =>
      sizes.functions
        .filter(({ lines }) => lines > MOST_LINES.function)
        .map(({ name, line, lines }) => `${path}:${line} ${name}: ${lines} lines`),
    );
    expect(long).toEqual([]);
  });

  it('are measured without nested functions', () => {
    const { functions } = sizesOf('function a() {\n  const b = () => {\n    b();\n  };\n  return b;\n}\n');
    expect(functions.map(({ name, lines }) => [name, lines])).toEqual([
      ['a function', 3],
      ['a', 3],
    ]);
  });
});
