-- What is sent down to tablets. One counter gives every change its version.
CREATE TABLE reference_version (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    version  INTEGER NOT NULL
) STRICT;

-- Lots and rules as they were published; never changed. `municipality` is empty where they are for everybody.
CREATE TABLE publications (
    version      INTEGER PRIMARY KEY,
    kind         TEXT    NOT NULL,
    municipality TEXT    NOT NULL,
    digest       BLOB    NOT NULL,
    bytes        BLOB    NOT NULL,
    published_at INTEGER NOT NULL
) STRICT;
CREATE INDEX publications_by_kind ON publications (kind, municipality, version);
CREATE INDEX publications_by_digest ON publications (digest);

-- Of which municipalities' doses a tablet is told beside its own's.
CREATE TABLE known_municipalities (
    municipality        TEXT    NOT NULL,
    tablet_number       INTEGER NOT NULL,
    coupon_municipality TEXT    NOT NULL,
    version             INTEGER NOT NULL,
    PRIMARY KEY (municipality, tablet_number, coupon_municipality)
) STRICT, WITHOUT ROWID;

-- What persons decided about single entries, for the tablets that made them.
CREATE TABLE settled_entries (
    municipality  TEXT    NOT NULL,
    tablet_number INTEGER NOT NULL,
    epoch         INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    hash          BLOB    NOT NULL,
    settlement    TEXT    NOT NULL,
    settled_at    INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    PRIMARY KEY (municipality, tablet_number, epoch, position, hash)
) STRICT, WITHOUT ROWID;

-- Which doses stand, by keyed hash, as the lists say. `waiting`: not in a list yet. A dose that is gone and whose being
-- gone is not in a list yet has no day.
CREATE TABLE told_doses (
    coupon_municipality TEXT    NOT NULL,
    coupon              BLOB    NOT NULL,
    dose                INTEGER NOT NULL,
    given_on            TEXT,
    manufacturer        TEXT,
    waiting             INTEGER NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon, dose)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_doses_waiting ON told_doses (coupon_municipality, coupon, dose) WHERE waiting;

-- Which secret of the central the hashes come of: another one begins anew.
CREATE TABLE hashed_under (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    mark     BLOB    NOT NULL
) STRICT;

-- Up to which entry doses were gathered: entries are only ever added, so their row numbers rise.
CREATE TABLE gathered (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    entry    INTEGER NOT NULL
) STRICT;

-- The lists: of all (`is_all`), then of what changed since the list before.
CREATE TABLE dose_lists (
    coupon_municipality TEXT    NOT NULL,
    version             INTEGER NOT NULL,
    is_all              INTEGER NOT NULL,
    same_as             BLOB,
    digest              BLOB    NOT NULL,
    size                INTEGER NOT NULL,
    PRIMARY KEY (coupon_municipality, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX dose_lists_by_digest ON dose_lists (digest);

CREATE TABLE dose_pieces (
    coupon_municipality TEXT    NOT NULL,
    version             INTEGER NOT NULL,
    first               INTEGER NOT NULL,
    bytes               BLOB    NOT NULL,
    PRIMARY KEY (coupon_municipality, version, first)
) STRICT;
