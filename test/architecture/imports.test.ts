import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { importedFiles, imports, packages, reachable, root, sources } from './sources.ts';

/** Which packages a package may import: the ground first. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'iterable-sandbox': [],
  api: ['core'],
  console: ['core', 'api', 'definitions'],
  definitions: ['core'],
  delivery: ['core'],
  destinations: ['core', 'presets'],
  segment: ['core'],
  commerce: ['core'],
  sources: ['core'],
  'shop-sandboxes': [],
  storefront: [],
  ingest: ['core', 'commerce', 'delivery', 'sources'],
  testing: ['core', 'commerce', 'delivery', 'ingest'],
  server: ['core', 'api', 'definitions', 'delivery', 'destinations', 'ingest', 'segment', 'storefront'],
  cli: [
    'core',
    'api',
    'definitions',
    'delivery',
    'destinations',
    'ingest',
    'server',
    'iterable-sandbox',
    'shop-sandboxes',
    'testing',
    'segment',
  ],
  waybill: ['cli', 'server'],
};

describe('the packages', () => {
  it('are all known to this test', () => {
    expect(packages).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it.each(Object.entries(MAY_IMPORT))('%s only imports lower packages', (name, allowed) => {
    const wrong: string[] = [];
    for (const file of sources(name)) {
      for (const specifier of imports(file)) {
        const other = /^@waybill\/([^/]+)/.exec(specifier)?.[1];
        if (other !== undefined && !allowed.includes(other))
          wrong.push(`${relative(root, file)} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    ['core', sources('core')],
    ['api', sources('api')],
    // Code that reads files and loads modules has separate entry points.
    ['definitions', reachable(join(root, 'packages/definitions/src/index.ts'))],
  ])('has %s without Node: it also runs in the browser', (_name, files) => {
    const wrong = files.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const builtin = imports(file).filter((specifier) => specifier.startsWith('node:'));
      const globals = /\b(process\.|Buffer\.|__dirname|require\()/.exec(text)?.[0];
      return [...builtin, ...(globals === undefined ? [] : [globals])].map(
        (what) => `${relative(root, file)}: ${what}`,
      );
    });
    expect(files.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  it('have no import cycles', () => {
    const files = Object.keys(MAY_IMPORT).flatMap((name) => sources(name));
    const edges = new Map(files.map((file) => [file, importedFiles(file)]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      const at = path.indexOf(file);
      if (at !== -1) {
        cycles.push([...path.slice(at), file].map((one) => relative(root, one)).join(' -> '));
        return;
      }
      if (done.has(file)) return;
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
