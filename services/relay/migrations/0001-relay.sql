-- Who of the relays of a topic works now, by the database's clock, and how far each district is published.

CREATE TABLE relay_leases (
    topic text PRIMARY KEY,
    holder text NOT NULL,
    epoch bigint NOT NULL,
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 20);

CREATE TABLE relay_positions (
    topic text NOT NULL,
    district text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (topic, district)
) WITH (fillfactor = 20);
