import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { builtFrom, GROUPS } from './pages.mjs';

// The copies made by `run.mjs`.
const root = join(import.meta.dirname, '../pages');

/** The first heading of a page, as text. */
function titleOf(page) {
  const [, title = page] = /^# (.+)$/m.exec(readFileSync(join(root, builtFrom(page)), 'utf8')) ?? [];
  return title.replaceAll('`', '');
}

/** Returns the path of a page on the site. */
function placeOf(page) {
  return `/${builtFrom(page).replace(/(?:index)?\.md$/, '')}`;
}

/** Returns anchors like those of GitHub, so that a link has the same target on both. */
function slugify(text) {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}

/** Renders a code block without colours. */
function plainBlock(text) {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<pre v-pre><code>${escaped}</code></pre>`;
}

const isPlain = process.env['SITE_PLAIN'] === 'true';

/** Generated pages. */
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
  cleanUrls: true,
  metaChunk: true,
  ...(isPlain ? { vite: { build: { minify: false } } } : {}),
  markdown: {
    ...(isPlain ? { highlight: plainBlock } : {}),
    anchor: { slugify },
    config(md) {
      md.core.ruler.push('readme-links', ({ tokens }) => {
        for (const link of tokens.flatMap(({ children }) => children ?? [])) {
          const href = link.attrGet('href');
          if (href !== null) link.attrSet('href', builtFrom(href));
        }
      });
      // Pages are text: interpolations of Vue in them are not evaluated.
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
