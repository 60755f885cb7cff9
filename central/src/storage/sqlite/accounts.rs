//! Console accounts and sessions.
//!
//! Must not: keep a password or a session's cookie; only what proves them.

use record::WallTime;
use rusqlite::{Connection, params};

use super::rows;
use crate::storage::{Account, AccountName, OpenSession, Session, StorageError};

pub(super) fn add_account(transaction: &Connection, account: &Account) -> Result<bool, StorageError> {
    let added = rows::run(
        transaction,
        "INSERT INTO accounts (name, password_hash, created_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![account.name.as_str(), account.password_hash, account.created_at.unix_ms()],
    )?;
    Ok(added == 1)
}

pub(super) fn account_password(
    connection: &Connection,
    name: &AccountName,
) -> Result<Option<String>, StorageError> {
    rows::one(connection, "SELECT password_hash FROM accounts WHERE name = ?1", [name.as_str()], |row| {
        rows::raw(row, "password_hash")
    })
}

pub(super) fn open_session(transaction: &Connection, session: &Session) -> Result<(), StorageError> {
    let opened_at = session.opened_at.unix_ms();
    rows::run(transaction, "DELETE FROM sessions WHERE expires_at <= ?1", [opened_at])?;
    rows::run(
        transaction,
        "INSERT INTO sessions (digest, name, opened_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![session.digest, session.name.as_str(), opened_at, session.expires_at.unix_ms()],
    )?;
    Ok(())
}

pub(super) fn session(
    connection: &Connection,
    digest: &[u8; 32],
    now: WallTime,
) -> Result<Option<OpenSession>, StorageError> {
    rows::one(
        connection,
        "SELECT name, expires_at FROM sessions WHERE digest = ?1 AND expires_at > ?2",
        params![digest, now.unix_ms()],
        |row| {
            Ok(OpenSession {
                name: rows::text(row, "name")?,
                expires_at: rows::wall_time(row, "expires_at")?,
            })
        },
    )
}

pub(super) fn close_session(transaction: &Connection, digest: &[u8; 32]) -> Result<(), StorageError> {
    rows::run(transaction, "DELETE FROM sessions WHERE digest = ?1", [digest])?;
    Ok(())
}
