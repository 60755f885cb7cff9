-- 判断待ち and 判断. `disputes` follows from the entries, as `doses` and `changes` do; decisions are what people said and
-- are only ever added.

CREATE TABLE disputes (
    coupon_municipality TEXT    NOT NULL,
    coupon_number       TEXT    NOT NULL,
    dose                INTEGER NOT NULL,
    municipality        TEXT    NOT NULL,
    entry_id            BLOB    NOT NULL,
    hash                BLOB    NOT NULL,
    received_at         INTEGER NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number, dose, municipality, entry_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX disputes_of_coupons ON disputes (coupon_municipality, entry_id);
CREATE INDEX disputes_of_entries ON disputes (municipality, entry_id, hash);

CREATE TABLE decisions (
    coupon_municipality   TEXT    NOT NULL,
    coupon_number         TEXT    NOT NULL,
    dose                  INTEGER NOT NULL,
    number                INTEGER NOT NULL,   -- 1, 2, 3 … of the dose; the last one holds
    replaces              INTEGER,            -- the decision before
    standing_municipality TEXT,               -- all three NULL where nothing stands
    standing_entry_id     BLOB,
    standing_hash         BLOB,
    reason                TEXT    NOT NULL,
    decided_by            TEXT    NOT NULL REFERENCES accounts,
    decided_at            INTEGER NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number, dose, number)
) STRICT, WITHOUT ROWID;

-- Every entry that the deciding person was shown. What disputes a dose and is not here waits.
CREATE TABLE considered_entries (
    coupon_municipality TEXT    NOT NULL,
    coupon_number       TEXT    NOT NULL,
    dose                INTEGER NOT NULL,
    hash                BLOB    NOT NULL,
    number              INTEGER NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number, dose, hash, number),
    FOREIGN KEY (coupon_municipality, coupon_number, dose, number) REFERENCES decisions
) STRICT, WITHOUT ROWID;

-- Coupons of which a person decided and whose doses were not gathered anew since.
CREATE TABLE decided_coupons (
    coupon_municipality TEXT NOT NULL,
    coupon_number       TEXT NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions BEGIN SELECT raise(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions BEGIN SELECT raise(ABORT, 'a decision is never deleted'); END;
CREATE TRIGGER considered_stays BEFORE UPDATE ON considered_entries BEGIN SELECT raise(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER considered_is_kept BEFORE DELETE ON considered_entries BEGIN SELECT raise(ABORT, 'a decision is never deleted'); END;

-- What disputed a dose before there was this table. The 18 digits: kind, dose, six of the municipality, ten of the number.
INSERT INTO disputes (coupon_municipality, coupon_number, dose, municipality, entry_id, hash, received_at)
SELECT substr(coupon, 3, 6), substr(coupon, 9, 10), dose, municipality, entry_id, hash, min(received_at)
FROM (
    SELECT municipality, entry_id, hash, received_at,
        coalesce(json_extract(said, '$.content.corrected.content.coupon'), json_extract(said, '$.content.coupon')) AS coupon,
        CAST(coalesce(json_extract(said, '$.content.corrected.content.day.dose'), json_extract(said, '$.content.day.dose')) AS INTEGER) AS dose
    FROM (
        SELECT municipality, entry_id, hash, received_at, CAST(entry AS TEXT) AS said FROM entries
        WHERE outcome = 'needs_review:other_content_for_same_dose'
    )
)
GROUP BY coupon, dose, municipality, entry_id, hash;
