/** The schema history of the tables for coordination between processes. */
export const PEERS_MIGRATIONS = [
  `CREATE TABLE ~members (
     role text COLLATE "C" NOT NULL,
     member text COLLATE "C" NOT NULL,
     held_until bigint NOT NULL,
     PRIMARY KEY (role, member)
   );
   CREATE TABLE ~turns (
     name text COLLATE "C" PRIMARY KEY,
     holder text,
     held_until bigint NOT NULL DEFAULT 0,
     epoch bigint NOT NULL DEFAULT 0
   );
   CREATE TABLE ~letters (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     owner text COLLATE "C" NOT NULL,
     content text NOT NULL
   );
   CREATE INDEX letters_by_owner ON ~letters (owner, id);`,
  `CREATE TABLE ~limit_parts (
     name text COLLATE "C" NOT NULL,
     member text COLLATE "C" NOT NULL,
     own double precision NOT NULL,
     wanted double precision NOT NULL,
     part double precision NOT NULL,
     held_until bigint NOT NULL,
     PRIMARY KEY (name, member)
   ) WITH (fillfactor = 50);`,
];
