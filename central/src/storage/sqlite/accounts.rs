//! Console accounts, their second factors and sessions.
//!
//! Must not: keep a password, a recovery code or a session's cookie; only what proves them.

use record::{MunicipalityCode, WallTime};
use rusqlite::{Connection, Row, params};
use seal::totp::Step;

use super::rows;
use crate::{
    roles::{Role, RoleKind},
    storage::{
        Account, AccountName, Added, BegunAnew, Credential, FreshFactor, Identity, KeptAccount, OpenSession,
        SecondFactor, Session, Stage, StorageError,
    },
};

const SETTING_UP: &str = "setting_up";
const AWAITING_CODE: &str = "awaiting_code";
const OPEN: &str = "open";

const KEPT_ACCOUNT: &str = "SELECT accounts.name, role, municipality, password_hash, created_at, disabled_at,
     second_factors.name IS NOT NULL AS has_second_factor, issuer, subject
     FROM accounts LEFT JOIN second_factors USING (name) LEFT JOIN identities USING (name)";
/// In the place of a password's hash where there is no password: nothing verifies against it.
const NO_PASSWORD: &str = "";

pub(super) fn add_account(transaction: &Connection, account: &Account) -> Result<Added, StorageError> {
    if is_taken(transaction, &account.credential, &account.name)? {
        return Ok(Added::IdentityTaken);
    }
    let added = rows::run(
        transaction,
        "INSERT INTO accounts (name, role, municipality, password_hash, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        params![
            account.name.as_str(),
            account.role.kind().to_string(),
            account.role.municipality().map(|code| code.to_string()),
            password_hash(&account.credential),
            account.created_at.unix_ms()
        ],
    )?;
    if added == 0 {
        return Ok(Added::NameTaken);
    }
    bind(transaction, &account.name, &account.credential)?;
    Ok(Added::Added)
}

/// Whether another account has that identity.
fn is_taken(
    connection: &Connection,
    credential: &Credential,
    name: &AccountName,
) -> Result<bool, StorageError> {
    let Credential::Identity(Identity { issuer, subject }) = credential else { return Ok(false) };
    let sql = "SELECT 1 AS taken FROM identities WHERE issuer = ?1 AND subject = ?2 AND name <> ?3";
    let found = rows::one(connection, sql, params![issuer, subject.as_str(), name.as_str()], |row| {
        rows::raw::<i64>(row, "taken")
    });
    Ok(found?.is_some())
}

/// The identity of an account's credential, where it has one.
fn bind(transaction: &Connection, name: &AccountName, credential: &Credential) -> Result<(), StorageError> {
    rows::run(transaction, "DELETE FROM identities WHERE name = ?1", [name.as_str()])?;
    if let Credential::Identity(Identity { issuer, subject }) = credential {
        let sql = "INSERT INTO identities (name, issuer, subject) VALUES (?1, ?2, ?3)";
        rows::run(transaction, sql, params![name.as_str(), issuer, subject.as_str()])?;
    }
    Ok(())
}

fn password_hash(credential: &Credential) -> &str {
    match credential {
        Credential::Password(hash) => hash,
        Credential::Identity(_) => NO_PASSWORD,
    }
}

pub(super) fn account(
    connection: &Connection,
    name: &AccountName,
) -> Result<Option<KeptAccount>, StorageError> {
    rows::one(connection, &format!("{KEPT_ACCOUNT} WHERE accounts.name = ?1"), [name.as_str()], kept_account)
}

pub(super) fn account_of(
    connection: &Connection,
    identity: &Identity,
) -> Result<Option<KeptAccount>, StorageError> {
    let sql = format!("{KEPT_ACCOUNT} WHERE issuer = ?1 AND subject = ?2");
    rows::one(connection, &sql, params![identity.issuer, identity.subject.as_str()], kept_account)
}

pub(super) fn accounts(connection: &Connection) -> Result<Vec<KeptAccount>, StorageError> {
    rows::all(connection, &format!("{KEPT_ACCOUNT} ORDER BY accounts.name"), [], kept_account)
}

fn kept_account(row: &Row<'_>) -> Result<KeptAccount, StorageError> {
    let disabled_at: Option<i64> = rows::raw(row, "disabled_at")?;
    Ok(KeptAccount {
        name: rows::text(row, "name")?,
        role: role(row)?,
        credential: credential(row)?,
        created_at: rows::wall_time(row, "created_at")?,
        disabled_at: disabled_at.map(WallTime::from_unix_ms),
        has_second_factor: rows::raw(row, "has_second_factor")?,
    })
}

/// `issuer` and `subject`, or else `password_hash`.
fn credential(row: &Row<'_>) -> Result<Credential, StorageError> {
    let issuer: Option<String> = rows::raw(row, "issuer")?;
    Ok(match issuer {
        Some(issuer) => Credential::Identity(Identity { issuer, subject: rows::text(row, "subject")? }),
        None => Credential::Password(rows::raw(row, "password_hash")?),
    })
}

/// `role` and `municipality`.
fn role(row: &Row<'_>) -> Result<Role, StorageError> {
    let kind: RoleKind = rows::text(row, "role")?;
    let code: Option<String> = rows::raw(row, "municipality")?;
    let code: Option<MunicipalityCode> =
        code.map(|code| code.parse().map_err(|_| StorageError::Inconsistent("municipality"))).transpose()?;
    Role::new(kind, code).map_err(|_| StorageError::Inconsistent("role"))
}

pub(super) fn disable_account(
    transaction: &Connection,
    name: &AccountName,
    at: WallTime,
) -> Result<bool, StorageError> {
    let sql = "UPDATE accounts SET disabled_at = coalesce(disabled_at, ?2) WHERE name = ?1";
    let found = rows::run(transaction, sql, params![name.as_str(), at.unix_ms()])?;
    rows::run(transaction, "DELETE FROM sessions WHERE name = ?1", [name.as_str()])?;
    Ok(found == 1)
}

pub(super) fn reset_account(
    transaction: &Connection,
    name: &AccountName,
    credential: &Credential,
) -> Result<BegunAnew, StorageError> {
    if is_taken(transaction, credential, name)? {
        return Ok(BegunAnew::IdentityTaken);
    }
    let sql = "UPDATE accounts SET password_hash = ?2, disabled_at = NULL WHERE name = ?1";
    if rows::run(transaction, sql, params![name.as_str(), password_hash(credential)])? == 0 {
        return Ok(BegunAnew::Unknown);
    }
    bind(transaction, name, credential)?;
    for sql in [
        "DELETE FROM second_factors WHERE name = ?1",
        "DELETE FROM recovery_codes WHERE name = ?1",
        "DELETE FROM sessions WHERE name = ?1",
    ] {
        rows::run(transaction, sql, [name.as_str()])?;
    }
    Ok(BegunAnew::Begun)
}

pub(super) fn second_factor(
    connection: &Connection,
    name: &AccountName,
) -> Result<Option<SecondFactor>, StorageError> {
    let sql = "SELECT sealed_secret, last_step FROM second_factors WHERE name = ?1";
    rows::one(connection, sql, [name.as_str()], |row| {
        let last_step = Step::from_number(rows::raw(row, "last_step")?);
        Ok(SecondFactor { sealed_secret: rows::raw(row, "sealed_secret")?, last_step })
    })
}

pub(super) fn set_second_factor(
    transaction: &Connection,
    name: &AccountName,
    factor: &FreshFactor,
) -> Result<bool, StorageError> {
    let added = rows::run(
        transaction,
        "INSERT INTO second_factors (name, sealed_secret, last_step, set_up_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
        params![name.as_str(), factor.sealed_secret, factor.step.number(), factor.at.unix_ms()],
    )?;
    if added == 0 {
        return Ok(false);
    }
    for digest in &factor.recovery {
        let sql = "INSERT INTO recovery_codes (name, digest) VALUES (?1, ?2)";
        rows::run(transaction, sql, params![name.as_str(), digest])?;
    }
    Ok(true)
}

pub(super) fn use_code(
    transaction: &Connection,
    name: &AccountName,
    step: Step,
) -> Result<bool, StorageError> {
    let sql = "UPDATE second_factors SET last_step = ?2 WHERE name = ?1 AND last_step < ?2";
    Ok(rows::run(transaction, sql, params![name.as_str(), step.number()])? == 1)
}

pub(super) fn use_recovery_code(
    transaction: &Connection,
    name: &AccountName,
    digest: &[u8; 32],
    at: WallTime,
) -> Result<bool, StorageError> {
    let sql = "UPDATE recovery_codes SET used_at = ?3 WHERE name = ?1 AND digest = ?2 AND used_at IS NULL";
    Ok(rows::run(transaction, sql, params![name.as_str(), digest, at.unix_ms()])? == 1)
}

pub(super) fn open_session(transaction: &Connection, session: &Session) -> Result<(), StorageError> {
    let opened_at = session.opened_at.unix_ms();
    rows::run(transaction, "DELETE FROM sessions WHERE expires_at <= ?1", [opened_at])?;
    let (stage, sealed_secret) = match &session.stage {
        Stage::SettingUp(sealed) => (SETTING_UP, Some(sealed)),
        Stage::AwaitingCode => (AWAITING_CODE, None),
        Stage::Open => (OPEN, None),
    };
    rows::run(
        transaction,
        "INSERT INTO sessions (digest, name, stage, sealed_secret, opened_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            session.digest,
            session.name.as_str(),
            stage,
            sealed_secret,
            opened_at,
            session.expires_at.unix_ms()
        ],
    )?;
    Ok(())
}

pub(super) fn replace_session(
    transaction: &Connection,
    ended: &[u8; 32],
    session: &Session,
) -> Result<bool, StorageError> {
    let is_there = rows::run(transaction, "DELETE FROM sessions WHERE digest = ?1", [ended])? == 1;
    if is_there {
        open_session(transaction, session)?;
    }
    Ok(is_there)
}

pub(super) fn session(
    connection: &Connection,
    digest: &[u8; 32],
    now: WallTime,
) -> Result<Option<OpenSession>, StorageError> {
    rows::one(
        connection,
        "SELECT name, role, municipality, stage, sealed_secret, expires_at
         FROM sessions JOIN accounts USING (name)
         WHERE digest = ?1 AND expires_at > ?2 AND disabled_at IS NULL",
        params![digest, now.unix_ms()],
        |row| {
            Ok(OpenSession {
                name: rows::text(row, "name")?,
                role: role(row)?,
                stage: stage(row)?,
                expires_at: rows::wall_time(row, "expires_at")?,
            })
        },
    )
}

/// `stage` and `sealed_secret`.
fn stage(row: &Row<'_>) -> Result<Stage, StorageError> {
    let stage: String = rows::raw(row, "stage")?;
    let sealed: Option<Vec<u8>> = rows::raw(row, "sealed_secret")?;
    match (stage.as_str(), sealed) {
        (SETTING_UP, Some(sealed)) => Ok(Stage::SettingUp(sealed)),
        (AWAITING_CODE, None) => Ok(Stage::AwaitingCode),
        (OPEN, None) => Ok(Stage::Open),
        _ => Err(StorageError::Inconsistent("stage")),
    }
}

pub(super) fn close_session(transaction: &Connection, digest: &[u8; 32]) -> Result<(), StorageError> {
    rows::run(transaction, "DELETE FROM sessions WHERE digest = ?1", [digest])?;
    Ok(())
}

pub(super) fn spend_state(
    transaction: &Connection,
    digest: &[u8; 32],
    expires_at: WallTime,
    now: WallTime,
) -> Result<bool, StorageError> {
    rows::run(transaction, "DELETE FROM spent_states WHERE expires_at <= ?1", [now.unix_ms()])?;
    let sql = "INSERT INTO spent_states (digest, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    Ok(rows::run(transaction, sql, params![digest, expires_at.unix_ms()])? == 1)
}
