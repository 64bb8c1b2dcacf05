import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The repository. */
export const root = resolve(import.meta.dirname, '../..');

/** The packages there are. */
export const packages: readonly string[] = readdirSync(join(root, 'packages')).sort();

/** Every source file of a package. */
export function sources(name: string): readonly string[] {
  const folder = join(root, 'packages', name, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file));
}

/** Returns the import specifiers of a file, unresolved. */
export function imports(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'/g)].map(
    (match) => match[1]!,
  );
}

/** The files of the same package that a file imports. */
export function importedFiles(file: string): readonly string[] {
  return imports(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => resolve(dirname(file), specifier));
}

/** Returns a file and everything that it imports within its package. */
export function reachable(entry: string): readonly string[] {
  const seen = new Set<string>();
  const open = [entry];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...importedFiles(at));
  }
  return [...seen];
}
