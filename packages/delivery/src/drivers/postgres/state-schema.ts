/** The schema history of the delivery state. */
export const STATE_MIGRATIONS = [
  `CREATE TABLE ~lanes (
     destination text COLLATE "C" NOT NULL,
     partition smallint NOT NULL,
     cursor bigint,
     settled bool NOT NULL DEFAULT false,
     removed bool NOT NULL DEFAULT false,
     delivered bigint NOT NULL DEFAULT 0,
     skipped bigint NOT NULL DEFAULT 0,
     rejected bigint NOT NULL DEFAULT 0,
     waiting bigint NOT NULL DEFAULT 0,
     dead bigint NOT NULL DEFAULT 0,
     holder text,
     held_until bigint NOT NULL DEFAULT 0,
     epoch bigint NOT NULL DEFAULT 0,
     recent uuid[] NOT NULL DEFAULT '{}',
     PRIMARY KEY (destination, partition)
   );
   CREATE TABLE ~outcomes (
     destination text COLLATE "C" NOT NULL,
     mapping_id text COLLATE "C" NOT NULL,
     first bigint NOT NULL,
     last bigint NOT NULL,
     status text NOT NULL,
     attempts int NOT NULL,
     at bigint NOT NULL,
     code text,
     message text,
     field text,
     exchange_id bigint,
     mapping_version int,
     PRIMARY KEY (destination, mapping_id, first)
   );
   CREATE INDEX outcomes_by_position ON ~outcomes (last);
   CREATE TABLE ~kinds (
     destination text COLLATE "C" NOT NULL,
     mapping_id text COLLATE "C" NOT NULL,
     PRIMARY KEY (destination, mapping_id)
   );
   CREATE TABLE ~gaps (
     destination text COLLATE "C" NOT NULL,
     partition smallint NOT NULL,
     first bigint NOT NULL,
     last bigint NOT NULL,
     code text NOT NULL,
     at bigint NOT NULL,
     PRIMARY KEY (destination, partition, first)
   );
   CREATE TABLE ~retries (
     destination text COLLATE "C" NOT NULL,
     partition smallint NOT NULL,
     seq bigint NOT NULL,
     mapping_id text COLLATE "C" NOT NULL,
     position int NOT NULL,
     user_key text COLLATE "C" NOT NULL,
     attempts int NOT NULL,
     due_at bigint NOT NULL,
     first_failed_at bigint,
     code text,
     message text,
     exchange_id bigint,
     PRIMARY KEY (seq, destination, mapping_id)
   );
   CREATE INDEX retries_in_order ON ~retries (destination, partition, user_key, seq, position);
   CREATE INDEX retries_by_failure ON ~retries (destination, partition, first_failed_at) WHERE first_failed_at IS NOT NULL;
   CREATE TABLE ~heads (
     destination text COLLATE "C" NOT NULL,
     partition smallint NOT NULL,
     user_key text COLLATE "C" NOT NULL,
     due_at bigint NOT NULL,
     PRIMARY KEY (destination, partition, user_key)
   );
   CREATE INDEX heads_by_time ON ~heads (destination, partition, due_at, user_key);
   CREATE TABLE ~dead_letters (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     destination text COLLATE "C" NOT NULL,
     partition smallint NOT NULL,
     seq bigint NOT NULL,
     mapping_id text COLLATE "C" NOT NULL,
     mapping_version int,
     position int NOT NULL,
     message_id text COLLATE "C" NOT NULL,
     source_id text COLLATE "C" NOT NULL,
     user_key text COLLATE "C" NOT NULL,
     at bigint NOT NULL,
     code text NOT NULL,
     message text NOT NULL,
     field text,
     attempts int NOT NULL,
     payload text,
     payload_cut bool NOT NULL DEFAULT false,
     exchange_ids bigint[] NOT NULL,
     replayed_at bigint
   );
   CREATE INDEX dead_letters_by_event ON ~dead_letters (seq);
   CREATE INDEX dead_letters_lying ON ~dead_letters (destination, partition) WHERE replayed_at IS NULL;
   CREATE INDEX dead_letters_by_replay ON ~dead_letters (replayed_at) WHERE replayed_at IS NOT NULL;
   CREATE INDEX dead_letters_by_exchange ON ~dead_letters USING gin (exchange_ids);
   CREATE TABLE ~exchanges (
     id bigint PRIMARY KEY,
     destination text COLLATE "C" NOT NULL,
     at bigint NOT NULL,
     duration_ms double precision NOT NULL,
     request text NOT NULL,
     response text,
     failure text
   );
   CREATE TABLE ~blocks (one bool PRIMARY KEY DEFAULT true CHECK (one), next bigint NOT NULL);
   INSERT INTO ~blocks (next) VALUES (1);
   CREATE TABLE ~memory (
     id bigint GENERATED ALWAYS AS IDENTITY,
     destination text COLLATE "C" NOT NULL,
     space text COLLATE "C" NOT NULL,
     scope text COLLATE "C" NOT NULL,
     key text COLLATE "C" NOT NULL,
     value text NOT NULL,
     PRIMARY KEY (destination, key, space, scope)
   );
   CREATE INDEX memory_by_age ON ~memory (id);
   CREATE TABLE ~kept (
     destination text COLLATE "C" NOT NULL,
     key text COLLATE "C" NOT NULL,
     value text NOT NULL,
     PRIMARY KEY (destination, key)
   );
   CREATE TABLE ~conflicts (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     destination text COLLATE "C" NOT NULL,
     seq bigint NOT NULL,
     mapping_id text COLLATE "C" NOT NULL,
     user_key text COLLATE "C" NOT NULL,
     field text NOT NULL,
     rule text NOT NULL,
     source_id text NOT NULL,
     kept_source_id text,
     at bigint NOT NULL
   );
   CREATE TABLE ~corrections (
     seq bigint NOT NULL,
     destination text COLLATE "C" NOT NULL,
     mapping_id text COLLATE "C" NOT NULL,
     event text NOT NULL,
     at bigint NOT NULL,
     PRIMARY KEY (seq, destination, mapping_id)
   );
   CREATE TABLE ~state_notes (key text COLLATE "C" PRIMARY KEY, value text NOT NULL);`,
];
