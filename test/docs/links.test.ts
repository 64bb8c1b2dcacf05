import { describe, expect, it } from 'vitest';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { GROUPS } from '../../site/.vitepress/pages.mjs';
import { pagesOf } from './blocks.ts';

const root = join(import.meta.dirname, '../..');
const pages = [...pagesOf(root), 'CHANGELOG.md'];

/** A page without what is in blocks and between backticks: links in there are examples. */
function prose(file: string): string {
  const text = readFileSync(file, 'utf8');
  return text.replaceAll(/^ *(`{3,}).*\n[\s\S]*?^ *\1$/gm, '').replaceAll(/(`+)[^`\n]+?\1(?!`)/g, '');
}

/** The anchors that headings of a page have, as GitHub and the docs site make them. */
function anchorsOf(file: string): ReadonlySet<string> {
  const text = readFileSync(file, 'utf8').replaceAll(/^ *(`{3,}).*\n[\s\S]*?^ *\1$/gm, '');
  const seen = new Map<string, number>();
  const anchors = [...text.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) => {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return new Set(anchors);
}

function brokenIn(page: string): readonly string[] {
  const file = join(root, page);
  const links = [...prose(file).matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)].map(([, to = '']) => to);
  return links.flatMap((to) => {
    if (/^[a-z][a-z0-9+.-]*:/.test(to)) return [];
    const [path = '', anchor] = to.split('#');
    const target = path === '' ? file : join(dirname(file), path);
    if (!existsSync(target)) return [`${page}: ${to} leads to no file`];
    if (relative(root, target).startsWith('..')) return [`${page}: ${to} leads out of the repository`];
    if (anchor === undefined) return [];
    if (statSync(target).isDirectory() || !anchorsOf(target).has(anchor))
      return [`${page}: ${to} leads to no heading`];
    return [];
  });
}

describe('links of the pages', () => {
  it('lead to files and headings that exist', () => {
    expect(pages.flatMap(brokenIn)).toEqual([]);
  });

  it('and the groups of the site contain every page once', () => {
    const listed = GROUPS.flatMap(([, group]) => group);
    expect(listed.toSorted()).toEqual(pages.toSorted());
  });

  it('reach every page from another one', () => {
    const linked = new Set(
      pages.flatMap((page) =>
        [...prose(join(root, page)).matchAll(/\]\(([^)#\s]+)/g)].map(([, to = '']) =>
          relative(root, join(root, dirname(page), to)),
        ),
      ),
    );
    const docs = pages.filter((page) => page.startsWith('docs/'));
    expect(docs.filter((page) => !linked.has(page))).toEqual([]);
  });
});
