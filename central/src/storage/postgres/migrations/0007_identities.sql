-- survives: 5
-- Accounts that an identity provider signs in (their password_hash is empty, so a program of before lets nobody in by
-- one), and the ways to it and back that were gone.

CREATE TABLE identities (
    name    text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES accounts,
    issuer  text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    UNIQUE (issuer, subject)
);

-- SHA-256 of each `state` that came back, until it would have expired: none counts twice.
CREATE TABLE spent_states (
    digest     bytea  NOT NULL PRIMARY KEY,
    expires_at bigint NOT NULL
);
