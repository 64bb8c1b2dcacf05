import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../e2e/port.ts';
import { openShell, type Shell } from '../guide/shell.ts';
import { type CommandBlock, commandBlocks, pagesOf } from './blocks.ts';

const root = join(import.meta.dirname, '../..');
const blocks = pagesOf(root).flatMap((page) => commandBlocks(root, page));

/** Pages whose blocks are steps of one story, each with its own test. */
const STORIES: Readonly<Record<string, string>> = {
  'CONTRIBUTING.md': 'test/recipes/recipes.test.ts',
  'docs/guide/first-destination.md': 'test/guide/guide.test.ts',
  'docs/guide/first-source.md': 'test/guide/guide.test.ts',
};

/** What a page's commands find where they are run. */
interface Scene {
  /** The folder below the shared one; what several pages write into stays apart. */
  readonly folder?: string;
  /** Makes the files that the commands name. */
  prepare?(folder: string): void;
  /** Additional variables. */
  readonly env?: NodeJS.ProcessEnv;
  /** Replacements of values that only a reader knows. */
  readonly instead?: Readonly<Record<string, string>>;
  /** Commands that end with an exit code other than 0, and with which. */
  readonly codes?: Readonly<Record<string, number>>;
}

const place = mkdtempSync(join(tmpdir(), 'waybill-commands-'));
const port = await freePort();
const json = (value: unknown): string => JSON.stringify(value);

/** The first block of a page in a language; a second word of its fence counts. */
function blockOf(page: string, language: string): string {
  return readFileSync(join(root, page), 'utf8').split(`\`\`\`${language}\n`)[1]!.split('\n```')[0]!;
}

const PLAN = { rules: [{ type: 'track', event: 'Product Viewed', schema: { type: 'object' } }] };
const VIEWED = { type: 'track', event: 'Product Viewed', userId: 'ada', properties: { price: 3 } };

const WORKSPACE = { sources: [{ id: 'shop', writeKey: 'key' }], destinations: [] };

const MODULE = `import { defineDestination } from '@waybill/core';
export const post = defineDestination({
  slug: 'post', name: 'Post', description: 'Sends letters.', settings: {},
  actions: { send: { title: 'Send', description: 'Sends a letter.', fields: {}, send: async (items) => items.map(() => ({ status: 'delivered' })) } },
});
`;

/** A package of a destination, with another one as a module, a workspace and a plan. */
function makeChecked(folder: string): void {
  init(folder);
  writeFileSync(join(folder, 'my-destination.js'), MODULE);
  writeFileSync(join(folder, 'waybill.json'), json(WORKSPACE));
  writeFileSync(join(folder, 'plan.json'), json(PLAN));
}

function init(folder: string): void {
  const args = ['init', '.', '--template', 'minimal', '--name', 'My Destination'];
  execFileSync('waybill', args, { cwd: folder, stdio: 'pipe', env });
}

/** A package of a destination under version control, with two releases and a workspace. */
function makePackage(folder: string): void {
  const run = (command: string, ...args: readonly string[]): void => {
    execFileSync(command, args, { cwd: folder, stdio: 'pipe', env });
  };
  init(folder);
  writeFileSync(join(folder, 'waybill.json'), json(WORKSPACE));
  for (const name of ['old', 'new']) {
    mkdirSync(join(folder, name));
    cpSync(join(root, 'schemas/iterable/metadata.json'), join(folder, name, 'metadata.json'));
  }
  run('git', 'init', '--quiet', '--initial-branch', 'main');
  run('git', 'config', 'user.name', 'A');
  run('git', 'config', 'user.email', 'a@example.com');
  run('git', 'add', '--all');
  run('git', 'commit', '--quiet', '--message', 'First');
  run('git', 'tag', 'v1.2.0');
  run('git', 'tag', 'v1.3.0');
}

const scenes: Readonly<Record<string, Scene>> = {
  'README.md': { instead: { '<messageId>': 'viewed', 'npm install': 'true' } },
  'docs/admin-api.md': {},
  'docs/operations.md': {
    instead: { '/backups': join(place, 'backups'), '4499': String(await freePort()) },
    // The destination of README.md is a real one, and the key is not.
    codes: { 'waybill doctor': 1, 'waybill doctor --json': 1 },
  },
  // Nothing answers for the destination.
  'docs/deletions.md': {
    codes: { 'waybill deletions request --user-id ada --email ada@example.com --yes': 1 },
  },
  // Without any edit, the version is the first.
  'docs/workspace.md': { instead: { '"7"': '"1"' } },
  'docs/tracking-plans.md': {
    folder: 'plans',
    prepare(folder) {
      const rule = { key: 'Product Viewed', type: 'TRACK', version: 1, jsonSchema: { type: 'object' } };
      writeFileSync(join(folder, 'export.json'), json({ data: { rules: [rule] } }));
      writeFileSync(join(folder, 'fixtures.jsonl'), `${json(VIEWED)}\n`);
      writeFileSync(join(folder, 'waybill.json'), json(WORKSPACE));
    },
  },
  'docs/diff.md': { folder: 'package', prepare: makePackage },
  'docs/validate.md': {
    folder: 'validate',
    prepare: makeChecked,
    instead: { 'presets/iterable': join(root, 'presets/iterable') },
  },
  'docs/segment.md': {
    folder: 'segment',
    prepare(folder) {
      writeFileSync(join(folder, 'waybill.json'), blockOf('docs/segment.md', 'json workspace'));
    },
    env: { WAYBILL_DATA: join(place, 'segment/.waybill'), WAYBILL_PORT: String(await freePort()) },
  },
  'packages/cli/README.md': { folder: 'author', instead: { 'npm install': 'true' } },
  'packages/iterable-sandbox/README.md': { instead: { '7070': String(await freePort()) } },
  'packages/shop-sandboxes/README.md': { instead: { '7100': String(await freePort()) } },
};

const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|WAYBILL_|NODE_OPTIONS$)/.test(name)),
  ),
  PATH: `${join(root, 'node_modules/.bin')}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
  WAYBILL_PORT: String(port),
  WAYBILL_PAGE_PORT: '0',
  WAYBILL_DATA: join(place, '.waybill'),
  SHOP_WRITE_KEY: 'shop-key',
  ITERABLE_API_KEY: 'key',
  TOKEN: 'admin',
  WAYBILL_ADMIN_TOKEN: 'admin',
  // A package that is not installed must not be requested from a registry.
  npm_config_offline: 'true',
  CI: '1',
};

const START = blocks.find(
  ({ page, commands }) => page === 'README.md' && commands[0]?.includes('start --workspace') === true,
)!;

describe('blocks of commands', () => {
  it('state that a test runs them, or why none does', () => {
    expect(blocks.length).toBeGreaterThan(30);
    const silent = blocks.filter(({ marker }) => marker === undefined);
    expect(silent.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });

  it('run according to their marker', () => {
    const wrong = blocks.flatMap(({ page, line, marker }) => {
      if (marker?.kind === 'not') return marker.why.split(' ').length > 4 ? [] : [`${page}:${line}: why?`];
      if (marker?.kind === 'run' && Object.hasOwn(scenes, page)) return [];
      const file = marker?.kind === 'by' ? marker.file : (STORIES[page] ?? 'nothing');
      const reads = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
      const name = page.startsWith('docs/guide/') ? page.slice('docs/guide/'.length, -'.md'.length) : page;
      return reads.includes(name) ? [] : [`${page}:${line}: ${file} does not read it`];
    });
    expect(wrong).toEqual([]);
  });
});

describe('commands of the pages', () => {
  const shells: Shell[] = [];
  const shellIn = (folder: string, more: NodeJS.ProcessEnv = {}): Shell => {
    const shell = openShell(folder, { ...env, ...more });
    shells.push(shell);
    return shell;
  };

  beforeAll(async () => {
    symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
    symlinkSync(join(root, 'packages'), join(place, 'packages'));
    symlinkSync(join(root, 'schemas'), join(place, 'schemas'));
    writeFileSync(join(place, 'waybill.json'), blockOf('README.md', 'json'));
    await shellIn(place).start(START.commands[0]!, /listens/, 60_000);
    const sent = await fetch(`http://127.0.0.1:${port}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('shop-key:')}`, 'content-type': 'application/json' },
      body: json({ ...VIEWED, messageId: 'viewed' }),
    });
    expect(sent.status).toBe(200);
  }, 90_000);
  afterAll(() => {
    for (const shell of shells) shell.stop();
    rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  });

  /** A command as it runs here: with another port, and with replacements of the reader's values. */
  function here(command: string, { instead = {} }: Scene): string {
    return Object.entries({ '4400': String(port), ...instead }).reduce(
      (text, [before, after]) => text.replaceAll(before, after),
      command,
    );
  }

  async function runAll({ commands, page }: CommandBlock, shell: Shell, scene: Scene): Promise<void> {
    for (const command of commands) {
      const line = here(command, scene);
      if (/waybill (start|serve)\b| &$/.test(command)) {
        await shell.start(line.replace(/ &$/, ''), /listens|Open http|ready at/, 60_000);
        continue;
      }
      const code = scene.codes?.[command] ?? 0;
      const said = await shell.run(code === 0 ? [line] : [`(${line}) || [ $? = ${code} ]`], 60_000);
      expect(said, `${page}: ${command}`).not.toMatch(/"success":\s*false/);
    }
  }

  const runnable = blocks.filter(
    (block) => block.marker?.kind === 'run' && block !== START && Object.hasOwn(scenes, block.page),
  );
  it.each(Object.keys(scenes))('of %s', async (page) => {
    const scene = scenes[page]!;
    const folder = join(place, scene.folder ?? '.');
    mkdirSync(folder, { recursive: true });
    scene.prepare?.(folder);
    const mine = runnable.filter((block) => block.page === page);
    expect(mine.length).toBeGreaterThan(0);
    for (const block of mine) {
      const shell = shellIn(folder, scene.env);
      await runAll(block, shell, scene);
      shell.stop();
    }
  });
});
