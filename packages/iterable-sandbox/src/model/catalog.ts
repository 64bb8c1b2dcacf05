import { bare, type Json, type JsonObject } from '../json.ts';

/** An item of a catalog. */
export interface CatalogItem {
  value: JsonObject;
  lastModified: number;
}

/** A catalog: items by case-sensitive ID, and the declared field types. */
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

  /** Returns an item as the read endpoints do. */
  readable(id: string): JsonObject | undefined {
    const item = this.items.get(id);
    if (item === undefined) return undefined;
    const size = Buffer.byteLength(JSON.stringify(item.value));
    return { catalogName: this.name, itemId: id, lastModified: item.lastModified, size, value: item.value };
  }

  /** Returns the names of fields without a declared type. */
  undefinedFields(): string[] {
    const names = new Set<string>();
    for (const { value } of this.items.values()) {
      for (const name of Object.keys(value)) if (!this.mappings.has(name)) names.add(name);
    }
    return [...names];
  }

  /** Returns the IDs of the items in the requested order. */
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
