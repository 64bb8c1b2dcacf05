import { beforeAll, describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import { openApi } from '@waybill/api';
import { pagesOf } from './blocks.ts';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'site/dist');
const read = (file: string): string => readFileSync(join(dist, file), 'utf8');

/** What the search of the site is made of. */
interface Search {
  search(words: string): readonly { readonly id: string }[];
}

/** Where a page is in what was built. */
function builtAs(page: string): string {
  return page.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');
}

/** The file that an address of the site leads to; undefined when there is none. */
function fileAt(path: string): string | undefined {
  const found = [path, `${path}.html`, posix.join(path, 'index.html')];
  return found.find((one) => existsSync(join(dist, one)) && statSync(join(dist, one)).isFile());
}

const idsIn = new Map<string, ReadonlySet<string>>();

function hasAnchor(file: string, anchor: string): boolean {
  const known =
    idsIn.get(file) ?? new Set([...read(file).matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id));
  idsIn.set(file, known);
  return known.has(decodeURIComponent(anchor));
}

/** Links, pictures and scripts of a built page that lead nowhere. */
function brokenIn(page: string): readonly string[] {
  const links = [...read(page).matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, to = '']) => to);
  return [...new Set(links)].flatMap((to) => {
    if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/.test(to)) return [];
    const [path = '', anchor = ''] = to.split('#');
    const target =
      path === '' ? page : fileAt(path.startsWith('/') ? path : posix.join(posix.dirname(page), path));
    if (target === undefined) return [`${page}: ${to} leads nowhere`];
    return anchor === '' || hasAnchor(target, anchor) ? [] : [`${page}: ${to} leads to no heading`];
  });
}

describe('the site', () => {
  let built: readonly string[];
  beforeAll(() => {
    const run = join(root, 'site/run.mjs');
    const done = spawnSync(process.execPath, [run, '--build', '--plain'], { cwd: root, encoding: 'utf8' });
    expect(done.status, `${done.stdout}${done.stderr}`).toBe(0);
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
    built = files.filter((file) => file.endsWith('.html') && file !== '404.html');
  }, 240_000);

  it('has every page, each linked from others and with existing pictures', () => {
    expect(built).toEqual(expect.arrayContaining([...pagesOf(root), 'CHANGELOG.md'].map(builtAs)));
    expect(built.flatMap(brokenIn)).toEqual([]);
  });

  it('has a page for each noun of the admin API, and for the exports of each package', () => {
    const nouns = new Set(Object.keys(openApi()['paths'] as object).map((path) => path.split('/')[2]!));
    const packages = readdirSync(join(root, 'packages'));
    const typed = packages.filter((name) => {
      const types = join(root, `packages/${name}/dist/index.d.ts`);
      return existsSync(types) && /export (?!\{\})/.test(readFileSync(types, 'utf8'));
    });
    expect([nouns.size > 10, typed.length > 10]).toEqual([true, true]);
    const pages = [
      ...[...nouns].map((noun) => `reference/api/${noun}.html`),
      ...typed.map((name) => `reference/types/${name}.html`),
    ];
    expect(pages.filter((page) => !built.includes(page))).toEqual([]);
    expect(hasAnchor('reference/api/events.html', 'get-apieventsid')).toBe(true);
    expect(hasAnchor('reference/types/core.html', 'definedestination')).toBe(true);
  });

  it('finds pages by their words', async () => {
    const chunks = join(dist, 'assets/chunks');
    const chunk = readdirSync(chunks).find((name) => name.startsWith('@localSearchIndex'))!;
    const { default: index } = (await import(join(chunks, chunk))) as { readonly default: string };
    const require = createRequire(join(root, 'site/package.json'));
    const { default: MiniSearch } = (await import(require.resolve('minisearch'))) as {
      readonly default: { loadJSON(json: string, options: object): Search };
    };
    const fields = { fields: ['title', 'titles', 'text'], storeFields: ['title', 'titles'] };
    const found = (words: string): readonly string[] =>
      MiniSearch.loadJSON(index, fields)
        .search(words)
        .map(({ id }) => id);
    expect(found('pg_locks').join()).toContain('/docs/architecture');
    expect(found('disaster drill')[0]).toContain('/docs/operations');
    expect(found('defineDestination').join()).toContain('/reference/types/');
  });
});
