/** The number of positions of the first range; later ones grow when the previous one filled quickly. */
export const FIRST_RANGE = 131_072;

/** The schema history of the log. Each range of positions has a table, so that old events are removed with it. */
export const LOG_MIGRATIONS = [
  `CREATE SEQUENCE ~positions CACHE 1;
   CREATE TABLE ~log (one bool PRIMARY KEY DEFAULT true CHECK (one), partitions int NOT NULL);
   CREATE TABLE ~events (
     seq bigint NOT NULL,
     partition smallint NOT NULL,
     source_id text COLLATE "C" NOT NULL,
     message uuid NOT NULL,
     at bigint NOT NULL,
     body text NOT NULL
   ) PARTITION BY RANGE (seq);
   CREATE UNIQUE INDEX events_by_seq ON ~events (seq);
   CREATE INDEX events_by_partition ON ~events (partition, seq);
   CREATE INDEX events_by_message ON ~events (message);
   CREATE INDEX events_by_time ON ~events (at, seq);
   CREATE TABLE ~ranges (first bigint PRIMARY KEY, last bigint NOT NULL, made_at bigint NOT NULL);
   CREATE TABLE ~ids (
     message uuid NOT NULL,
     source_id text COLLATE "C" NOT NULL,
     seq bigint NOT NULL,
     at bigint NOT NULL,
     PRIMARY KEY (message, source_id)
   );
   CREATE INDEX ids_by_time ON ~ids (at);
   CREATE TABLE ~removed (partition smallint PRIMARY KEY, seq bigint NOT NULL);
   CREATE TABLE ~owners (
     owner text COLLATE "C" PRIMARY KEY,
     cursor text,
     holder text,
     held_until bigint NOT NULL DEFAULT 0,
     epoch bigint NOT NULL DEFAULT 0
   );
   CREATE TABLE ~carried (
     owner text COLLATE "C" NOT NULL,
     key text COLLATE "C" NOT NULL,
     value bytea NOT NULL,
     PRIMARY KEY (owner, key)
   );
   CREATE TABLE ~timers (
     owner text COLLATE "C" NOT NULL,
     due bigint NOT NULL,
     key text COLLATE "C" NOT NULL,
     value bytea NOT NULL,
     PRIMARY KEY (owner, due, key)
   );
   CREATE TABLE ~log_notes (key text COLLATE "C" PRIMARY KEY, value text NOT NULL);`,
  // An existing log keeps its keys: processes of the previous version append to it, and its IDs are remembered for days.
  `ALTER TABLE ~log ADD COLUMN keys text NOT NULL DEFAULT 'hashed' CHECK (keys IN ('hashed', 'timed'))`,
];
