-- 配分: cycles, the steps that were taken, orders, computed shares and populations. All of it is only ever added, and nothing of
-- a cycle after its publication.

CREATE TABLE allocation_cycles (
    cycle         INTEGER NOT NULL PRIMARY KEY, -- 1, 2, 3 … over the country
    product       TEXT    NOT NULL,
    boxes         INTEGER NOT NULL,
    doses_per_box INTEGER NOT NULL,
    by_population INTEGER NOT NULL,             -- per cent of the boxes
    orders_until  INTEGER NOT NULL,
    opened_at     INTEGER NOT NULL,
    opened_by     TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE allocation_steps (
    cycle    INTEGER NOT NULL REFERENCES allocation_cycles,
    number   INTEGER NOT NULL,                  -- 1, 2, 3 … of the cycle
    what     TEXT    NOT NULL,
    taken_at INTEGER NOT NULL,
    taken_by TEXT    NOT NULL,
    step     TEXT    NOT NULL,                  -- JSON
    PRIMARY KEY (cycle, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE allocation_orders (
    municipality  TEXT    NOT NULL,
    cycle         INTEGER NOT NULL,
    number        INTEGER NOT NULL,             -- 1, 2, 3 … of the municipality in the cycle
    facility_code TEXT    NOT NULL,             -- empty for the municipality as a whole
    boxes         INTEGER NOT NULL,
    people        INTEGER,
    ordered_at    INTEGER NOT NULL,
    ordered_by    TEXT    NOT NULL,
    PRIMARY KEY (municipality, cycle, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX allocation_orders_of_cycles ON allocation_orders (cycle);

CREATE TABLE allocation_shares (
    municipality  TEXT    NOT NULL,
    cycle         INTEGER NOT NULL,
    computation   INTEGER NOT NULL,             -- the number of the step that computed it
    facility_code TEXT    NOT NULL,             -- empty for the municipality as a whole
    share         TEXT    NOT NULL,             -- JSON
    PRIMARY KEY (municipality, cycle, computation, facility_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX allocation_shares_of_cycles ON allocation_shares (cycle, computation);

-- 12歳以上人口 as a file said; the last of each municipality counts.
CREATE TABLE allocation_populations (
    municipality TEXT    NOT NULL,
    told_at      INTEGER NOT NULL,
    people       INTEGER NOT NULL,
    told_by      TEXT    NOT NULL,
    PRIMARY KEY (municipality, told_at)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER allocation_cycles_stay BEFORE UPDATE ON allocation_cycles BEGIN SELECT raise(ABORT, 'a cycle is never changed'); END;
CREATE TRIGGER allocation_cycles_are_kept BEFORE DELETE ON allocation_cycles BEGIN SELECT raise(ABORT, 'a cycle is never deleted'); END;
CREATE TRIGGER allocation_steps_stay BEFORE UPDATE ON allocation_steps BEGIN SELECT raise(ABORT, 'a step is never changed'); END;
CREATE TRIGGER allocation_steps_are_kept BEFORE DELETE ON allocation_steps BEGIN SELECT raise(ABORT, 'a step is never deleted'); END;
CREATE TRIGGER allocation_steps_end BEFORE INSERT ON allocation_steps
    WHEN EXISTS (SELECT 1 FROM allocation_steps WHERE cycle = NEW.cycle AND what = 'published')
    BEGIN SELECT raise(ABORT, 'the cycle is published'); END;
CREATE TRIGGER allocation_orders_stay BEFORE UPDATE ON allocation_orders BEGIN SELECT raise(ABORT, 'an order is never changed'); END;
CREATE TRIGGER allocation_orders_are_kept BEFORE DELETE ON allocation_orders BEGIN SELECT raise(ABORT, 'an order is never deleted'); END;
CREATE TRIGGER allocation_shares_stay BEFORE UPDATE ON allocation_shares BEGIN SELECT raise(ABORT, 'a share is never changed'); END;
CREATE TRIGGER allocation_shares_are_kept BEFORE DELETE ON allocation_shares BEGIN SELECT raise(ABORT, 'a share is never deleted'); END;
CREATE TRIGGER allocation_shares_end BEFORE INSERT ON allocation_shares
    WHEN EXISTS (SELECT 1 FROM allocation_steps WHERE cycle = NEW.cycle AND what = 'published')
    BEGIN SELECT raise(ABORT, 'the cycle is published'); END;
CREATE TRIGGER allocation_populations_stay BEFORE UPDATE ON allocation_populations BEGIN SELECT raise(ABORT, 'a population is never changed'); END;
CREATE TRIGGER allocation_populations_are_kept BEFORE DELETE ON allocation_populations BEGIN SELECT raise(ABORT, 'a population is never deleted'); END;
