import { bare, type Json, type JsonObject } from '../json.ts';

/** An item of a catalog. */
export interface CatalogItem {
  value: JsonObject;
  lastModified: number;
}

/** A catalog: items by case-sensitive id, and the field types that were set. */
export class Catalog {
  readonly name: string;
  readonly items = new Map<string, CatalogItem>();
  readonly mappings = new Map<string, string>();

  constructor(name: string) {
    this.name = name;
  }

  /** Replaces an item, or with `patch` only the fields given. */
  write(id: string, fields: JsonObject, patch: boolean, now: number): void {
    const value = bare();
    const old = patch ? this.items.get(id)?.value : undefined;
    for (const source of old === undefined ? [fields] : [old, fields]) {
      for (const key of Object.keys(source)) value[key] = source[key]!;
    }
    this.items.set(id, { value, lastModified: now });
  }

  /** An item as the read endpoints give it. */
  readable(id: string): JsonObject | undefined {
    const item = this.items.get(id);
    if (item === undefined) return undefined;
    const size = Buffer.byteLength(JSON.stringify(item.value));
    return { catalogName: this.name, itemId: id, lastModified: item.lastModified, size, value: item.value };
  }

  /** Names of fields in use whose type nobody has set. */
  undefinedFields(): string[] {
    const names = new Set<string>();
    for (const { value } of this.items.values()) {
      for (const name of Object.keys(value)) if (!this.mappings.has(name)) names.add(name);
    }
    return [...names];
  }

  /** The ids of the items in the wanted order. */
  ordered(orderBy: string | null, ascending: boolean): string[] {
    const ids = [...this.items.keys()];
    const key = (id: string): Json => (orderBy === null ? id : (this.items.get(id)!.value[orderBy] ?? ''));
    ids.sort((a, b) => {
      const [left, right] = [key(a), key(b)];
      const order =
        typeof left === 'number' && typeof right === 'number'
          ? left - right
          : `${left}` < `${right}`
            ? -1
            : 1;
      return ascending ? order : -order;
    });
    return ids;
  }
}
