/**
 * Builds the documentation site, or serves it with live reload:
 *
 *     npm run docs                 http://127.0.0.1:4405, with the packages of the site installed at the first time
 *     npm run docs -- --build      only builds, to site/dist; with --plain, blocks of code have no colours, which takes half the time
 *
 * Pages are copied below this folder first: what they become is resolved from where they are, and only here are the packages that
 * this needs.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { builtFrom } from './.vitepress/pages.mjs';
import { referencePages } from './reference.mjs';

const here = import.meta.dirname;
const root = join(here, '..');
const pages = join(here, 'pages');
const PORT = '4405';

/** Reads the published pages, by path in the repository. */
function readPages() {
  const under = (folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`);
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`);
  const named = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...packages];
  return [...named, ...under('docs').filter((path) => path.endsWith('.md'))].filter((path) =>
    existsSync(join(root, path)),
  );
}

/** Returns other files that pages show or link to: pictures, schemas, configurations. */
function filesOf(page) {
  const links = readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#\s]+)/g);
  return [...links].flatMap(([, to]) => {
    if (/^[a-z][a-z0-9+.-]*:/.test(to)) return [];
    const path = relative(root, join(root, dirname(page), to));
    const file = join(root, path);
    return !path.startsWith('..') && !path.endsWith('.md') && existsSync(file) && statSync(file).isFile()
      ? [path]
      : [];
  });
}

function copy(path, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(root, path), to);
}

function run(command, ...args) {
  const env = { ...process.env, SITE_PLAIN: String(values.plain === true) };
  const { status } = spawnSync(command, args, { cwd: here, stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}

const { values } = parseArgs({ options: { build: { type: 'boolean' }, plain: { type: 'boolean' } } });
if (!existsSync(join(here, 'node_modules/vitepress')))
  run('npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
rmSync(pages, { recursive: true, force: true });
for (const page of readPages()) {
  copy(page, join(pages, builtFrom(page)));
  // Pictures are resolved relative to the page; everything else by its URL.
  for (const file of filesOf(page))
    copy(file, /\.(webp|png|svg)$/.test(file) ? join(pages, file) : join(pages, 'public', file));
}
for (const [path, text] of referencePages(root)) {
  mkdirSync(dirname(join(pages, path)), { recursive: true });
  writeFileSync(join(pages, path), text);
}
if (values.build === true) run('npx', '--no-install', 'vitepress', 'build');
else run('npx', '--no-install', 'vitepress', 'dev', '--host', '127.0.0.1', '--port', PORT);
