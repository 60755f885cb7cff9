-- survives: 1
-- What is sent down to tablets: the tables of SQLite's, under the same names.

-- One counter gives every change its version; whoever changes something holds its row until the commit.
CREATE TABLE reference_version (
    only_row boolean NOT NULL PRIMARY KEY CHECK (only_row),
    version  bigint NOT NULL
);

-- Lots and rules as they were published; never changed. `municipality` is empty where they are for everybody.
CREATE TABLE publications (
    version      bigint NOT NULL PRIMARY KEY,
    kind         text COLLATE "C" NOT NULL,
    municipality text COLLATE "C" NOT NULL,
    digest       bytea NOT NULL,
    bytes        bytea NOT NULL,
    published_at bigint NOT NULL
);
CREATE INDEX publications_by_kind ON publications (kind, municipality, version);
CREATE INDEX publications_by_digest ON publications (digest);

-- Of which municipalities' doses a tablet is told beside its own's.
CREATE TABLE known_municipalities (
    municipality        text COLLATE "C" NOT NULL,
    tablet_number       bigint NOT NULL,
    coupon_municipality text COLLATE "C" NOT NULL,
    version             bigint NOT NULL,
    PRIMARY KEY (municipality, tablet_number, coupon_municipality)
);

-- What persons decided about single entries, for the tablets that made them.
CREATE TABLE settled_entries (
    municipality  text COLLATE "C" NOT NULL,
    tablet_number bigint NOT NULL,
    epoch         bigint NOT NULL,
    position      bigint NOT NULL,
    hash          bytea NOT NULL,
    settlement    text NOT NULL,
    settled_at    bigint NOT NULL,
    version       bigint NOT NULL,
    PRIMARY KEY (municipality, tablet_number, epoch, position, hash)
);

-- Which doses stand, by keyed hash, as the lists say. `waiting`: not in a list yet. A dose that is gone and whose being
-- gone is not in a list yet has no day.
CREATE TABLE told_doses (
    coupon_municipality text COLLATE "C" NOT NULL,
    coupon              bytea NOT NULL,
    dose                smallint NOT NULL,
    given_on            text,
    manufacturer        text,
    waiting             boolean NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon, dose)
) /* partitioned */;
CREATE INDEX told_doses_waiting ON told_doses (coupon_municipality, coupon, dose) WHERE waiting;

-- Which secret of the central the hashes come of: another one begins anew.
CREATE TABLE hashed_under (
    only_row boolean NOT NULL PRIMARY KEY CHECK (only_row),
    mark     bytea NOT NULL
);

-- Up to where the entries of each database of each tablet were looked at: nothing is new while `epochs` says the same.
CREATE TABLE gathered (
    municipality     text COLLATE "C" NOT NULL,
    tablet_number    bigint NOT NULL,
    epoch            bigint NOT NULL,
    highest_position bigint NOT NULL,
    stored           bigint NOT NULL,
    PRIMARY KEY (municipality, tablet_number, epoch)
);

-- The lists: of all (`is_all`), then of what changed since the list before.
CREATE TABLE dose_lists (
    coupon_municipality text COLLATE "C" NOT NULL,
    version             bigint NOT NULL,
    is_all              boolean NOT NULL,
    same_as             bytea,
    digest              bytea NOT NULL,
    size                bigint NOT NULL,
    PRIMARY KEY (coupon_municipality, version)
);
CREATE INDEX dose_lists_by_digest ON dose_lists (coupon_municipality, digest);

CREATE TABLE dose_pieces (
    coupon_municipality text COLLATE "C" NOT NULL,
    version             bigint NOT NULL,
    first               bigint NOT NULL,
    bytes               bytea NOT NULL,
    PRIMARY KEY (coupon_municipality, version, first)
);
