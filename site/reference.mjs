import { openApi } from '@waybill/api';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Returns the generated pages of the site, by path: each route of the admin API, and the exports of each package. */
export function referencePages(root) {
  return new Map([...routePages(openApi()), ...typePages(root)]);
}

/** Returns a page for each noun of the admin API, from its OpenAPI document. */
function routePages({ paths, components }) {
  const nouns = new Map();
  for (const [path, methods] of Object.entries(paths)) {
    const noun = path.split('/')[2];
    const parts = Object.entries(methods).map(([method, one]) => operation(method, path, one, components));
    nouns.set(noun, [...(nouns.get(noun) ?? []), ...parts]);
  }
  return [...nouns].map(([noun, parts]) => [`reference/api/${noun}.md`, `# ${noun}\n\n${parts.join('\n')}`]);
}

function operation(
  method,
  path,
  { summary, description, parameters = [], requestBody, responses },
  components,
) {
  const at = (one) =>
    one.$ref === undefined
      ? one
      : one.$ref
          .split('/')
          .slice(2)
          .reduce((all, key) => all[key], components);
  const rows = parameters
    .map(at)
    .map(
      (one) =>
        `| \`${one.name}\` | ${one.in} | ${one.required === true ? 'yes' : ''} | ${cell(valuesOf(one.schema))} | ${cell(one.description ?? one.schema?.description ?? '')} |`,
    );
  const body = requestBody?.content?.['application/json']?.schema;
  const statuses = Object.keys(responses);
  const good = statuses.find((status) => status.startsWith('2'));
  const answer = good === undefined ? undefined : at(responses[good]).content?.['application/json'];
  return [
    `## ${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}\n`,
    [summary, description].filter(Boolean).map(escaped).join(' ') + '\n',
    rows.length === 0
      ? ''
      : `| parameter | in | required | values | meaning |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`,
    body === undefined ? '' : `Body:\n\n${block(schemaOf(body, components))}`,
    answer?.schema === undefined ? '' : `Answer ${good}:\n\n${block(schemaOf(answer.schema, components))}`,
    answer?.example === undefined ? '' : `Example:\n\n${block(answer.example)}`,
    `Failures: ${statuses.filter((status) => !status.startsWith('2')).join(', ')}.\n`,
  ]
    .filter((one) => one !== '')
    .join('\n');
}

/** Describes the allowed values of a parameter. */
function valuesOf({ type, enum: choices, minimum, maximum = Number.MAX_SAFE_INTEGER, minLength, maxLength }) {
  if (choices !== undefined) return choices.map((one) => `\`${one}\``).join(', ');
  const most = maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  const range = minimum === undefined ? '' : most === '' ? `, at least ${minimum}` : `, ${minimum}${most}`;
  const length = maxLength === undefined ? '' : `, ${minLength ?? 0} to ${maxLength} characters`;
  return `${[type].flat().join(' or ')}${range}${length}`;
}

/** Returns a schema with its references resolved one level deep; deeper ones stay names. */
function schemaOf(schema, { schemas }) {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : { title: name, ...schemas[name] };
}

function block(value) {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`;
}

/** Returns a page for each package: its exports, each with its description and its declaration. */
function typePages(root) {
  const names = readdirSync(join(root, 'packages')).filter((name) =>
    existsSync(join(root, 'packages', name, 'dist/index.d.ts')),
  );
  const entries = new Map(names.map((name) => [name, join(root, 'packages', name, 'dist/index.d.ts')]));
  const program = ts.createProgram([...entries.values()], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
    noLib: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  return [...entries].flatMap(([name, file]) => {
    const source = checker.getSymbolAtLocation(program.getSourceFile(file));
    const exported = source === undefined ? [] : checker.getExportsOfModule(source);
    const parts = exported
      .map((symbol) =>
        (symbol.flags & ts.SymbolFlags.Alias) !== 0
          ? [symbol.name, checker.getAliasedSymbol(symbol)]
          : [symbol.name, symbol],
      )
      .filter(([, { declarations }]) => declarations !== undefined)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([one, symbol]) => exportPart(one, symbol, checker));
    const { name: packageName } = JSON.parse(
      readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'),
    );
    const head = `# ${packageName}\n\nThe exports of \`${packageName}\`, each with its declaration.\n\n`;
    return parts.length === 0 ? [] : [[`reference/types/${name}.md`, head + parts.join('\n')]];
  });
}

function exportPart(name, symbol, checker) {
  const said = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const [declaration] = symbol.declarations;
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return `## ${name}\n\n${escaped(said)}\n\n\`\`\`ts\n${node.getText().replace(/^export (?:declare )?/, '')}\n\`\`\`\n`;
}

/** Escapes angle brackets that are not HTML in prose. */
function escaped(text) {
  return text.replaceAll(/`[^`]*`|</g, (one) => (one === '<' ? '\\<' : one));
}

function cell(text) {
  return escaped(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
}
