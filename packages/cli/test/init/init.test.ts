import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { namesOf } from '../../src/init/names.ts';
import { run } from '../output/run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill init '));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('namesOf', () => {
  it.each(['Add Tag', 'addTag', 'add-tag', 'add_tag'])('reads %s', (given) => {
    expect(namesOf(given)).toEqual({ title: 'Add Tag', key: 'addTag', file: 'add-tag' });
  });

  it('refuses invalid names', () => {
    expect(() => namesOf('1st')).toThrow('begin with a letter');
    expect(() => namesOf('')).toThrow('begin with a letter');
  });
});

describe('waybill init', () => {
  it.each(['minimal', 'api-key', 'basic', 'oauth2'])('creates a package of the kind %s', async (template) => {
    const at = join(folder, template);
    const ran = await run('init', at, '--template', template, '--name', 'Book Shop', '--json');
    expect(ran.code).toBe(0);
    const { files } = ran.json<{ files: string[] }>();
    expect(files).toEqual(
      expect.arrayContaining([
        '.gitignore',
        'package.json',
        'src/index.ts',
        'src/credentials.ts',
        'cases/events.json',
      ]),
    );
    for (const file of files) expect(readFileSync(join(at, file), 'utf8')).not.toMatch(/\{\{\w+\}\}/);
    expect(readFileSync(join(at, 'package.json'), 'utf8')).toContain(
      '"name": "waybill-destination-book-shop"',
    );
  });

  it('creates a package of a source', async () => {
    const at = join(folder, 'source');
    const ran = await run('init', at, '--template', 'source', '--name', 'Book Shop', '--json');
    const { files } = ran.json<{ files: string[] }>();
    expect(files).toEqual(expect.arrayContaining(['.gitignore', 'tsconfig.json', 'src/orders.ts']));
    expect(files.filter((one) => one.startsWith('cases/'))).toEqual([]);
    for (const file of files) expect(readFileSync(join(at, file), 'utf8')).not.toMatch(/\{\{\w+\}\}/);
    expect(readFileSync(join(at, 'package.json'), 'utf8')).toContain('"name": "waybill-source-book-shop"');
  });

  it.each([
    ['api-key', 10],
    ['oauth2', 10],
    ['source', 6],
  ] as const)(
    'creates tests that pass in a path with spaces: %s',
    (template, more) => {
      const modules = join(folder, 'node_modules');
      if (!existsSync(modules))
        symlinkSync(resolve(import.meta.dirname, '../../../../node_modules'), modules);
      const said = execFileSync(process.execPath, ['--test', 'test/**/*.test.ts'], {
        cwd: join(folder, template),
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
      });
      expect(said).toMatch(/fail 0\b/);
      expect(Number(/pass (\d+)/.exec(said)?.[1])).toBeGreaterThan(more);
    },
    120_000,
  );

  it('keeps existing files, and refuses names that would break the code', async () => {
    expect(await run('init', join(folder, 'basic'), '--name', 'x', '--template', 'basic')).toMatchObject({
      code: 2,
      err: expect.stringContaining('not empty'),
    });
    expect(await run('init', join(folder, 'new'), '--name', "it's", '--template', 'basic')).toMatchObject({
      code: 2,
    });
    expect(await run('init', join(folder, 'new'), '--template', 'none')).toMatchObject({ code: 2 });
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });
});

describe('waybill generate action', () => {
  it('adds an action with a case file and lists it', async () => {
    const at = join(folder, 'api-key');
    const ran = await run('generate', 'action', 'Add Tag', '--folder', at, '--json');
    expect(ran.json()).toMatchObject({ action: 'addTag', listed: true });
    const index = readFileSync(join(at, 'src/index.ts'), 'utf8');
    expect(index).toContain("import { addTag } from './actions/add-tag.ts';");
    expect(index).toMatch(/upsertProfile,\n {4}addTag,\n {2}\},/);
    expect(readFileSync(join(at, 'src/actions/add-tag.ts'), 'utf8')).toContain(
      'export const addTag = defineAction({',
    );
    expect(await run('generate', 'action', 'addTag', '--folder', at)).toMatchObject({
      code: 1,
      err: expect.stringContaining('already exists'),
    });
  });

  it('prints what to add by hand where it cannot edit the file', async () => {
    const at = join(folder, 'basic');
    writeFileSync(join(at, 'src/index.ts'), 'export const odd = 1;\n');
    const ran = await run('generate', 'action', 'addTag', '--folder', at);
    expect(ran).toMatchObject({
      code: 1,
      out: expect.stringContaining("import { addTag } from './actions/add-tag.ts';"),
    });
    expect(await run('generate', 'action', 'addTag', '--folder', folder)).toMatchObject({ code: 2 });
  });
});

describe('waybill generate page', () => {
  it('documents a destination', async () => {
    const { out } = await run('generate', 'page', 'iterable');
    expect(out).toContain('# Iterable\n');
    expect(out).toContain('| API Key (`apiKey`) | secret | yes |');
    expect(out).toContain('### Upsert User');
  });
});
