-- survives: 5
-- 接種対象者. A row of an import is kept once and never changed; which of a person's versions holds is a pointer. Whatever
-- could tell who somebody is lies sealed, and is found by keyed marks alone.

CREATE TABLE people_secrets (
    municipality  text COLLATE "C" NOT NULL PRIMARY KEY,
    sealed_secret bytea NOT NULL,
    made_at       bigint NOT NULL
);

CREATE TABLE people_imports (
    municipality   text COLLATE "C" NOT NULL,
    import         bigint NOT NULL,           -- 1, 2, 3 … of the municipality
    state          text COLLATE "C" NOT NULL,
    basis          bigint NOT NULL,           -- how often anything took effect or was undone before it began
    new_rows       bigint NOT NULL,
    changed_rows   bigint NOT NULL,
    unchanged_rows bigint NOT NULL,
    faulty_rows    bigint NOT NULL,
    begun_by       text COLLATE "C" NOT NULL,
    begun_at       bigint NOT NULL,
    ended_at       bigint,
    effective_by   text COLLATE "C",
    effective_at   bigint,
    undone_by      text COLLATE "C",
    undone_at      bigint,
    PRIMARY KEY (municipality, import)
);

CREATE TABLE person_versions (
    municipality    text COLLATE "C" NOT NULL,
    import          bigint NOT NULL,
    file_row        bigint NOT NULL,
    person          bytea NOT NULL,          -- mark of the 宛名番号
    coupon          bytea NOT NULL,          -- mark of the 接種券番号
    personal_number bytea,                      -- mark of the 個人番号
    content         bytea NOT NULL,          -- mark of all it says
    replaces_import bigint NOT NULL,          -- the version that held before; 0 where there was none
    replaces_row    bigint NOT NULL,
    sealed          bytea NOT NULL,
    PRIMARY KEY (municipality, import, file_row)
);

CREATE TABLE people (
    municipality text COLLATE "C" NOT NULL,
    person       bytea NOT NULL,
    import       bigint NOT NULL,
    file_row     bigint NOT NULL,
    content      bytea NOT NULL,
    PRIMARY KEY (municipality, person)
);

-- Whose a number is, or once was.
CREATE TABLE person_marks (
    municipality text COLLATE "C" NOT NULL,
    kind         bigint NOT NULL,             -- 1 接種券番号, 2 個人番号
    mark         bytea NOT NULL,
    person       bytea NOT NULL,
    import       bigint NOT NULL,
    PRIMARY KEY (municipality, kind, mark)
);
