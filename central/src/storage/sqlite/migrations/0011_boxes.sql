-- 設定ファイルの箱 as they were handed out, and 復旧: whose sealed secrets were released. What a box holds is sealed; the codes
-- that open it are kept nowhere. Its tablets are those with a token of the same moment.

CREATE TABLE bundle_boxes (
    municipality    TEXT    NOT NULL,
    issued_at       INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    made_by         TEXT    REFERENCES accounts,
    file            BLOB    NOT NULL,
    PRIMARY KEY (municipality, issued_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_releases (
    municipality    TEXT    NOT NULL,
    tablet_number   INTEGER NOT NULL,
    released_at     INTEGER NOT NULL,
    asked_by        TEXT    NOT NULL REFERENCES accounts,
    allowed_by      TEXT    NOT NULL REFERENCES accounts,
    reason          TEXT    NOT NULL,
    PRIMARY KEY (municipality, tablet_number, released_at)
) STRICT, WITHOUT ROWID;
