-- survives: 10
-- 配分: cycles, the steps that were taken, orders, computed shares and populations. All of it is only ever added, and nothing of
-- a cycle after its publication.

CREATE TABLE allocation_cycles (
    cycle         bigint NOT NULL PRIMARY KEY, -- 1, 2, 3 … over the country
    product       text COLLATE "C" NOT NULL,
    boxes         bigint NOT NULL,
    doses_per_box bigint NOT NULL,
    by_population bigint NOT NULL,             -- per cent of the boxes
    orders_until  bigint NOT NULL,
    opened_at     bigint NOT NULL,
    opened_by     text COLLATE "C" NOT NULL
);

CREATE TABLE allocation_steps (
    cycle    bigint NOT NULL REFERENCES allocation_cycles,
    number   bigint NOT NULL,                  -- 1, 2, 3 … of the cycle
    what     text COLLATE "C" NOT NULL,
    taken_at bigint NOT NULL,
    taken_by text COLLATE "C" NOT NULL,
    step     text COLLATE "C" NOT NULL,        -- JSON
    PRIMARY KEY (cycle, number)
);

CREATE TABLE allocation_orders (
    municipality  text COLLATE "C" NOT NULL,
    cycle         bigint NOT NULL,
    number        bigint NOT NULL,             -- 1, 2, 3 … of the municipality in the cycle
    facility_code text COLLATE "C" NOT NULL,   -- empty for the municipality as a whole
    boxes         bigint NOT NULL,
    people        bigint,
    ordered_at    bigint NOT NULL,
    ordered_by    text COLLATE "C" NOT NULL,
    PRIMARY KEY (municipality, cycle, number)
);
CREATE INDEX allocation_orders_of_cycles ON allocation_orders (cycle);

CREATE TABLE allocation_shares (
    municipality  text COLLATE "C" NOT NULL,
    cycle         bigint NOT NULL,
    computation   bigint NOT NULL,             -- the number of the step that computed it
    facility_code text COLLATE "C" NOT NULL,   -- empty for the municipality as a whole
    share         text COLLATE "C" NOT NULL,   -- JSON
    PRIMARY KEY (municipality, cycle, computation, facility_code)
);
CREATE INDEX allocation_shares_of_cycles ON allocation_shares (cycle, computation);

-- 12歳以上人口 as a file said; the last of each municipality counts.
CREATE TABLE allocation_populations (
    municipality text COLLATE "C" NOT NULL,
    told_at      bigint NOT NULL,
    people       bigint NOT NULL,
    told_by      text COLLATE "C" NOT NULL,
    PRIMARY KEY (municipality, told_at)
);

-- on one machine only: Citus keeps no triggers of distributed tables.
CREATE TRIGGER allocation_cycles_stay BEFORE UPDATE OR DELETE ON allocation_cycles
    FOR EACH ROW EXECUTE FUNCTION stock_stays();
CREATE TRIGGER allocation_steps_stay BEFORE UPDATE OR DELETE ON allocation_steps
    FOR EACH ROW EXECUTE FUNCTION stock_stays();
CREATE TRIGGER allocation_orders_stay BEFORE UPDATE OR DELETE ON allocation_orders
    FOR EACH ROW EXECUTE FUNCTION stock_stays();
CREATE TRIGGER allocation_shares_stay BEFORE UPDATE OR DELETE ON allocation_shares
    FOR EACH ROW EXECUTE FUNCTION stock_stays();
CREATE TRIGGER allocation_populations_stay BEFORE UPDATE OR DELETE ON allocation_populations
    FOR EACH ROW EXECUTE FUNCTION stock_stays();
CREATE FUNCTION allocation_ends() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM allocation_steps WHERE cycle = NEW.cycle AND what = 'published') THEN
            RAISE EXCEPTION 'nothing is added to a cycle after its publication';
        END IF;
        RETURN NEW;
    END $$;
CREATE TRIGGER allocation_steps_end BEFORE INSERT ON allocation_steps
    FOR EACH ROW EXECUTE FUNCTION allocation_ends();
CREATE TRIGGER allocation_shares_end BEFORE INSERT ON allocation_shares
    FOR EACH ROW EXECUTE FUNCTION allocation_ends();
