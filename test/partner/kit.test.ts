import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPartner, type Partner } from './package.ts';

let partner: Partner;
beforeAll(async () => {
  partner = openPartner();
  const made = await partner.waybill('init', '.', '--name', 'Book Shop', '--template', 'api-key');
  expect(made).toMatchObject({ code: 0 });
}, 30_000);
afterAll(() => partner.remove());

const index = (): string => readFileSync(join(partner.folder, 'src/index.ts'), 'utf8');

describe('in the package of a partner', () => {
  it.each([[[]], [['.']], [['src/index.ts']]])('`validate %s` checks their destination', async (paths) => {
    const ended = await partner.waybill('validate', ...paths);
    expect(ended.out).toMatch(/^Checked 1 destination, 2 actions, 2 presets.*: no problems\.\n$/);
    expect(ended.code).toBe(0);
  });

  it('`validate` finds its problems', async () => {
    const before = index();
    partner.write('src/index.ts', before.replace(/description: '[^']*'/, "description: ''"));
    const file = join(partner.folder, 'src/actions/send-event.ts');
    const action = readFileSync(file, 'utf8');
    partner.write('src/actions/send-event.ts', action.replace('type = "track"', 'typ = "track"'));
    const ended = await partner.waybill('validate');
    expect(ended.code).toBe(1);
    expect(ended.out).toContain('trigger_invalid  at actions.sendEvent.defaultTrigger');
    partner.write('src/index.ts', before);
    partner.write('src/actions/send-event.ts', action);
  });

  it('`validate` never reports "no problems" of nothing', async () => {
    partner.write('empty/notes.md', '# Nothing\n');
    const ended = await partner.waybill('validate', 'empty');
    expect(ended).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('nothing to check in empty'),
    });
  });

  it('`validate` knows destinations that a workspace names besides ours', async () => {
    const workspace = {
      sources: [{ id: 'shop', writeKey: 'k' }],
      destinations: [
        { id: 'books', type: 'book-shop', settings: { apiKey: 'key', apiUrl: 'https://api.example.com' } },
      ],
    };
    partner.write('other/waybill.json', JSON.stringify(workspace, null, 2));
    expect((await partner.waybill('validate', 'other/waybill.json')).out).toContain(
      'workspace_unknown_reference',
    );
    const known = await partner.waybill('validate', '--with', '.', 'other/waybill.json');
    expect(known).toMatchObject({ code: 0, out: 'Checked 1 workspace: no problems.\n' });
  });

  it('`generate` writes the schemas and types of their destination, and no others', async () => {
    const ended = await partner.waybill('generate');
    expect(ended.code).toBe(0);
    expect(existsSync(join(partner.folder, 'docs'))).toBe(false);
    const schemas = join(partner.folder, 'schemas');
    expect(readdirSync(schemas).sort()).toEqual([
      'book-shop',
      'definition.json',
      'event.json',
      'preset.json',
      'tracking-plan.json',
      'workspace.json',
    ]);
    expect(readFileSync(join(schemas, 'workspace.json'), 'utf8')).not.toContain('iterable');
    expect(await partner.waybill('generate', '--check')).toMatchObject({ code: 0 });
    expect(await partner.waybill('generate', 'docs')).toMatchObject({ code: 2 });
  });

  it('`diff` reads their TypeScript, from a file and from a commit', async () => {
    partner.git('init', '-q');
    partner.write('.gitignore', 'schemas\n');
    partner.git('add', '.');
    partner.git('commit', '-qm', 'one');
    const file = join(partner.folder, 'src/actions/send-event.ts');
    const action = readFileSync(file, 'utf8');
    partner.write('src/actions/send-event.ts', action.replace("type: 'datetime'", "type: 'integer'"));
    const ended = await partner.waybill('diff', 'HEAD');
    expect(ended).toMatchObject({ code: 1, out: expect.stringMatching(/type_changed[^]*[1-9] breaking/) });
    partner.write('src/actions/send-event.ts', action);
    expect(await partner.waybill('diff', 'HEAD', 'src/index.ts')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing changed.'),
    });
  });

  it('commands outside a package report that', async () => {
    const other = openPartner();
    expect(await other.waybill('validate')).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing to check'),
    });
    expect(await other.waybill('generate')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no destination'),
    });
    expect(readdirSync(other.folder)).toEqual([]);
    other.remove();
  });
});

describe('an invalid module is reported with its cause', () => {
  const remedy = async (text: string, name = 'cause.ts'): Promise<string> => {
    const ended = await partner.waybill(
      'validate',
      partner.write(name, text).slice(partner.folder.length + 1),
    );
    expect(ended.code).toBe(1);
    return ended.out;
  };
  it('a syntax error in TypeScript: file, line', async () => {
    const out = await remedy('const a: number = 1;\nexport const b: = 3;\n');
    expect(out).toContain('cause.ts:2: ');
    expect(out).toContain('Correct the syntax error');
  });
  it('a syntax error in JavaScript that another module imports: file, line', async () => {
    partner.write('inner.mjs', 'export const a = 1;\n\nexport const b = {;\n');
    const out = await remedy("import './inner.mjs';\n", 'outer.mjs');
    expect(out).toContain('inner.mjs:3: ');
    expect(out).toContain('Correct the syntax error');
  });
  it('code that throws: file, line', async () => {
    const out = await remedy('const a = 1;\nthrow new Error(`no luck ${a}`);\n');
    expect(out).toContain('cause.ts:2: no luck 1');
    expect(out).toContain('throws while it is loaded');
  });
  it('an import that is missing', async () => {
    expect(await remedy("import './nowhere.ts';\n")).toContain('npm install');
  });
  it('types that Node cannot strip', async () => {
    expect(await remedy('export enum A { B }\n')).toContain('no enums');
  });
  it('no destination among the exports', async () => {
    expect(await remedy('export const nothing = 1;\n')).toContain('only nothing');
  });
  it('two destinations with one slug, and one with a slug of ours', async () => {
    const definition = (slug: string, name: string): string =>
      `export const ${name} = { slug: '${slug}', name: 'A', description: 'A.', settings: {}, presets: [], maxMappings: 9, actions: {} };\n`;
    expect(await remedy(definition('a', 'one') + definition('a', 'two'))).toContain('slug "a"');
    expect(await remedy(definition('iterable', 'one'))).toContain('slug "iterable"');
  });
  it('and `start` reports the same', async () => {
    partner.write('cause.ts', 'const a = 1;\nexport const b: = 3;\n');
    const data = join(partner.folder, 'data');
    const ended = await partner.waybill('start', '--port', '0', '--data', data, '--destination', 'cause.ts');
    expect(ended).toMatchObject({
      code: 1,
      err: expect.stringMatching(/module_failed: cause\.ts cannot be loaded: \S*cause\.ts:2: /),
    });
    expect(ended.err).toContain('Correct the syntax error');
  });
});
