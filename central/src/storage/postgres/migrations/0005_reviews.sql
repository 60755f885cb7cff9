-- survives: 5
-- 判断待ち and 判断. `disputes` follows from the entries, as `doses` and `changes` do; decisions are what people said and
-- are only ever added. A program of before would not see that a dose is decided.

CREATE TABLE disputes (
    coupon_municipality text COLLATE "C" NOT NULL,
    coupon_number       text COLLATE "C" NOT NULL,
    dose                smallint NOT NULL,
    municipality        text COLLATE "C" NOT NULL,
    entry_id            bytea NOT NULL,
    hash                bytea NOT NULL,
    received_at         bigint NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number, dose, municipality, entry_id, hash)
);
CREATE INDEX disputes_of_coupons ON disputes (coupon_municipality, entry_id);

CREATE TABLE decisions (
    coupon_municipality   text COLLATE "C" NOT NULL,
    coupon_number         text COLLATE "C" NOT NULL,
    dose                  smallint NOT NULL,
    number                bigint NOT NULL,     -- 1, 2, 3 … of the dose; the last one holds
    replaces              bigint,              -- the decision before
    standing_municipality text COLLATE "C",    -- all three NULL where nothing stands
    standing_entry_id     bytea,
    standing_hash         bytea,
    reason                text NOT NULL,
    decided_by            text COLLATE "C" NOT NULL REFERENCES accounts,
    decided_at            bigint NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number, dose, number)
);

-- Every entry that the deciding person was shown. What disputes a dose and is not here waits.
CREATE TABLE considered_entries (
    coupon_municipality text COLLATE "C" NOT NULL,
    coupon_number       text COLLATE "C" NOT NULL,
    dose                smallint NOT NULL,
    hash                bytea NOT NULL,
    number              bigint NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number, dose, hash, number)
);

-- Coupons of which a person decided and whose doses were not gathered anew since.
CREATE TABLE decided_coupons (
    coupon_municipality text COLLATE "C" NOT NULL,
    coupon_number       text COLLATE "C" NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number)
);

-- What disputed a dose before there was this table. The 18 digits: kind, dose, six of the municipality, ten of the number.
INSERT INTO disputes (coupon_municipality, coupon_number, dose, municipality, entry_id, hash, received_at)
SELECT substr(coupon, 3, 6), substr(coupon, 9, 10), dose, municipality, entry_id, hash, min(received_at)
FROM (
    SELECT municipality, entry_id, hash, received_at,
        coalesce(said #>> '{content,corrected,content,coupon}', said #>> '{content,coupon}') AS coupon,
        coalesce(said #>> '{content,corrected,content,day,dose}', said #>> '{content,day,dose}')::smallint AS dose
    FROM (
        SELECT municipality, entry_id, hash, received_at, convert_from(entry, 'UTF8')::json AS said FROM entries
        WHERE outcome = 'needs_review:other_content_for_same_dose'
    ) AS read
) AS disputing
GROUP BY coupon, dose, municipality, entry_id, hash;

-- on one machine only: Citus keeps no triggers of distributed tables.
CREATE FUNCTION decision_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a decision is never changed or deleted'; END $$;
CREATE TRIGGER decisions_stay BEFORE UPDATE OR DELETE ON decisions
    FOR EACH ROW EXECUTE FUNCTION decision_stays();
CREATE TRIGGER considered_stay BEFORE UPDATE OR DELETE ON considered_entries
    FOR EACH ROW EXECUTE FUNCTION decision_stays();
