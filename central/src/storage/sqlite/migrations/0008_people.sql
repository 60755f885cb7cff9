-- 接種対象者. A row of an import is kept once and never changed; which of a person's versions holds is a pointer. Whatever
-- could tell who somebody is lies sealed, and is found by keyed marks alone.

CREATE TABLE people_secrets (
    municipality  TEXT    NOT NULL PRIMARY KEY,
    sealed_secret BLOB    NOT NULL,
    made_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE people_imports (
    municipality   TEXT    NOT NULL,
    import         INTEGER NOT NULL,          -- 1, 2, 3 … of the municipality
    state          TEXT    NOT NULL,
    basis          INTEGER NOT NULL,          -- how often anything took effect or was undone before it began
    new_rows       INTEGER NOT NULL,
    changed_rows   INTEGER NOT NULL,
    unchanged_rows INTEGER NOT NULL,
    faulty_rows    INTEGER NOT NULL,
    begun_by       TEXT    NOT NULL,
    begun_at       INTEGER NOT NULL,
    ended_at       INTEGER,
    effective_by   TEXT,
    effective_at   INTEGER,
    undone_by      TEXT,
    undone_at      INTEGER,
    PRIMARY KEY (municipality, import)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_versions (
    municipality    TEXT    NOT NULL,
    import          INTEGER NOT NULL,
    file_row        INTEGER NOT NULL,
    person          BLOB    NOT NULL,         -- mark of the 宛名番号
    coupon          BLOB    NOT NULL,         -- mark of the 接種券番号
    personal_number BLOB,                     -- mark of the 個人番号
    content         BLOB    NOT NULL,         -- mark of all it says
    replaces_import INTEGER NOT NULL,         -- the version that held before; 0 where there was none
    replaces_row    INTEGER NOT NULL,
    sealed          BLOB    NOT NULL,
    PRIMARY KEY (municipality, import, file_row)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
    municipality TEXT    NOT NULL,
    person       BLOB    NOT NULL,
    import       INTEGER NOT NULL,
    file_row     INTEGER NOT NULL,
    content      BLOB    NOT NULL,
    PRIMARY KEY (municipality, person)
) STRICT, WITHOUT ROWID;

-- Whose a number is, or once was.
CREATE TABLE person_marks (
    municipality TEXT    NOT NULL,
    kind         INTEGER NOT NULL,            -- 1 接種券番号, 2 個人番号
    mark         BLOB    NOT NULL,
    person       BLOB    NOT NULL,
    import       INTEGER NOT NULL,
    PRIMARY KEY (municipality, kind, mark)
) STRICT, WITHOUT ROWID;
