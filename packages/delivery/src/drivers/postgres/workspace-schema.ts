/** The schema history of the workspace. */
export const WORKSPACE_MIGRATIONS = [
  `CREATE TABLE ~items (name text COLLATE "C" PRIMARY KEY, version int NOT NULL, content text);
   CREATE TABLE ~changes (
     id bigint PRIMARY KEY,
     at bigint NOT NULL,
     author text NOT NULL,
     origin text NOT NULL,
     note text,
     writes text NOT NULL
   );
   CREATE TABLE ~versions (
     name text COLLATE "C" NOT NULL,
     version int NOT NULL,
     change bigint NOT NULL,
     at bigint NOT NULL,
     author text NOT NULL,
     origin text NOT NULL,
     note text,
     characters int NOT NULL,
     record text,
     PRIMARY KEY (name, version)
   );
   CREATE INDEX versions_by_change ON ~versions (change, characters);
   CREATE TABLE ~sessions (name text COLLATE "C" PRIMARY KEY, content text NOT NULL);
   CREATE TABLE ~last_change (one bool PRIMARY KEY DEFAULT true CHECK (one), id bigint NOT NULL);
   INSERT INTO ~last_change (id) VALUES (0);`,
];
