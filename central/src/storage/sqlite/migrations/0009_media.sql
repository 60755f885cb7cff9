-- 封緘ファイル記録簿: what was asked, allowed, made, opened and refused of sealed files; lines are only added, each linked to
-- the one before.

CREATE TABLE media_ledger (
    municipality TEXT    NOT NULL,
    number       INTEGER NOT NULL,            -- 1, 2, 3 … of the municipality
    about        TEXT    NOT NULL,            -- a 封緘番号, or what else it is about
    line         TEXT    NOT NULL,
    link         BLOB    NOT NULL,
    PRIMARY KEY (municipality, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX media_ledger_about ON media_ledger (municipality, about);

CREATE TRIGGER media_ledger_stays BEFORE UPDATE ON media_ledger BEGIN SELECT raise(ABORT, 'a line is never changed'); END;
CREATE TRIGGER media_ledger_is_kept BEFORE DELETE ON media_ledger BEGIN SELECT raise(ABORT, 'a line is never deleted'); END;
