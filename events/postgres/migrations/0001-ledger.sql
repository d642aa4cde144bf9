-- The ledger: facts with their seals, heads of districts, answered requests, keys of persons.

CREATE TABLE ledger (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    algorithm text NOT NULL
);

-- The first four columns are those of eventsourcing's recorder; a fact and its seal are one row, so that none is without.
CREATE TABLE stored_events (
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    district text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    id uuid NOT NULL,
    leaf bytea NOT NULL,
    root bytea NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
);
CREATE UNIQUE INDEX stored_events_by_sequence ON stored_events (district, sequence);
CREATE UNIQUE INDEX stored_events_by_id ON stored_events (district, id);

-- The row of a district is the lock of its writers; each batch rewrites it, so its page keeps room.
CREATE TABLE heads (
    district text COLLATE "C" PRIMARY KEY,
    sequence bigint NOT NULL,
    recorded_at timestamptz,
    frontier bytea NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE TABLE requests (
    district text COLLATE "C" NOT NULL,
    key text NOT NULL,
    sequences bigint[] NOT NULL,
    PRIMARY KEY (district, key)
);

CREATE TABLE person_keys (
    district text NOT NULL,
    person text NOT NULL,
    key bytea,
    erased_by uuid,
    PRIMARY KEY (district, person)
);
