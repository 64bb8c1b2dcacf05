import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { ResolvedSource } from '@waybill/core';
import { storefrontKeyOf } from './key.ts';

/** The script of a storefront, in the forms in which it is sent. */
export interface Script {
  readonly etag: string;
  readonly plain: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

/** Finds the script of a source; undefined for one that has none. Each is packed once. */
export function createScripts(): (source: ResolvedSource) => Script | undefined {
  const built = new Map<string, string | undefined>();
  const packed = new WeakMap<ResolvedSource, Script>();
  return (source) => {
    const key = storefrontKeyOf(source);
    const known = packed.get(source);
    if (key === undefined || known !== undefined) return known;
    const { slug } = source.source!;
    if (!built.has(slug)) built.set(slug, read(slug));
    const text = built.get(slug);
    if (text === undefined) return undefined;
    const settings = { key, consent: source.settings['storefrontConsent'] };
    const script = pack(`(function(__WAYBILL__){${text}})(${inScript(settings)});\n`);
    packed.set(source, script);
    return script;
  };
}

/** JSON that stays what it is in any script. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The built script of a platform; undefined when there is none, or when it was not built. */
function read(platform: string): string | undefined {
  const folder = new URL('dist/scripts/', import.meta.resolve('@waybill/storefront/package.json'));
  try {
    return readFileSync(fileURLToPath(new URL(`${platform}.js`, folder)), 'utf8');
  } catch {
    return undefined;
  }
}

function pack(text: string): Script {
  const plain = Buffer.from(text);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`;
  return { etag, plain, br: brotliCompressSync(plain), gzip: gzipSync(plain, { level: 9 }) };
}
