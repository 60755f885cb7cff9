//! Console accounts and sessions.
//!
//! Must not: keep a password or a session's cookie; only what proves them.

use deadpool_postgres::Client;
use record::WallTime;

use super::{
    call::{Call, run, run_one, values},
    rows,
};
use crate::storage::{Account, AccountName, OpenSession, Session, StorageError};

pub(super) async fn add_account(client: &Client, account: &Account) -> Result<bool, StorageError> {
    let call = Call::new(
        "INSERT INTO accounts (name, password_hash, created_at) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING RETURNING name",
        values![account.name.as_str(), account.password_hash.as_str(), account.created_at.unix_ms()],
    );
    Ok(!run_one(client, call).await?.is_empty())
}

pub(super) async fn account_password(
    client: &Client,
    name: &AccountName,
) -> Result<Option<String>, StorageError> {
    let call = Call::new("SELECT password_hash FROM accounts WHERE name = $1", values![name.as_str()]);
    run_one(client, call).await?.first().map(|row| rows::raw(row, "password_hash")).transpose()
}

pub(super) async fn open_session(client: &Client, session: &Session) -> Result<(), StorageError> {
    let opened_at = session.opened_at.unix_ms();
    let calls = [
        Call::new("DELETE FROM sessions WHERE expires_at <= $1", values![opened_at]),
        Call::new(
            "INSERT INTO sessions (digest, name, opened_at, expires_at) VALUES ($1, $2, $3, $4)",
            values![session.digest.to_vec(), session.name.as_str(), opened_at, session.expires_at.unix_ms()],
        ),
    ];
    run(client, &calls).await.map(drop)
}

pub(super) async fn session(
    client: &Client,
    digest: &[u8; 32],
    now: WallTime,
) -> Result<Option<OpenSession>, StorageError> {
    let call = Call::new(
        "SELECT name, expires_at FROM sessions WHERE digest = $1 AND expires_at > $2",
        values![digest.to_vec(), now.unix_ms()],
    );
    let found = run_one(client, call).await?;
    let read = |row| {
        Ok(OpenSession { name: rows::text(row, "name")?, expires_at: rows::wall_time(row, "expires_at")? })
    };
    found.first().map(read).transpose()
}

pub(super) async fn close_session(client: &Client, digest: &[u8; 32]) -> Result<(), StorageError> {
    let call = Call::new("DELETE FROM sessions WHERE digest = $1", values![digest.to_vec()]);
    run_one(client, call).await.map(drop)
}
