import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { GROUPS } from './pages.mjs';

// The copies that `run.mjs` has made.
const root = join(import.meta.dirname, '../pages');

/** The first heading of a page, as text. */
function titleOf(page) {
  const [, title = page] = /^# (.+)$/m.exec(readFileSync(join(root, page), 'utf8')) ?? [];
  return title.replaceAll('`', '');
}

/** Where a page is on the site. */
function placeOf(page) {
  return `/${page.replace(/(?:README)?\.md$/, '')}`;
}

/** Anchors as GitHub makes them, so that a link leads to the same place there and here. */
function slugify(text) {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}

/** Pages that are made of code. */
const REFERENCE = ['api', 'types'].map((folder) => [
  folder === 'api' ? 'Routes' : 'Types',
  readdirSync(join(root, 'reference', folder)).map((name) => `reference/${folder}/${name}`),
]);

export default defineConfig({
  title: 'Waybill',
  description: 'Every event arrives, or you can read why not.',
  lang: 'en',
  srcDir: root,
  outDir: join(root, '../dist'),
  cacheDir: join(root, '../node_modules/.cache/vitepress'),
  rewrites: { 'README.md': 'index.md', 'packages/:name/README.md': 'packages/:name/index.md' },
  cleanUrls: true,
  metaChunk: true,
  markdown: {
    anchor: { slugify },
    config(md) {
      // Pages are text: what looks like an expression of Vue in them is none.
      for (const name of ['text', 'code_inline', 'code_block', 'fence']) {
        const rule = md.renderer.rules[name];
        md.renderer.rules[name] = (...args) => rule(...args).replaceAll('{{', '&#123;&#123;');
      }
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Start', link: '/' },
      { text: 'Commands', link: '/docs/cli' },
      { text: 'API', link: '/docs/api' },
      { text: 'Changes', link: '/CHANGELOG' },
    ],
    sidebar: [...GROUPS, ...REFERENCE].map(([text, pages], index) => ({
      text,
      collapsed: index > 2,
      items: pages.map((page) => ({ text: titleOf(page), link: placeOf(page) })),
    })),
  },
});
