-- survives: 10
-- 締め as tablets told them, the last of each tablet, site and day: 0 to be looked at, 1 in the books, 2 of a day before the books
-- began. What of each is in the books, and by what lines and doses are found of a lot and of a time.

CREATE TABLE stock_closings (
    municipality  text COLLATE "C" NOT NULL,  -- of the tablet
    facility_code text COLLATE "C" NOT NULL,
    closed_on     text COLLATE "C" NOT NULL,
    tablet_number bigint NOT NULL,
    epoch         bigint NOT NULL,            -- where the entry stands in the tablet's chain
    position      bigint NOT NULL,
    state         bigint NOT NULL,
    entry         bytea NOT NULL,             -- as it came
    PRIMARY KEY (municipality, facility_code, closed_on, tablet_number)
);
CREATE INDEX stock_closings_waiting ON stock_closings (municipality, facility_code, closed_on, tablet_number)
    WHERE state = 0;
CREATE INDEX stock_closings_by_day ON stock_closings (municipality, closed_on);

CREATE TABLE stock_opened (
    municipality  text COLLATE "C" NOT NULL,
    facility_code text COLLATE "C" NOT NULL,
    closed_on     text COLLATE "C" NOT NULL,
    tablet_number bigint NOT NULL,
    product       text COLLATE "C" NOT NULL,
    lot           text COLLATE "C" NOT NULL,
    storage       text COLLATE "C" NOT NULL,
    vials         bigint NOT NULL,
    expected      bigint NOT NULL,            -- doses
    gave          bigint NOT NULL,
    PRIMARY KEY (municipality, facility_code, closed_on, tablet_number, product, lot, storage)
);

CREATE INDEX stock_lines_of_lots ON stock_lines
    (municipality, (line::jsonb -> 'key' ->> 'product'), (line::jsonb -> 'key' ->> 'lot'));
CREATE INDEX stock_lines_by_time ON stock_lines (municipality, facility_code, ((line::jsonb ->> 'at')::bigint));
CREATE INDEX stock_doses_of_lots ON stock_doses (coupon_municipality, lot, given_on);

-- What came before is looked at once more.
DELETE FROM gathered;
INSERT INTO decided_coupons (coupon_municipality, coupon_number)
SELECT DISTINCT coupon_municipality, coupon_number FROM decisions ON CONFLICT DO NOTHING;
