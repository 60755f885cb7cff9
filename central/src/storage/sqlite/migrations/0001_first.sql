-- The first register. The municipality that owns a row stands first in its key, so that the same tables can be
-- distributed by it. Nothing in `entries`, `changes` and `doses` is ever updated or deleted.

CREATE TABLE tablets (
    municipality  TEXT    NOT NULL,
    tablet_number INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    invited_at    INTEGER NOT NULL,
    PRIMARY KEY (municipality, tablet_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment_tokens (
    municipality  TEXT    NOT NULL,
    tablet_number INTEGER NOT NULL,
    token_digest  BLOB    NOT NULL,
    issued_at     INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    PRIMARY KEY (municipality, tablet_number, token_digest),
    FOREIGN KEY (municipality, tablet_number) REFERENCES tablets
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    municipality    TEXT    NOT NULL,
    tablet_number   INTEGER NOT NULL,
    device_key      BLOB    NOT NULL,
    enrolled_at     INTEGER NOT NULL,
    last_contact_at INTEGER NOT NULL,
    program         TEXT    NOT NULL,
    PRIMARY KEY (municipality, tablet_number),
    FOREIGN KEY (municipality, tablet_number) REFERENCES tablets
) STRICT, WITHOUT ROWID;

-- One row for each database a tablet had. `stored` counts positions, not rows: two entries that claim the same
-- place count once. Nothing is missing where stored = highest_position.
CREATE TABLE epochs (
    municipality     TEXT    NOT NULL,
    tablet_number    INTEGER NOT NULL,
    epoch            INTEGER NOT NULL,
    last_position    INTEGER NOT NULL,
    highest_position INTEGER NOT NULL,
    stored           INTEGER NOT NULL,
    clock_offset_ms  INTEGER NOT NULL,
    last_batch_at    INTEGER NOT NULL,
    PRIMARY KEY (municipality, tablet_number, epoch),
    FOREIGN KEY (municipality, tablet_number) REFERENCES devices
) STRICT, WITHOUT ROWID;

-- Every entry as it came, to the byte. The hash is in the key because two entries may claim one place: both stay.
CREATE TABLE entries (
    municipality  TEXT    NOT NULL,
    tablet_number INTEGER NOT NULL,
    epoch         INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    hash          BLOB    NOT NULL,
    previous_link BLOB    NOT NULL,
    link          BLOB    NOT NULL,
    entry_id      BLOB,             -- NULL where the bytes are not an entry
    outcome       TEXT    NOT NULL,
    received_at   INTEGER NOT NULL,
    entry         BLOB    NOT NULL,
    PRIMARY KEY (municipality, tablet_number, epoch, position, hash)
) STRICT;
CREATE INDEX entries_by_id ON entries (municipality, entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX entries_for_review ON entries (municipality, tablet_number, epoch) WHERE outcome <> 'delivered';

-- 訂正・取消 that were delivered: which entry they end, and whether they put another in its place.
CREATE TABLE changes (
    municipality     TEXT    NOT NULL,
    changed_entry_id BLOB    NOT NULL,
    entry_id         BLOB    NOT NULL,
    cancels          INTEGER NOT NULL,
    PRIMARY KEY (municipality, changed_entry_id, entry_id)
) STRICT, WITHOUT ROWID;

-- 接種: one row for each delivered entry that records a dose. The municipality that issued the coupon owns it.
-- A dose stands while no change names its entry.
CREATE TABLE doses (
    coupon_municipality TEXT    NOT NULL,
    coupon_number       TEXT    NOT NULL,
    dose                INTEGER NOT NULL,
    municipality        TEXT    NOT NULL,
    entry_id            BLOB    NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number, dose, municipality, entry_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    name          TEXT    NOT NULL PRIMARY KEY,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    digest     BLOB    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL REFERENCES accounts,
    opened_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
