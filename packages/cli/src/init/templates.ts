import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The kinds of package templates: destinations by type of credentials, and a source. */
export const TEMPLATES = [
  { value: 'api-key', description: 'a secret key in a header' },
  { value: 'basic', description: 'a name and a password' },
  { value: 'oauth2', description: 'a client ID and a secret, exchanged for tokens' },
  { value: 'minimal', description: 'no credentials' },
  { value: 'source', description: 'not a destination: a source that reads a shop' },
] as const;

/** A kind of package. */
export type Template = (typeof TEMPLATES)[number]['value'];

const folder = fileURLToPath(new URL('../../templates/', import.meta.url));

/** Returns the files of a template with placeholders filled in: path and content. A leading _ in a name is dropped. */
export function templateFiles(
  names: readonly string[],
  words: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  // Later folders replace files of earlier ones.
  for (const name of names) {
    const from = join(folder, name);
    for (const entry of readdirSync(from, { recursive: true, encoding: 'utf8' }).sort()) {
      const file = join(from, entry);
      if (!statSync(file).isFile()) continue;
      const to = relative(from, file)
        .replaceAll('\\', '/')
        .replace(/(^|\/)_/, '$1');
      files.set(to, fill(readFileSync(file, 'utf8'), words));
    }
  }
  return files;
}

function fill(text: string, words: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, word: string) => words[word] ?? whole);
}
