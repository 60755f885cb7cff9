-- 操作の記録: what was done with a municipality's people and records, and look-ups made and received; a chain for each
-- municipality, only ever added to. Beside it the mark by which a person is found by 氏名カナ and 生年月日.

CREATE TABLE audit (
    municipality  TEXT    NOT NULL,
    position      INTEGER NOT NULL,           -- 1, 2, 3 … of the municipality
    recorded_at   INTEGER NOT NULL,
    account       TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    content       BLOB    NOT NULL,           -- JSON, as its link covers it; nothing of a person
    person        BLOB,                       -- mark of the 宛名番号 of whom it is about
    sealed        BLOB,                       -- who that is
    previous_link BLOB    NOT NULL,
    link          BLOB    NOT NULL,
    PRIMARY KEY (municipality, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_of_kinds ON audit (municipality, kind, position);
CREATE INDEX audit_of_accounts ON audit (municipality, account, recorded_at);
CREATE INDEX audit_of_people ON audit (municipality, person, position) WHERE person IS NOT NULL;

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'a line of the audit is never changed'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'a line of the audit is never deleted'); END;

ALTER TABLE person_versions ADD COLUMN named BLOB;

-- By what name and birth date somebody is found, or once was.
CREATE TABLE person_names (
    municipality TEXT    NOT NULL,
    named        BLOB    NOT NULL,
    person       BLOB    NOT NULL,
    import       INTEGER NOT NULL,
    PRIMARY KEY (municipality, named, person)
) STRICT, WITHOUT ROWID;
