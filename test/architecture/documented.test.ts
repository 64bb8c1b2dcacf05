import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import ts from 'typescript';
import { packages, root, sources } from './sources.ts';

/** The exported declarations of a file without a doc comment; of overloads only the first needs one. */
function undocumented(text: string): string[] {
  // Only the comment before an export is parsed: the parser would also read those within functions.
  const options = {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  const source = ts.createSourceFile('file.ts', text, options);
  const exported = source.statements.filter(
    (one) =>
      ts.canHaveModifiers(one) &&
      (ts.getModifiers(one) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
  );
  const nameOf = (one: ts.Statement): string =>
    ts.isVariableStatement(one)
      ? one.declarationList.declarations.map(({ name }) => name.getText(source)).join(', ')
      : ((one as ts.DeclarationStatement).name?.getText(source) ?? 'default');
  const isDocumented = ({ pos }: ts.Statement): boolean =>
    (ts.getLeadingCommentRanges(text, pos) ?? []).some((at) =>
      /^\/\*\*[^/]/.test(text.slice(at.pos, at.pos + 4)),
    );
  const documented = new Set(exported.filter(isDocumented).map(nameOf));
  return [...new Set(exported.map(nameOf))].filter((name) => !documented.has(name));
}

it('every export is documented', () => {
  const bare = packages.flatMap((name) =>
    sources(name).flatMap((file) =>
      undocumented(readFileSync(file, 'utf8')).map((one) => `${relative(root, file)} ${one}`),
    ),
  );
  expect(bare).toEqual([]);
});

it('an undocumented export is found', () => {
  expect(undocumented('/** Says. */ export const a = 1;\nexport function b() {}\nconst c = 1;\n')).toEqual([
    'b',
  ]);
});
