import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the console, with its encodings. */
export interface SiteFile {
  readonly type: string;
  readonly plain: Buffer;
  /** Undefined where compression gains nothing. */
  readonly br: Buffer | undefined;
  readonly gzip: Buffer | undefined;
}

/** The built console. */
export interface Site {
  /** The page for every path of the console. */
  readonly page: string;
  /** Returns a file by its path below `/console/`; undefined when there is none. */
  file(path: string): SiteFile | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Returns the folder of the built console. */
function folderOfSite(): string {
  return fileURLToPath(new URL('dist/site', import.meta.resolve('@waybill/console/package.json')));
}

/** Opens the built console, or the page of `waybill serve`; undefined when it was not built. Files are read on demand. */
export function openSite(name: 'index.html' | 'serve.html' = 'index.html'): Site | undefined {
  const folder = folderOfSite();
  let page: string;
  try {
    page = readFileSync(join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
  const known = new Map<string, SiteFile | undefined>(filesIn(folder).map((path) => [path, undefined]));
  return {
    page,
    file(path) {
      if (!known.has(path)) return undefined;
      const file = known.get(path) ?? read(join(folder, path));
      known.set(path, file);
      return file;
    },
  };
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && Object.hasOwn(TYPES, extname(entry.name)))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** Reads a file with its precompressed forms from the build. */
function read(file: string): SiteFile {
  const packed = (ending: string): Buffer | undefined =>
    existsSync(`${file}${ending}`) ? readFileSync(`${file}${ending}`) : undefined;
  return { type: TYPES[extname(file)]!, plain: readFileSync(file), br: packed('.br'), gzip: packed('.gz') };
}
