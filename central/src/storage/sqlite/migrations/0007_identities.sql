-- Accounts that an identity provider signs in (their password_hash is empty), and the ways to it and back that were gone.

CREATE TABLE identities (
    name    TEXT NOT NULL PRIMARY KEY REFERENCES accounts,
    issuer  TEXT NOT NULL,
    subject TEXT NOT NULL,
    UNIQUE (issuer, subject)
) STRICT, WITHOUT ROWID;

-- SHA-256 of each `state` that came back, until it would have expired: none counts twice.
CREATE TABLE spent_states (
    digest     BLOB    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
