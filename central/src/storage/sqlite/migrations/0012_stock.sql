-- 在庫: facilities, of which kind each is, the ledger of stock, what stands in its accounts, and transfers. Kinds, lines and
-- steps are only ever added; accounts follow from the lines and are kept with them.

CREATE TABLE facilities (
    municipality   TEXT    NOT NULL,
    facility_code  TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    freezer_vials  INTEGER NOT NULL,
    doses_per_day  INTEGER NOT NULL,
    latitude       INTEGER,                 -- millionths of a degree, both or none
    longitude      INTEGER,
    books_begin_on TEXT    NOT NULL,        -- doses given before that day are not in its books
    PRIMARY KEY (municipality, facility_code)
) STRICT, WITHOUT ROWID;

-- A code is one facility's, over the country.
CREATE TABLE facility_owners (
    facility_code TEXT NOT NULL PRIMARY KEY,
    municipality  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE kind_changes (
    municipality   TEXT    NOT NULL,
    facility_code  TEXT    NOT NULL,
    number         INTEGER NOT NULL,        -- 1, 2, 3 … of the facility
    change         TEXT    NOT NULL,        -- JSON
    PRIMARY KEY (municipality, facility_code, number),
    FOREIGN KEY (municipality, facility_code) REFERENCES facilities
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_lines (
    municipality   TEXT    NOT NULL,
    facility_code  TEXT    NOT NULL,
    number         INTEGER NOT NULL,        -- 1, 2, 3 … of the facility
    recorded_at    INTEGER NOT NULL,
    line           TEXT    NOT NULL,        -- JSON
    PRIMARY KEY (municipality, facility_code, number),
    FOREIGN KEY (municipality, facility_code) REFERENCES facilities
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_accounts (
    municipality   TEXT    NOT NULL,
    facility_code  TEXT    NOT NULL,
    product        TEXT    NOT NULL,
    lot            TEXT    NOT NULL,
    storage        TEXT    NOT NULL,
    account        TEXT    NOT NULL,
    transfer       BLOB    NOT NULL,        -- empty but for what is in transit
    vials          INTEGER NOT NULL,
    doses          INTEGER NOT NULL,
    PRIMARY KEY (municipality, facility_code, product, lot, storage, account, transfer)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_accounts_of_lots ON stock_accounts (municipality, product, lot);

-- Of the giving municipality.
CREATE TABLE transfers (
    municipality   TEXT    NOT NULL,
    transfer_id    BLOB    NOT NULL,
    planned_at     INTEGER NOT NULL,
    planned_by     TEXT    NOT NULL,
    plan           TEXT    NOT NULL,        -- JSON
    PRIMARY KEY (municipality, transfer_id)
) STRICT, WITHOUT ROWID;

-- By which both municipalities find one, open ones first; the state follows from the steps.
CREATE TABLE transfer_sides (
    municipality   TEXT    NOT NULL,
    transfer_id    BLOB    NOT NULL,
    from_municipality TEXT NOT NULL,
    planned_at     INTEGER NOT NULL,
    is_open        INTEGER NOT NULL,
    PRIMARY KEY (municipality, transfer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX transfer_sides_in_order ON transfer_sides (municipality, is_open, planned_at);

CREATE TABLE transfer_steps (
    municipality   TEXT    NOT NULL,
    transfer_id    BLOB    NOT NULL,
    number         INTEGER NOT NULL,        -- 1, 2, 3 … of the transfer
    taken_at       INTEGER NOT NULL,
    taken_by       TEXT    NOT NULL,
    step           TEXT    NOT NULL,        -- JSON
    PRIMARY KEY (municipality, transfer_id, number),
    FOREIGN KEY (municipality, transfer_id) REFERENCES transfers
) STRICT, WITHOUT ROWID;

-- 製品ごとの規則 as they were published last.
CREATE TABLE product_rules (
    product        TEXT    NOT NULL PRIMARY KEY,
    rule           TEXT    NOT NULL,        -- JSON
    published_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which doses the ledger knows, by coupon: where each was given of which lot, and whether it stands in that place's books.
CREATE TABLE stock_doses (
    coupon_municipality TEXT    NOT NULL,
    coupon_number       TEXT    NOT NULL,
    dose                INTEGER NOT NULL,
    facility_code       TEXT    NOT NULL,
    product             TEXT    NOT NULL,
    lot                 TEXT    NOT NULL,
    given_on            TEXT    NOT NULL,
    booked              INTEGER NOT NULL,        -- 0: not yet, 1: yes, 2: given before the books began
    PRIMARY KEY (coupon_municipality, coupon_number, dose)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_doses_unbooked ON stock_doses (facility_code, given_on) WHERE booked = 0;

-- Coupons whose doses may have changed since the ledger last looked.
CREATE TABLE stock_coupons (
    coupon_municipality TEXT NOT NULL,
    coupon_number       TEXT NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER kind_changes_stay BEFORE UPDATE ON kind_changes BEGIN SELECT raise(ABORT, 'a change of kind is never changed'); END;
CREATE TRIGGER kind_changes_are_kept BEFORE DELETE ON kind_changes BEGIN SELECT raise(ABORT, 'a change of kind is never deleted'); END;
CREATE TRIGGER stock_lines_stay BEFORE UPDATE ON stock_lines BEGIN SELECT raise(ABORT, 'a line of stock is never changed'); END;
CREATE TRIGGER stock_lines_are_kept BEFORE DELETE ON stock_lines BEGIN SELECT raise(ABORT, 'a line of stock is never deleted'); END;
CREATE TRIGGER transfers_stay BEFORE UPDATE ON transfers BEGIN SELECT raise(ABORT, 'a plan is never changed'); END;
CREATE TRIGGER transfers_are_kept BEFORE DELETE ON transfers BEGIN SELECT raise(ABORT, 'a transfer is never deleted'); END;
CREATE TRIGGER transfer_steps_stay BEFORE UPDATE ON transfer_steps BEGIN SELECT raise(ABORT, 'a step is never changed'); END;
CREATE TRIGGER transfer_steps_are_kept BEFORE DELETE ON transfer_steps BEGIN SELECT raise(ABORT, 'a step is never deleted'); END;

-- What came before there was a ledger is looked at once more, for the doses of the days whose books begin.
DELETE FROM gathered;
INSERT INTO decided_coupons (coupon_municipality, coupon_number)
SELECT DISTINCT coupon_municipality, coupon_number FROM decisions WHERE true ON CONFLICT DO NOTHING;
