-- 端末からの在庫の記録: what tablets told of stock, and whether it is in the books: 0 waiting, 1 in the books, 2 for a person, 3 settled.

CREATE TABLE stock_told (
    municipality  TEXT    NOT NULL,  -- of the tablet
    recorded_at   INTEGER NOT NULL,  -- by the tablet's clock
    entry_id      BLOB    NOT NULL,
    tablet_number INTEGER NOT NULL,
    facility_code TEXT    NOT NULL,
    state         INTEGER NOT NULL,
    why           TEXT,              -- why it is not in the books
    entry         BLOB    NOT NULL,  -- as it came
    PRIMARY KEY (municipality, recorded_at, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_told_waiting ON stock_told (municipality, recorded_at, entry_id) WHERE state = 0;
CREATE INDEX stock_told_open ON stock_told (municipality, facility_code, recorded_at) WHERE state IN (0, 2);

-- What came before is looked at once more.
DELETE FROM gathered;
INSERT INTO decided_coupons (coupon_municipality, coupon_number)
SELECT DISTINCT coupon_municipality, coupon_number FROM decisions WHERE true ON CONFLICT DO NOTHING;
