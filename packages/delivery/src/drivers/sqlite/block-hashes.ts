/** Bytes of an event: its hash, a whole number of 53 bits, and its check. */
const PAIR_BYTES = 12;

/** The content of the column `hashes`: pairs as bytes, or a list of hashes as JSON, written by earlier versions. */
export type StoredHashes = Uint8Array | string;

/** Two hashes of the source and messageId of an event: events with both in common are the same. */
export interface Hashes {
  readonly hash: number;
  /** 32 bits; 0 when unknown. */
  readonly check: number;
}

/** The hashes of a block by the places of its events. */
export interface BlockHashes {
  readonly count: number;
  /** Undefined when it is damaged. */
  hash(place: number): number | undefined;
  check(place: number): number;
}

/** Packs the hashes of events between two indexes for storage. */
export function packHashes(
  events: readonly { readonly hashes: Hashes }[],
  from: number,
  to: number,
): Uint8Array {
  const bytes = new Uint8Array((to - from) * PAIR_BYTES);
  const view = new DataView(bytes.buffer);
  for (let index = from; index < to; index += 1) {
    const { hash, check } = events[index]!.hashes;
    view.setFloat64((index - from) * PAIR_BYTES, hash);
    view.setUint32((index - from) * PAIR_BYTES + 8, check);
  }
  return bytes;
}

/** Unpacks stored hashes; undefined when they are damaged. */
export function openHashes(stored: StoredHashes): BlockHashes | undefined {
  if (typeof stored === 'string') {
    const list = listOf(stored);
    return list && { count: list.length, hash: (place) => hashOf(list[place]), check: () => 0 };
  }
  const count = stored.byteLength / PAIR_BYTES;
  if (!Number.isInteger(count)) return undefined;
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  return {
    count,
    hash: (place) => hashOf(view.getFloat64(place * PAIR_BYTES)),
    check: (place) => view.getUint32(place * PAIR_BYTES + 8),
  };
}

/** Returns the packed hashes of some places. */
export function sliceHashes(stored: StoredHashes, from: number, to: number): StoredHashes {
  if (typeof stored !== 'string') return stored.slice(from * PAIR_BYTES, to * PAIR_BYTES);
  return JSON.stringify(listOf(stored)?.slice(from, to) ?? []);
}

function listOf(text: string): readonly unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}
