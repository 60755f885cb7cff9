-- 予約: for how many doses people are booked at a facility on a day and what is expected there, and until when a municipality
-- says that a lot is good. Figures are replaced whole; who replaced them stands in the audit.

CREATE TABLE bookings (
    municipality  TEXT    NOT NULL,
    facility_code TEXT    NOT NULL,
    product       TEXT    NOT NULL,
    booked_on     TEXT    NOT NULL,
    doses         INTEGER NOT NULL,
    expected      INTEGER NOT NULL,  -- doses that are expected to be delivered that day
    PRIMARY KEY (municipality, facility_code, product, booked_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE dated_lots (
    municipality TEXT NOT NULL,
    product      TEXT NOT NULL,
    lot          TEXT NOT NULL,
    good_until   TEXT NOT NULL,      -- the last day on which it may be given
    PRIMARY KEY (municipality, product, lot)
) STRICT, WITHOUT ROWID;

-- How many doses of a day are in the books: they are booked no longer.
CREATE INDEX stock_doses_of_day ON stock_doses (given_on, product, facility_code) WHERE booked = 1;
