-- survives: 10
-- 予約: for how many doses people are booked at a facility on a day and what is expected there, and until when a municipality
-- says that a lot is good. Figures are replaced whole; who replaced them stands in the audit.

CREATE TABLE bookings (
    municipality  text COLLATE "C" NOT NULL,
    facility_code text COLLATE "C" NOT NULL,
    product       text COLLATE "C" NOT NULL,
    booked_on     text COLLATE "C" NOT NULL,
    doses         bigint NOT NULL,
    expected      bigint NOT NULL,  -- doses that are expected to be delivered that day
    PRIMARY KEY (municipality, facility_code, product, booked_on)
);

CREATE TABLE dated_lots (
    municipality text COLLATE "C" NOT NULL,
    product      text COLLATE "C" NOT NULL,
    lot          text COLLATE "C" NOT NULL,
    good_until   text COLLATE "C" NOT NULL,      -- the last day on which it may be given
    PRIMARY KEY (municipality, product, lot)
);

-- How many doses of a day are in the books: they are booked no longer.
CREATE INDEX stock_doses_of_day ON stock_doses (given_on, product, facility_code) WHERE booked = 1;
