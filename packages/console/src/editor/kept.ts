import type { MappingConfig } from '@waybill/core';

/** What is kept of unsaved work: the mapping, and the version of the draft that it continues from. */
export interface Kept {
  readonly config: MappingConfig;
  readonly base: number | undefined;
  /** What was on its way to the server when this was kept: it may have made a version since. */
  readonly sending?: MappingConfig | undefined;
}

/** What keeps texts: the storage of a browser. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const PREFIX = 'waybill.unsaved.';
const TEXTS = 'waybill.unreadable.';

/** Keeps unsaved work in the browser until the server has it. */
export function keep(store: Store, name: string, work: Kept): void {
  try {
    store.setItem(PREFIX + name, JSON.stringify(work));
  } catch {
    // A browser that keeps nothing: the draft on the server follows within a second.
  }
}

/** The unsaved work of a mapping, if there is any that can be read. */
export function keptOf(store: Store, name: string): Kept | undefined {
  try {
    const found = JSON.parse(store.getItem(PREFIX + name) ?? 'null') as Partial<Kept> | null;
    if (typeof found?.config?.id !== 'string') return undefined;
    return { config: found.config, base: found.base, sending: found.sending };
  } catch {
    return undefined;
  }
}

/** Forgets unsaved work: the server has it. */
export function forget(store: Store, name: string): void {
  try {
    store.removeItem(PREFIX + name);
  } catch {
    // Nothing was kept.
  }
}

/** Keeps a text that cannot be read yet, so that it is there after a reload; undefined forgets it. */
export function keepText(store: Store, name: string, text: string | undefined): void {
  try {
    if (text === undefined) store.removeItem(TEXTS + name);
    else store.setItem(TEXTS + name, text);
  } catch {
    // A browser that keeps nothing: the text lasts as long as the page.
  }
}

/** A text that was kept because it could not be read. */
export function keptText(store: Store, name: string): string | undefined {
  try {
    return store.getItem(TEXTS + name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A value as text that is the same for the same members in any order. */
export function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
