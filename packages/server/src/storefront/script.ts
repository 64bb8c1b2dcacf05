import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { ResolvedSource } from '@waybill/core';
import { storefrontKeyOf } from './key.ts';

/** The script of a storefront, with its encodings. */
export interface Script {
  readonly etag: string;
  readonly plain: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

/** Creates the look-up of scripts by source; undefined for one without. Each is compressed when it has changed. */
export function createScripts(): (source: ResolvedSource) => Script | undefined {
  const built = new Map<string, string | undefined>();
  const packed = new Map<string, { readonly text: string; readonly script: Script }>();
  return (source) => {
    const key = storefrontKeyOf(source);
    if (key === undefined) return undefined;
    const { slug } = source.source!;
    if (!built.has(slug)) built.set(slug, read(slug));
    const code = built.get(slug);
    if (code === undefined) return undefined;
    const settings = { key, consent: source.settings['storefrontConsent'] };
    const text = `(function(__WAYBILL__){${code}})(${inScript(settings)});\n`;
    const known = packed.get(source.id);
    if (known?.text === text) return known.script;
    const script = pack(text);
    packed.set(source.id, { text, script });
    return script;
  };
}

/** Escapes JSON for a script. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Reads the built script of a platform; undefined when there is none, or it is not built. */
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
