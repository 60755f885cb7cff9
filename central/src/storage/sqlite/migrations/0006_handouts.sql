-- 配布の記録: bundles that were revoked, tablets whose place another took, positions that were declared lost.

ALTER TABLE enrolment_tokens ADD COLUMN revoked_at INTEGER;
ALTER TABLE enrolment_tokens ADD COLUMN revoked_by TEXT;
ALTER TABLE enrolment_tokens ADD COLUMN revoke_reason TEXT;

CREATE TABLE replaced_tablets (
    municipality    TEXT    NOT NULL,
    tablet_number   INTEGER NOT NULL,
    replaced_by     INTEGER NOT NULL,
    replaced_at     INTEGER NOT NULL,
    declared_by     TEXT    NOT NULL REFERENCES accounts,
    reason          TEXT    NOT NULL,
    version         INTEGER NOT NULL,
    PRIMARY KEY (municipality, tablet_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE lost_positions (
    municipality    TEXT    NOT NULL,
    tablet_number   INTEGER NOT NULL,
    epoch           INTEGER NOT NULL,
    first           INTEGER NOT NULL,
    last            INTEGER NOT NULL,
    declared_at     INTEGER NOT NULL,
    declared_by     TEXT    NOT NULL REFERENCES accounts,
    reason          TEXT    NOT NULL,
    PRIMARY KEY (municipality, tablet_number, epoch, first, last)
) STRICT, WITHOUT ROWID;
