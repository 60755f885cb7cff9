-- Roles and second factors. Whoever was signed in with a password alone signs in again.

DELETE FROM sessions;

ALTER TABLE accounts ADD COLUMN role TEXT NOT NULL DEFAULT 'support';
ALTER TABLE accounts ADD COLUMN municipality TEXT;    -- of a municipality role
ALTER TABLE accounts ADD COLUMN disabled_at INTEGER;

ALTER TABLE sessions ADD COLUMN stage TEXT NOT NULL DEFAULT 'awaiting_code';
ALTER TABLE sessions ADD COLUMN sealed_secret BLOB;   -- while the second factor is being set up

-- The secret is sealed under a key that is not in this file. `last_step` only grows: no code counts twice.
CREATE TABLE second_factors (
    name          TEXT    NOT NULL PRIMARY KEY REFERENCES accounts,
    sealed_secret BLOB    NOT NULL,
    last_step     INTEGER NOT NULL,
    set_up_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_codes (
    name    TEXT    NOT NULL REFERENCES accounts,
    digest  BLOB    NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (name, digest)
) STRICT, WITHOUT ROWID;
