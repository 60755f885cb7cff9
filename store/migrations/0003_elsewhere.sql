-- Doses that other tablets recorded, by the keyed hash of their coupon. Replaced as a whole by what the central sends.
CREATE TABLE doses_elsewhere (
    coupon       BLOB    NOT NULL,
    dose         INTEGER NOT NULL,
    given_on     TEXT    NOT NULL,
    manufacturer TEXT,
    PRIMARY KEY (coupon, dose)
) STRICT, WITHOUT ROWID;

-- The key of those hashes, while there are any.
CREATE TABLE coupon_key (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    key  BLOB NOT NULL
) STRICT;

-- A page of the list is walked in its order instead of being sorted out of everything.
DROP INDEX uploads_by_state;
CREATE INDEX uploads_by_state ON uploads (state, epoch, position);
