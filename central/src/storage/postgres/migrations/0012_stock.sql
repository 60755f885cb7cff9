-- survives: 10
-- 在庫: facilities, of which kind each is, the ledger of stock, what stands in its accounts, and transfers. Kinds, lines and
-- steps are only ever added; accounts follow from the lines and are kept with them.

CREATE TABLE facilities (
    municipality   text COLLATE "C" NOT NULL,
    facility_code  text COLLATE "C" NOT NULL,
    name           text COLLATE "C" NOT NULL,
    freezer_vials  bigint NOT NULL,
    doses_per_day  bigint NOT NULL,
    latitude       bigint,                 -- millionths of a degree, both or none
    longitude      bigint,
    books_begin_on text COLLATE "C" NOT NULL,        -- doses given before that day are not in its books
    PRIMARY KEY (municipality, facility_code)
);

-- A code is one facility's, over the country.
CREATE TABLE facility_owners (
    facility_code text COLLATE "C" NOT NULL PRIMARY KEY,
    municipality  text COLLATE "C" NOT NULL
);

CREATE TABLE kind_changes (
    municipality   text COLLATE "C" NOT NULL,
    facility_code  text COLLATE "C" NOT NULL,
    number         bigint NOT NULL,        -- 1, 2, 3 … of the facility
    change         text COLLATE "C" NOT NULL,        -- JSON
    PRIMARY KEY (municipality, facility_code, number),
    FOREIGN KEY (municipality, facility_code) REFERENCES facilities
);

CREATE TABLE stock_lines (
    municipality   text COLLATE "C" NOT NULL,
    facility_code  text COLLATE "C" NOT NULL,
    number         bigint NOT NULL,        -- 1, 2, 3 … of the facility
    recorded_at    bigint NOT NULL,
    line           text COLLATE "C" NOT NULL,        -- JSON
    PRIMARY KEY (municipality, facility_code, number),
    FOREIGN KEY (municipality, facility_code) REFERENCES facilities
);

CREATE TABLE stock_accounts (
    municipality   text COLLATE "C" NOT NULL,
    facility_code  text COLLATE "C" NOT NULL,
    product        text COLLATE "C" NOT NULL,
    lot            text COLLATE "C" NOT NULL,
    storage        text COLLATE "C" NOT NULL,
    account        text COLLATE "C" NOT NULL,
    transfer       bytea NOT NULL,        -- empty but for what is in transit
    vials          bigint NOT NULL,
    doses          bigint NOT NULL,
    PRIMARY KEY (municipality, facility_code, product, lot, storage, account, transfer)
);
CREATE INDEX stock_accounts_of_lots ON stock_accounts (municipality, product, lot);

-- Of the giving municipality.
CREATE TABLE transfers (
    municipality   text COLLATE "C" NOT NULL,
    transfer_id    bytea NOT NULL,
    planned_at     bigint NOT NULL,
    planned_by     text COLLATE "C" NOT NULL,
    plan           text COLLATE "C" NOT NULL,        -- JSON
    PRIMARY KEY (municipality, transfer_id)
);

-- By which both municipalities find one, open ones first; the state follows from the steps.
CREATE TABLE transfer_sides (
    municipality   text COLLATE "C" NOT NULL,
    transfer_id    bytea NOT NULL,
    from_municipality text COLLATE "C" NOT NULL,
    planned_at     bigint NOT NULL,
    is_open        bigint NOT NULL,
    PRIMARY KEY (municipality, transfer_id)
);
CREATE INDEX transfer_sides_in_order ON transfer_sides (municipality, is_open, planned_at);

CREATE TABLE transfer_steps (
    municipality   text COLLATE "C" NOT NULL,
    transfer_id    bytea NOT NULL,
    number         bigint NOT NULL,        -- 1, 2, 3 … of the transfer
    taken_at       bigint NOT NULL,
    taken_by       text COLLATE "C" NOT NULL,
    step           text COLLATE "C" NOT NULL,        -- JSON
    PRIMARY KEY (municipality, transfer_id, number),
    FOREIGN KEY (municipality, transfer_id) REFERENCES transfers
);

-- 製品ごとの規則 as they were published last.
CREATE TABLE product_rules (
    product        text COLLATE "C" NOT NULL PRIMARY KEY,
    rule           text COLLATE "C" NOT NULL,        -- JSON
    published_at   bigint NOT NULL
);

-- Which doses the ledger knows, by coupon: where each was given of which lot, and whether it stands in that place's books.
CREATE TABLE stock_doses (
    coupon_municipality text COLLATE "C" NOT NULL,
    coupon_number       text COLLATE "C" NOT NULL,
    dose                smallint NOT NULL,
    facility_code       text COLLATE "C" NOT NULL,
    product             text COLLATE "C" NOT NULL,
    lot                 text COLLATE "C" NOT NULL,
    given_on            text COLLATE "C" NOT NULL,
    booked              bigint NOT NULL,        -- 0: not yet, 1: yes, 2: given before the books began
    PRIMARY KEY (coupon_municipality, coupon_number, dose)
);
CREATE INDEX stock_doses_unbooked ON stock_doses (facility_code, given_on) WHERE booked = 0;

-- Coupons whose doses may have changed since the ledger last looked.
CREATE TABLE stock_coupons (
    coupon_municipality text COLLATE "C" NOT NULL,
    coupon_number       text COLLATE "C" NOT NULL,
    PRIMARY KEY (coupon_municipality, coupon_number)
);

-- What came before there was a ledger is looked at once more, for the doses of the days whose books begin.
DELETE FROM gathered;
INSERT INTO decided_coupons (coupon_municipality, coupon_number)
SELECT DISTINCT coupon_municipality, coupon_number FROM decisions ON CONFLICT DO NOTHING;

-- on one machine only: Citus keeps no triggers of distributed tables.
CREATE FUNCTION stock_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'what was written of stock is never changed or deleted'; END $$;
CREATE TRIGGER kind_changes_stay BEFORE UPDATE OR DELETE ON kind_changes
    FOR EACH ROW EXECUTE FUNCTION stock_stays();
CREATE TRIGGER stock_lines_stay BEFORE UPDATE OR DELETE ON stock_lines
    FOR EACH ROW EXECUTE FUNCTION stock_stays();
CREATE TRIGGER transfers_stay BEFORE UPDATE OR DELETE ON transfers
    FOR EACH ROW EXECUTE FUNCTION stock_stays();
CREATE TRIGGER transfer_steps_stay BEFORE UPDATE OR DELETE ON transfer_steps
    FOR EACH ROW EXECUTE FUNCTION stock_stays();
