-- survives: 1
-- 定期連絡: what each tablet said last. Room in the pages, because the same rows are written again and again.
CREATE TABLE heartbeats (
    municipality   text COLLATE "C" NOT NULL,
    tablet_number  bigint NOT NULL,
    received_at    bigint NOT NULL,
    epoch          bigint NOT NULL,
    position       bigint NOT NULL, -- 0 before the first entry
    head           text NOT NULL,   -- the link there beside the one kept here: same, other, not_held
    pending        bigint NOT NULL,
    delivered      bigint NOT NULL,
    needs_review   bigint NOT NULL,
    set_aside      bigint NOT NULL,
    clock_offset_s bigint NOT NULL,
    release        text NOT NULL,
    free_mib       bigint,          -- a scale, not a number of MiB: record::wire::heartbeat::FreeSpace
    PRIMARY KEY (municipality, tablet_number)
) WITH (fillfactor = 60);

-- The last of each quarter of an hour; a day later the next one takes its slot.
CREATE TABLE heartbeat_quarters (
    municipality   text COLLATE "C" NOT NULL,
    tablet_number  bigint NOT NULL,
    slot           bigint NOT NULL,
    received_at    bigint NOT NULL,
    epoch          bigint NOT NULL,
    position       bigint NOT NULL,
    head           text NOT NULL,
    pending        bigint NOT NULL,
    delivered      bigint NOT NULL,
    needs_review   bigint NOT NULL,
    set_aside      bigint NOT NULL,
    clock_offset_s bigint NOT NULL,
    release        text NOT NULL,
    free_mib       bigint,
    PRIMARY KEY (municipality, tablet_number, slot)
) WITH (fillfactor = 80);

-- How a municipality's tablets stood when they were last looked at in that hour; two days later the next one takes its slot.
CREATE TABLE fleet_hours (
    municipality  text COLLATE "C" NOT NULL,
    slot          bigint NOT NULL,
    hour          bigint NOT NULL, -- since 1970
    stored        bigint NOT NULL,
    pending       bigint NOT NULL,
    within_hour   bigint NOT NULL,
    within_day    bigint NOT NULL,
    longer        bigint NOT NULL,
    PRIMARY KEY (municipality, slot)
) WITH (fillfactor = 60);
