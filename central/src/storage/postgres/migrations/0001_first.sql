-- survives: 1
-- The register on PostgreSQL: the tables of SQLite's, under the same names. The municipality that owns a row stands
-- first in its key, so that the same tables can be distributed by it. Nothing in `entries` is ever updated or
-- deleted; `changes`, `doses` and the counts of `epochs` are derived from it and can be made again.

-- One row a municipality, held while entries that bear on its doses or ids are judged: two batches that could
-- contradict each other are judged one after the other, whichever process they came to.
CREATE TABLE municipalities (
    municipality text COLLATE "C" NOT NULL PRIMARY KEY
);

CREATE TABLE tablets (
    municipality  text COLLATE "C" NOT NULL,
    tablet_number bigint NOT NULL,
    name          text NOT NULL,
    invited_at    bigint NOT NULL,
    PRIMARY KEY (municipality, tablet_number)
);

CREATE TABLE enrolment_tokens (
    municipality  text COLLATE "C" NOT NULL,
    tablet_number bigint NOT NULL,
    token_digest  bytea NOT NULL,
    issued_at     bigint NOT NULL,
    expires_at    bigint NOT NULL,
    PRIMARY KEY (municipality, tablet_number, token_digest)
);

-- Room in the pages, because every batch writes the row again.
CREATE TABLE devices (
    municipality    text COLLATE "C" NOT NULL,
    tablet_number   bigint NOT NULL,
    device_key      bytea NOT NULL,
    enrolled_at     bigint NOT NULL,
    last_contact_at bigint NOT NULL,
    program         text NOT NULL,
    PRIMARY KEY (municipality, tablet_number)
) WITH (fillfactor = 60);

-- One row for each database a tablet had. `stored` counts positions, not rows: two entries that claim the same
-- place count once. Nothing is missing where stored = highest_position.
CREATE TABLE epochs (
    municipality     text COLLATE "C" NOT NULL,
    tablet_number    bigint NOT NULL,
    epoch            bigint NOT NULL,
    last_position    bigint NOT NULL,
    highest_position bigint NOT NULL,
    stored           bigint NOT NULL,
    clock_offset_ms  bigint NOT NULL,
    last_batch_at    bigint NOT NULL,
    PRIMARY KEY (municipality, tablet_number, epoch)
) WITH (fillfactor = 60);

-- Every entry as it came, to the byte. The hash is in the key because two entries may claim one place: both stay.
CREATE TABLE entries (
    municipality  text COLLATE "C" NOT NULL,
    tablet_number bigint NOT NULL,
    epoch         bigint NOT NULL,
    position      bigint NOT NULL,
    hash          bytea NOT NULL,
    previous_link bytea NOT NULL,
    link          bytea NOT NULL,
    entry_id      bytea,             -- NULL where the bytes are not an entry
    outcome       text COLLATE "C" NOT NULL,
    received_at   bigint NOT NULL,
    entry         bytea NOT NULL,
    PRIMARY KEY (municipality, tablet_number, epoch, position, hash)
) /* partitioned */;
CREATE INDEX entries_by_id ON entries (municipality, entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX entries_for_review ON entries (municipality, tablet_number, epoch) WHERE outcome <> 'delivered';

-- 訂正・取消 that were delivered: which entry they end, and whether they put another in its place.
CREATE TABLE changes (
    municipality     text COLLATE "C" NOT NULL,
    changed_entry_id bytea NOT NULL,
    entry_id         bytea NOT NULL,
    cancels          boolean NOT NULL,
    PRIMARY KEY (municipality, changed_entry_id, entry_id)
);

-- 接種: one row for each delivered entry that records a dose. The municipality that issued the coupon owns it.
-- A dose stands while no change names its entry.
CREATE TABLE doses (
    coupon_municipality text COLLATE "C" NOT NULL,
    coupon_number       text COLLATE "C" NOT NULL,
    dose                smallint NOT NULL,
    municipality        text COLLATE "C" NOT NULL,
    entry_id            bytea NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number, dose, municipality, entry_id)
) /* partitioned */;

CREATE TABLE accounts (
    name          text COLLATE "C" NOT NULL PRIMARY KEY,
    password_hash text NOT NULL,
    created_at    bigint NOT NULL
);

CREATE TABLE sessions (
    digest     bytea NOT NULL PRIMARY KEY,
    name       text COLLATE "C" NOT NULL REFERENCES accounts,
    opened_at  bigint NOT NULL,
    expires_at bigint NOT NULL
);
