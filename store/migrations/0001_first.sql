-- One row for each database this tablet began; a new one is a new epoch. `set_aside_last` is how far an earlier
-- one had come that did not open any more.
CREATE TABLE epochs (
    epoch INTEGER PRIMARY KEY CHECK (epoch >= 1),
    begun_at INTEGER NOT NULL,
    genesis BLOB NOT NULL CHECK (length(genesis) = 32),
    set_aside_last INTEGER
) STRICT;

-- Whose database this is: one row.
CREATE TABLE owner (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    tablet_id TEXT NOT NULL,
    device_key BLOB NOT NULL CHECK (length(device_key) = 32),
    epoch INTEGER NOT NULL REFERENCES epochs (epoch)
) STRICT;

-- What happened. `bytes` is the entry; the columns beside it are taken from it, for looking up.
CREATE TABLE entries (
    epoch INTEGER NOT NULL REFERENCES epochs (epoch),
    position INTEGER NOT NULL CHECK (position >= 1),
    entry_id BLOB NOT NULL UNIQUE CHECK (length(entry_id) = 16),
    kind TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_on TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    coupon_municipality TEXT,
    coupon_number TEXT,
    dose INTEGER,
    lot TEXT,
    changes BLOB UNIQUE CHECK (length(changes) = 16),
    link BLOB NOT NULL CHECK (length(link) = 32),
    bytes BLOB NOT NULL,
    PRIMARY KEY (epoch, position)
) STRICT;
CREATE INDEX entries_by_coupon ON entries (coupon_municipality, coupon_number);
CREATE INDEX entries_by_day ON entries (recorded_on);

CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
BEGIN SELECT RAISE (ABORT, 'an entry never changes'); END;

-- A receipt proves each entry it lists; it is kept whole.
CREATE TABLE receipts (
    receipt_id INTEGER PRIMARY KEY,
    received_at INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- How far each entry has come. "Being sent" is nobody's state: it lives in memory only.
CREATE TABLE uploads (
    epoch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'needs_review')),
    reason TEXT,
    receipt_id INTEGER REFERENCES receipts (receipt_id),
    PRIMARY KEY (epoch, position),
    FOREIGN KEY (epoch, position) REFERENCES entries (epoch, position),
    CHECK ((state = 'pending') = (receipt_id IS NULL)),
    CHECK (state <> 'needs_review' OR reason IS NOT NULL)
) STRICT;
CREATE INDEX uploads_waiting ON uploads (epoch, position) WHERE state = 'pending';
CREATE INDEX uploads_by_state ON uploads (state);

CREATE TRIGGER uploads_stay_delivered BEFORE UPDATE ON uploads WHEN OLD.state = 'delivered' AND NEW.state <> 'delivered'
BEGIN SELECT RAISE (ABORT, 'a delivered entry stays delivered'); END;

CREATE TRIGGER entries_stay_until_delivered BEFORE DELETE ON entries
WHEN NOT EXISTS (
    SELECT 1 FROM uploads
    WHERE uploads.epoch = OLD.epoch AND uploads.position = OLD.position AND uploads.state = 'delivered'
)
BEGIN SELECT RAISE (ABORT, 'an entry without its receipt is never deleted'); END;

-- Who did what, when.
CREATE TABLE audit (
    audit_id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    staff_id TEXT,
    action TEXT NOT NULL,
    epoch INTEGER,
    position INTEGER,
    detail TEXT
) STRICT;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit never changes'); END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit is never deleted'); END;

-- Small things that are kept between days: the day's settings, the enrolment.
CREATE TABLE kept (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
