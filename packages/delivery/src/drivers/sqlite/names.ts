import type { Database } from './database.ts';

/** The table of interned words; part of each schema that uses them. */
export const NAMES_TABLE = 'CREATE TABLE names (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);';

/** Words that repeat in every row (lanes, mappings, sources, codes), stored once and referred to by number. */
export interface Names {
  /** Returns the number of a word; assigns one if needed, so call it within a transaction. */
  id(text: string): number;
  /** Returns the number of a word, if it has one. */
  find(text: string): number | undefined;
  text(id: number): string;
  /** Discards what a rolled-back transaction assigned. */
  reset(): void;
}

/** Returns the interned words of a database. */
export function createNames(database: Database): Names {
  const ids = new Map<string, number>();
  const texts = new Map<number, string>();
  const remember = (id: number, text: string): number => {
    ids.set(text, id);
    texts.set(id, text);
    return id;
  };
  const find = (text: string): number | undefined => {
    const known = ids.get(text);
    if (known !== undefined) return known;
    const row = database.one<{ id: number }>('SELECT id FROM names WHERE text = ?', text);
    return row === undefined ? undefined : remember(row.id, text);
  };
  return {
    find,
    id(text) {
      const known = find(text);
      if (known !== undefined) return known;
      return remember(
        Number(database.prepare('INSERT INTO names (text) VALUES (?)').run(text).lastInsertRowid),
        text,
      );
    },
    text(id) {
      const known = texts.get(id);
      if (known !== undefined) return known;
      const row = database.one<{ text: string }>('SELECT text FROM names WHERE id = ?', id);
      if (row === undefined) throw new Error(`No name has the number ${id}; the database is damaged.`);
      remember(id, row.text);
      return row.text;
    },
    reset() {
      ids.clear();
      texts.clear();
    },
  };
}
