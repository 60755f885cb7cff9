-- survives: 10
-- 端末からの在庫の記録: what tablets told of stock, and whether it is in the books: 0 waiting, 1 in the books, 2 for a person, 3 settled.

CREATE TABLE stock_told (
    municipality  text COLLATE "C" NOT NULL,  -- of the tablet
    recorded_at   bigint NOT NULL,            -- by the tablet's clock
    entry_id      bytea NOT NULL,
    tablet_number bigint NOT NULL,
    facility_code text COLLATE "C" NOT NULL,
    state         bigint NOT NULL,
    why           text COLLATE "C",           -- why it is not in the books
    entry         bytea NOT NULL,             -- as it came
    PRIMARY KEY (municipality, recorded_at, entry_id)
);
CREATE INDEX stock_told_waiting ON stock_told (municipality, recorded_at, entry_id) WHERE state = 0;
CREATE INDEX stock_told_open ON stock_told (municipality, facility_code, recorded_at) WHERE state IN (0, 2);

-- What came before is looked at once more.
DELETE FROM gathered;
INSERT INTO decided_coupons (coupon_municipality, coupon_number)
SELECT DISTINCT coupon_municipality, coupon_number FROM decisions ON CONFLICT DO NOTHING;
