/** The schema history of the workspace. */
export const WORKSPACE_MIGRATIONS = [
  `CREATE TABLE items (
     name TEXT PRIMARY KEY,
     version INTEGER NOT NULL,
     content TEXT
   );
   CREATE TABLE changes (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at INTEGER NOT NULL,
     author TEXT NOT NULL,
     origin TEXT NOT NULL,
     note TEXT,
     writes TEXT NOT NULL
   );
   CREATE TABLE versions (
     name TEXT NOT NULL,
     version INTEGER NOT NULL,
     change INTEGER NOT NULL,
     at INTEGER NOT NULL,
     author TEXT NOT NULL,
     origin TEXT NOT NULL,
     note TEXT,
     characters INTEGER NOT NULL,
     record TEXT,
     PRIMARY KEY (name, version)
   );
   CREATE INDEX versions_by_change ON versions (change, characters);`,
  `CREATE TABLE sessions (
     name TEXT PRIMARY KEY,
     content TEXT NOT NULL
   ) WITHOUT ROWID;`,
];
