import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  TRIGGER_FIELDS,
  TRIGGER_FUNCTIONS,
  TRIGGER_LINT_RULES,
  TRIGGER_OPERATORS,
} from '../../src/trigger/index.ts';

const root = new URL('../../../../', import.meta.url);
const cases = new URL('test/cases/trigger/', root);

interface Case {
  readonly doc?: boolean;
  readonly name: string;
  readonly trigger: string;
  readonly event: unknown;
  readonly matches: boolean;
}

function code(text: string): string {
  const escaped = text.replaceAll('|', '\\|');
  return text.includes('`') ? `\`\` ${escaped} \`\`` : `\`${escaped}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `\n${lines.join('\n')}\n\n`;
}

const TABLES: Readonly<Record<string, () => string>> = {
  fields: () =>
    table(
      ['field', 'kind', 'what it is'],
      TRIGGER_FIELDS.map(({ name, type, doc }) => [code(name), type, doc]),
    ),
  operators: () =>
    table(
      ['operator', 'meaning', 'example'],
      TRIGGER_OPERATORS.map(({ name, doc, example }) => [code(name), doc, code(example)]),
    ),
  functions: () =>
    table(
      ['function', 'gives', 'meaning', 'example'],
      TRIGGER_FUNCTIONS.map(({ name, parameters, returns, doc, example }) => [
        code(`${name}(${parameters.join(', ')})`),
        returns,
        doc,
        code(example),
      ]),
    ),
  cases: () =>
    table(
      ['rule', 'trigger', 'event', 'matches'],
      ['comparison', 'logic', 'membership', 'paths', 'functions', 'quantifier'].flatMap((name) =>
        // The shape of the files is checked by the test that runs them.
        (JSON.parse(readFileSync(new URL(`${name}.json`, cases), 'utf8')) as Case[])
          .filter((one) => one.doc === true)
          .map((one) => [
            one.name.replaceAll('*', '\\*'),
            code(one.trigger),
            code(JSON.stringify(one.event)),
            one.matches ? 'yes' : 'no',
          ]),
      ),
    ),
  lint: () =>
    table(
      ['code', 'for example', 'Waybill', 'Segment'],
      Object.entries(TRIGGER_LINT_RULES).map(([name, { example, waybill, segment }]) => [
        code(name),
        code(example),
        waybill,
        segment,
      ]),
    ),
};

const BLOCK = /(<!-- table: (\w+) -->\n)([^]*?)(<!-- end -->)/g;

/** The formatter aligns columns; only the text of the cells matters. */
function unaligned(text: string): string {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim();
}

describe.each(['docs/triggers.md', 'docs/compatibility/trigger.md'])('%s', (path) => {
  const file = new URL(path, root);
  const text = readFileSync(file, 'utf8');

  it('has the tables of the language (UPDATE_DOCS=1 writes them)', () => {
    if (process.env['UPDATE_DOCS'] === '1') {
      writeFileSync(
        file,
        text.replaceAll(
          BLOCK,
          (_, open: string, name: string, __: string, end: string) => open + TABLES[name]!() + end,
        ),
      );
      return;
    }
    const blocks = [...text.matchAll(BLOCK)];
    expect(blocks.length).toBeGreaterThan(0);
    for (const [, , name, body] of blocks) expect(unaligned(body!)).toBe(unaligned(TABLES[name!]!()));
  });
});

it('every file of cases except the errors and the segment dialect is documented', () => {
  expect(readdirSync(cases).sort()).toEqual(
    ['comparison', 'error', 'functions', 'logic', 'membership', 'paths', 'quantifier', 'segment'].map(
      (name) => `${name}.json`,
    ),
  );
});
