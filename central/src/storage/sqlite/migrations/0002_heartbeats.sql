-- 定期連絡: what each tablet said last.
CREATE TABLE heartbeats (
    municipality   TEXT    NOT NULL,
    tablet_number  INTEGER NOT NULL,
    received_at    INTEGER NOT NULL,
    epoch          INTEGER NOT NULL,
    position       INTEGER NOT NULL, -- 0 before the first entry
    head           TEXT    NOT NULL, -- the link there beside the one kept here: same, other, not_held
    pending        INTEGER NOT NULL,
    delivered      INTEGER NOT NULL,
    needs_review   INTEGER NOT NULL,
    set_aside      INTEGER NOT NULL,
    clock_offset_s INTEGER NOT NULL,
    release        TEXT    NOT NULL,
    free_mib       INTEGER,          -- a scale, not a number of MiB: record::wire::heartbeat::FreeSpace
    PRIMARY KEY (municipality, tablet_number),
    FOREIGN KEY (municipality, tablet_number) REFERENCES devices
) STRICT, WITHOUT ROWID;

-- The last of each quarter of an hour; a day later the next one takes its slot.
CREATE TABLE heartbeat_quarters (
    municipality   TEXT    NOT NULL,
    tablet_number  INTEGER NOT NULL,
    slot           INTEGER NOT NULL,
    received_at    INTEGER NOT NULL,
    epoch          INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    head           TEXT    NOT NULL,
    pending        INTEGER NOT NULL,
    delivered      INTEGER NOT NULL,
    needs_review   INTEGER NOT NULL,
    set_aside      INTEGER NOT NULL,
    clock_offset_s INTEGER NOT NULL,
    release        TEXT    NOT NULL,
    free_mib       INTEGER,
    PRIMARY KEY (municipality, tablet_number, slot),
    FOREIGN KEY (municipality, tablet_number) REFERENCES devices
) STRICT, WITHOUT ROWID;

-- How a municipality's tablets stood when they were last looked at in that hour; two days later the next one takes its slot.
CREATE TABLE fleet_hours (
    municipality  TEXT    NOT NULL,
    slot          INTEGER NOT NULL,
    hour          INTEGER NOT NULL, -- since 1970
    stored        INTEGER NOT NULL,
    pending       INTEGER NOT NULL,
    within_hour   INTEGER NOT NULL,
    within_day    INTEGER NOT NULL,
    longer        INTEGER NOT NULL,
    PRIMARY KEY (municipality, slot)
) STRICT, WITHOUT ROWID;
