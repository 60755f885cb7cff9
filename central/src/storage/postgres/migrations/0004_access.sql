-- survives: 4
-- Roles and second factors. A program of before would let in by the password alone. Whoever was signed in signs in again.

DELETE FROM sessions;

ALTER TABLE accounts ADD COLUMN role text COLLATE "C" NOT NULL DEFAULT 'support';
ALTER TABLE accounts ADD COLUMN municipality text COLLATE "C";    -- of a municipality role
ALTER TABLE accounts ADD COLUMN disabled_at bigint;

ALTER TABLE sessions ADD COLUMN stage text COLLATE "C" NOT NULL DEFAULT 'awaiting_code';
ALTER TABLE sessions ADD COLUMN sealed_secret bytea;              -- while the second factor is being set up

-- The secret is sealed under a key that is not in this database. `last_step` only grows: no code counts twice.
CREATE TABLE second_factors (
    name          text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES accounts,
    sealed_secret bytea NOT NULL,
    last_step     bigint NOT NULL,
    set_up_at     bigint NOT NULL
);

CREATE TABLE recovery_codes (
    name    text COLLATE "C" NOT NULL REFERENCES accounts,
    digest  bytea NOT NULL,
    used_at bigint,
    PRIMARY KEY (name, digest)
);
