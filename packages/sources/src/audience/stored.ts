import { createReadStream, createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline as connect, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { SourceValue, SourceValues } from '@waybill/core';
import { AudienceError } from './engine.ts';

/*
 * Files of results in a store that several processes share: the process that takes a source over continues from them. Runs write
 * files once under random names, so a stored file with a name is always the same.
 */

/** Values written by the reader of the source. */
export type OwnValues = Required<SourceValues>;

/** The bytes of a part, and the number of concurrent parts. */
const PART = 64 * 1024;
const AT_ONCE = 32;

/** Keys deleted at once. */
const FORGOTTEN_AT_ONCE = 1_000;

/** The key of the list of files. */
const LIST = 'files';

/** A stored file. */
interface Listed {
  readonly parts: number;
  readonly bytes: number;
  /** False while it is being written, and the offset of an interruption. */
  readonly whole: boolean;
}

type List = Readonly<Record<string, Listed>>;

/** A file of the store, and its target in the folder. */
export interface Wanted {
  readonly name: string;
  readonly target: string;
}

/** Stores the missing files of a folder, as long as all of them together are small enough. */
export async function storeFiles(
  values: OwnValues,
  folder: string,
  names: readonly string[],
  most: number,
): Promise<void> {
  let list = await listIn(values);
  for (const name of names) if (list[name]?.whole !== true) list = await storeFile(name);

  async function storeFile(name: string): Promise<List> {
    const { [name]: _cut, ...others } = list;
    const room = most - sizeOf(others);
    let batch: SourceValue[] = [];
    let [parts, bytes] = [0, 0];
    const write = async (whole: boolean): Promise<List> => {
      const next = { ...others, [name]: { parts, bytes, whole } };
      await values.write([...batch, listed(next)]);
      batch = [];
      return next;
    };
    for await (const part of partsOf(join(folder, name))) {
      bytes += part.length;
      if (bytes > room) throw tooLarge(most);
      batch.push({ key: keyOf(name, parts), value: part });
      parts += 1;
      if (batch.length === AT_ONCE) await write(false);
    }
    return write(true);
  }
}

/** Deletes all files except some. */
export async function forgetFiles(values: OwnValues, kept: ReadonlySet<string>): Promise<void> {
  const list = await listIn(values);
  const gone = Object.entries(list).filter(([name]) => !kept.has(name));
  if (gone.length === 0) return;
  const keys = gone.flatMap(([name, { parts }]) =>
    Array.from({ length: parts }, (_, part) => ({ key: keyOf(name, part) })),
  );
  for (let at = 0; at < keys.length; at += FORGOTTEN_AT_ONCE)
    await values.write(keys.slice(at, at + FORGOTTEN_AT_ONCE));
  await values.write([listed(Object.fromEntries(Object.entries(list).filter(([name]) => kept.has(name))))]);
}

/** Writes stored files into a folder; skips missing ones. */
export async function restoreFiles(
  values: SourceValues,
  folder: string,
  wanted: readonly Wanted[],
): Promise<void> {
  const list = await listIn(values);
  for (const { name, target } of wanted) {
    const file = list[name];
    if (file?.whole !== true) continue;
    const path = join(folder, target);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const parts = Readable.from(storedParts(values, name, file));
    const out = createWriteStream(`${path}.new`, { mode: 0o600 });
    if (isText(name)) await pipeline(parts, createGunzip(), out);
    else await pipeline(parts, out);
    renameSync(`${path}.new`, path);
  }
}

async function* storedParts(
  values: SourceValues,
  name: string,
  { parts }: Listed,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < parts; at += AT_ONCE) {
    const keys = Array.from({ length: Math.min(AT_ONCE, parts - at) }, (_, part) => keyOf(name, at + part));
    const found = await values.read(keys);
    for (const key of keys) {
      const part = found.get(key);
      if (part === undefined)
        throw new AudienceError(
          'audience_file_changed',
          'The previous result was replaced in the store while it was read.',
        );
      yield part;
    }
  }
}

/** Changes are text, which compresses well; Parquet is already compressed. */
function isText(name: string): boolean {
  return name.endsWith('.jsonl');
}

function partsOf(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: PART });
  // The iterator receives errors.
  return isText(path) ? connect(file, createGzip({ level: 1, chunkSize: PART }), () => undefined) : file;
}

function keyOf(name: string, part: number): string {
  return `${name} ${part}`;
}

async function listIn(values: SourceValues): Promise<List> {
  const text = (await values.read([LIST])).get(LIST);
  return text === undefined ? {} : (JSON.parse(new TextDecoder().decode(text)) as List);
}

function listed(list: List): SourceValue {
  return { key: LIST, value: new TextEncoder().encode(JSON.stringify(list)) };
}

function sizeOf(list: List): number {
  return Object.values(list).reduce((sum, { bytes }) => sum + bytes, 0);
}

function tooLarge(most: number): AudienceError {
  const megabytes = Math.floor(most / 1024 / 1024);
  return new AudienceError(
    'audience_limit_reached',
    `The results do not fit into ${megabytes} MB of the store. Raise storeMb in the settings of the source, or select fewer rows or columns.`,
  );
}
