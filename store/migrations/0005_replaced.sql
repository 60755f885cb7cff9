-- 置き換え: which tablet has this one's place, and since when, as the central's manifest says. One row at most.
CREATE TABLE replaced (
    only        INTEGER PRIMARY KEY CHECK (only = 1),
    tablet_id   TEXT    NOT NULL,
    replaced_at INTEGER NOT NULL
) STRICT;
