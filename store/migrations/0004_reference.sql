-- What the central sends down. It holds as a whole from one transaction on; what is on its way lies beside it.

-- The version that holds; none before the first.
CREATE TABLE reference (
    only    INTEGER PRIMARY KEY CHECK (only = 1),
    version INTEGER NOT NULL
) STRICT;

-- Lots, received lots, rules and settled entries that hold, as they came.
CREATE TABLE documents (
    kind   TEXT PRIMARY KEY CHECK (kind IN ('lots', 'received', 'rules', 'settled')),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    bytes  BLOB NOT NULL
) STRICT;

-- Parts on their way, piece after piece.
CREATE TABLE pieces (
    digest BLOB    NOT NULL CHECK (length(digest) = 32),
    first  INTEGER NOT NULL,
    bytes  BLOB    NOT NULL,
    PRIMARY KEY (digest, first)
) STRICT;

-- Doses of other tablets, by municipality of the coupons. A new chain is filled beside the one that holds, and takes its
-- place at once; what is over is cleared away bit by bit. `head` is the last list that is in it.
CREATE TABLE dose_chains (
    chain        INTEGER PRIMARY KEY,
    municipality TEXT    NOT NULL,
    key          BLOB    NOT NULL CHECK (length(key) = 32),
    head         BLOB    NOT NULL CHECK (length(head) = 32),
    state        TEXT    NOT NULL CHECK (state IN ('filling', 'holds', 'over')),
    filled_bytes INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX dose_chains_that_hold ON dose_chains (municipality) WHERE state = 'holds';

-- Nothing was ever sent down into these.
DROP TABLE coupon_key;
DROP TABLE doses_elsewhere;
CREATE TABLE doses_elsewhere (
    chain        INTEGER NOT NULL REFERENCES dose_chains (chain),
    coupon       BLOB    NOT NULL CHECK (length(coupon) = 16),
    dose         INTEGER NOT NULL,
    given_on     TEXT    NOT NULL,
    manufacturer TEXT,
    PRIMARY KEY (chain, coupon, dose)
) STRICT, WITHOUT ROWID;

-- 確認済み: a person at the central has decided about an entry that needed review. `reason` is then what was decided.
DROP TRIGGER uploads_stay_delivered;
DROP TRIGGER entries_stay_until_delivered;
CREATE TABLE uploads_now (
    epoch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'needs_review', 'settled')),
    reason TEXT,
    receipt_id INTEGER REFERENCES receipts (receipt_id),
    PRIMARY KEY (epoch, position),
    FOREIGN KEY (epoch, position) REFERENCES entries (epoch, position),
    CHECK ((state = 'pending') = (receipt_id IS NULL)),
    CHECK (state NOT IN ('needs_review', 'settled') OR reason IS NOT NULL)
) STRICT;
INSERT INTO uploads_now SELECT epoch, position, state, reason, receipt_id FROM uploads;
DROP TABLE uploads;
ALTER TABLE uploads_now RENAME TO uploads;
CREATE INDEX uploads_waiting ON uploads (epoch, position) WHERE state = 'pending';
CREATE INDEX uploads_by_state ON uploads (state, epoch, position);

CREATE TRIGGER uploads_stay_delivered BEFORE UPDATE ON uploads WHEN OLD.state = 'delivered' AND NEW.state <> 'delivered'
BEGIN SELECT RAISE (ABORT, 'a delivered entry stays delivered'); END;

CREATE TRIGGER entries_stay_until_delivered BEFORE DELETE ON entries
WHEN NOT EXISTS (
    SELECT 1 FROM uploads
    WHERE uploads.epoch = OLD.epoch AND uploads.position = OLD.position AND uploads.state = 'delivered'
)
BEGIN SELECT RAISE (ABORT, 'an entry without its receipt is never deleted'); END;
