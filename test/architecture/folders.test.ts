import { describe, expect, it } from 'vitest';
import { join, relative, sep } from 'node:path';
import { importedFiles, packages, root, sources } from './sources.ts';

/**
 * Folders that lean on each other, perhaps by way of others. The list may only become shorter: a pair that is gone from the
 * sources must go from here too.
 */
const KNOWN: Readonly<Record<string, readonly string[]>> = {};

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Builds the imports between the members of every folder of a package: `mapping/directives` belongs to `mapping`, and a file of
 * `mapping` that imports `event/utf8.ts` is an import of `event` by `mapping`.
 */
function graphOf(name: string): Graph {
  const graph = new Map<string, Set<string>>();
  const parts = (file: string): string[] => relative(join(root, 'packages', name, 'src'), file).split(sep);
  for (const file of sources(name)) {
    for (const other of importedFiles(file)) {
      const [from, to] = [parts(file), parts(other)];
      const depth = from.findIndex((part, index) => part !== to[index]) + 1;
      const [a, b] = [from.slice(0, depth).join('/'), to.slice(0, depth).join('/')];
      graph.set(a, (graph.get(a) ?? new Set()).add(b));
    }
  }
  return graph;
}

/** Pairs of which each leads to the other. */
function leaning(graph: Graph): readonly string[] {
  const pairs = [...graph].flatMap(([from, others]) =>
    [...others].filter((to) => leadsTo(graph, to, from)).map((to) => [from, to].sort().join(' <-> ')),
  );
  return [...new Set(pairs)].sort();
}

function leadsTo(graph: Graph, from: string, wanted: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === wanted) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(graph.get(at) ?? []));
  }
  return false;
}

describe('folders', () => {
  it.each(packages)('of %s have imports in one direction', (name) => {
    expect(leaning(graphOf(name))).toEqual(KNOWN[name] ?? []);
  });

  it('are found to depend on each other, directly or through others', () => {
    const graph = new Map(
      Object.entries({ a: ['b'], b: ['c'], c: ['a', 'd'], d: [] }).map(([key, list]) => [key, new Set(list)]),
    );
    expect(leaning(graph)).toEqual(['a <-> b', 'a <-> c', 'b <-> c']);
  });
});
