-- 締め as tablets told them, the last of each tablet, site and day: 0 to be looked at, 1 in the books, 2 of a day before the books
-- began. What of each is in the books, and by what lines and doses are found of a lot and of a time.

CREATE TABLE stock_closings (
    municipality  TEXT    NOT NULL,  -- of the tablet
    facility_code TEXT    NOT NULL,
    closed_on     TEXT    NOT NULL,
    tablet_number INTEGER NOT NULL,
    epoch         INTEGER NOT NULL,  -- where the entry stands in the tablet's chain
    position      INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    entry         BLOB    NOT NULL,  -- as it came
    PRIMARY KEY (municipality, facility_code, closed_on, tablet_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_closings_waiting ON stock_closings (municipality, facility_code, closed_on, tablet_number)
    WHERE state = 0;
CREATE INDEX stock_closings_by_day ON stock_closings (municipality, closed_on);

CREATE TABLE stock_opened (
    municipality  TEXT    NOT NULL,
    facility_code TEXT    NOT NULL,
    closed_on     TEXT    NOT NULL,
    tablet_number INTEGER NOT NULL,
    product       TEXT    NOT NULL,
    lot           TEXT    NOT NULL,
    storage       TEXT    NOT NULL,
    vials         INTEGER NOT NULL,
    expected      INTEGER NOT NULL,  -- doses
    gave          INTEGER NOT NULL,
    PRIMARY KEY (municipality, facility_code, closed_on, tablet_number, product, lot, storage)
) STRICT, WITHOUT ROWID;

CREATE INDEX stock_lines_of_lots ON stock_lines
    (municipality, json_extract(line, '$.key.product'), json_extract(line, '$.key.lot'));
CREATE INDEX stock_lines_by_time ON stock_lines (municipality, facility_code, json_extract(line, '$.at'));
CREATE INDEX stock_doses_of_lots ON stock_doses (coupon_municipality, lot, given_on);

-- What came before is looked at once more.
DELETE FROM gathered;
INSERT INTO decided_coupons (coupon_municipality, coupon_number)
SELECT DISTINCT coupon_municipality, coupon_number FROM decisions WHERE true ON CONFLICT DO NOTHING;
