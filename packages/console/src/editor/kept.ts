import type { MappingConfig } from '@waybill/core';

/** Unsaved work: the mapping, and the version of the draft that it is based on. */
export interface Kept {
  readonly config: MappingConfig;
  readonly base: number | undefined;
  /** What was being saved at that time: it may have become a version. */
  readonly sending?: MappingConfig | undefined;
}

/** The storage of a browser. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const PREFIX = 'waybill.unsaved.';
const TEXTS = 'waybill.unreadable.';

/** Stores unsaved work in the browser until the server has it. */
export function keep(store: Store, name: string, work: Kept): void {
  try {
    store.setItem(PREFIX + name, JSON.stringify(work));
  } catch {
    // Without storage: the draft on the server follows within a second.
  }
}

/** Returns the unsaved work of a mapping, if any. */
export function keptOf(store: Store, name: string): Kept | undefined {
  try {
    const found = JSON.parse(store.getItem(PREFIX + name) ?? 'null') as Partial<Kept> | null;
    if (typeof found?.config?.id !== 'string') return undefined;
    return { config: found.config, base: found.base, sending: found.sending };
  } catch {
    return undefined;
  }
}

/** Removes unsaved work: the server has it. */
export function forget(store: Store, name: string): void {
  try {
    store.removeItem(PREFIX + name);
  } catch {
    // Nothing was stored.
  }
}

/** Stores unparsable text, so that it survives a reload; undefined removes it. */
export function keepText(store: Store, name: string, text: string | undefined): void {
  try {
    if (text === undefined) store.removeItem(TEXTS + name);
    else store.setItem(TEXTS + name, text);
  } catch {
    // Without storage: the text lasts as long as the page.
  }
}

/** Returns stored unparsable text. */
export function keptText(store: Store, name: string): string | undefined {
  try {
    return store.getItem(TEXTS + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Serialises a value with sorted members. */
export function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
