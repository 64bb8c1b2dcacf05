import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** A file of the console, in the forms in which it is sent. */
export interface SiteFile {
  readonly type: string;
  readonly plain: Buffer;
  /** Absent where packing gains nothing. */
  readonly br?: Buffer;
  readonly gzip?: Buffer;
}

/** The built console. */
export interface Site {
  /** The page that every address of the console answers with. */
  readonly page: string;
  /** A file by its path below `/console/`; undefined when there is none. */
  file(path: string): SiteFile | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Where the build of the console lies. */
function folderOfSite(): string {
  return fileURLToPath(new URL('dist/site', import.meta.resolve('@waybill/console/package.json')));
}

/** Opens the built console; undefined when it was not built. Files are read and packed when they are first asked for. */
export function openSite(folder: string = folderOfSite()): Site | undefined {
  let page: string;
  try {
    page = readFileSync(join(folder, 'index.html'), 'utf8');
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

function read(file: string): SiteFile {
  const plain = readFileSync(file);
  const type = TYPES[extname(file)]!;
  // Built once and packed once: a build leaves the packed forms beside the plain one.
  const packed = (ending: string, pack: () => Buffer): Buffer => {
    try {
      if (statSync(`${file}${ending}`).mtimeMs >= statSync(file).mtimeMs)
        return readFileSync(`${file}${ending}`);
    } catch {
      // Not left by the build.
    }
    return pack();
  };
  if (type === 'font/woff2') return { type, plain };
  return {
    type,
    plain,
    br: packed('.br', () => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })),
    gzip: packed('.gz', () => gzipSync(plain)),
  };
}
