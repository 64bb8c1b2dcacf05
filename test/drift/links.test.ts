import { describe, expect, it } from 'vitest';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { TEXTS } from '../../packages/console/src/i18n/catalogue.ts';

/*
 * Remedies and messages send people to pages: each must be there, and so must every page and heading that a page links to.
 */
const root = resolve(import.meta.dirname, '../..');

function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !/(?:^|\/)(?:node_modules|dist)\//.test(name))
    .map((name) => join(folder, name));
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The anchors that a page has, as GitHub makes them of headings. */
function anchorsOf(file: string): ReadonlySet<string> {
  const headings = read(file)
    .replaceAll(/^```[^]*?^```/gm, '')
    .matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('link targets exist', () => {
  it('of every page and schema in a message, remedy or help text', () => {
    const sources = ['packages', 'presets'].flatMap((folder) => filesBelow(folder, '.ts'));
    const missing = sources
      .filter((file) => file.includes('/src/'))
      .flatMap((file) =>
        [...read(file).matchAll(/\b((?:docs|schemas)\/[\w./-]+\.(?:md|json))\b/g)]
          .map(([, named = '']) => named)
          // Names of what a command writes are made of slugs.
          .filter((named) => !existsSync(join(root, named)))
          .map((named) => `${file}: ${named}`),
      );
    expect(missing).toEqual([]);
  });

  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...filesBelow('docs', '.md'),
    ...filesBelow('packages', 'README.md'),
  ];
  it.each(pages)('of every link of %s, with its anchor', (page) => {
    const text = read(page).replaceAll(/^```[^]*?^```/gm, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? page : relative(root, resolve(root, dirname(page), path));
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && !anchorsOf(file).has(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe('the guide to the console', () => {
  const guide = read('docs/guide/console.md');

  it('uses the names of the console', () => {
    const texts = Object.values(TEXTS.en).flatMap((text) =>
      typeof text === 'string' ? [text] : [text.one, text.other],
    );
    const names = [...guide.matchAll(/\*\*([^*]+)\*\*/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !texts.includes(name))).toEqual([]);
  });

  it('shows every generated picture', () => {
    const shown = [...guide.matchAll(/\(pictures\/([^)]+)\)/g)].map(([, name]) => name!);
    expect(readdirSync(join(root, 'docs/guide/pictures')).toSorted()).toEqual(shown.toSorted());
  });
});
