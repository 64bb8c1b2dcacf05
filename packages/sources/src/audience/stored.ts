import { createReadStream, createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline as connect, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { SourceValue, SourceValues } from '@waybill/core';
import { AudienceError } from './engine.ts';

/*
 * Files of results in a store that several processes share: whoever takes the source over goes on from them. Runs write files once and name
 * them by chance, so whatever is stored under a name is the file of that name.
 */

/** Values that the reader of the source writes. */
export type OwnValues = Required<SourceValues>;

/** The bytes of a part, and how many parts are read or written at once. */
const PART = 64 * 1024;
const AT_ONCE = 32;

/** Keys that are forgotten at once. */
const FORGOTTEN_AT_ONCE = 1_000;

/** Where the list of the files is. */
const LIST = 'files';

/** A file as it is stored. */
interface Listed {
  readonly parts: number;
  readonly bytes: number;
  /** False while it is written, and where that broke off. */
  readonly whole: boolean;
}

type List = Readonly<Record<string, Listed>>;

/** A file of the store, and where it is to be within the folder. */
export interface Wanted {
  readonly name: string;
  readonly target: string;
}

/** Stores those files of a folder that are not stored yet, as long as all of them together are small enough. */
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

/** Forgets all files but some. */
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

/** Writes stored files into a folder; leaves out those that are not stored. */
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

/** Changes are text, which packs well; Parquet is packed already. */
function isText(name: string): boolean {
  return name.endsWith('.jsonl');
}

function partsOf(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: PART });
  // Whoever iterates is told of errors.
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
