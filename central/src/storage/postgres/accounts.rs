//! Console accounts, their second factors and sessions.
//!
//! Must not: keep a password, a recovery code or a session's cookie; only what proves them.

use deadpool_postgres::Client;
use record::{MunicipalityCode, WallTime};
use seal::totp::Step;
use tokio_postgres::Row;

use super::{
    call::{Call, run, run_one, values},
    rows,
};
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

/// `VRSI`: who binds an identity waits for who binds one at the same time.
const BINDING: i64 = 0x5652_5349;
/// In the place of a password's hash where there is no password: nothing verifies against it.
const NO_PASSWORD: &str = "";

pub(super) async fn add_account(client: &Client, account: &Account) -> Result<Added, StorageError> {
    let (name, credential) = (account.name.as_str(), &account.credential);
    client.batch_execute("BEGIN").await?;
    if is_taken(client, credential, &account.name).await? {
        client.batch_execute("ROLLBACK").await?;
        return Ok(Added::IdentityTaken);
    }
    let call = Call::new(
        "INSERT INTO accounts (name, role, municipality, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING name",
        values![
            name,
            account.role.kind().to_string(),
            account.role.municipality().map(rows::code),
            password_hash(credential),
            account.created_at.unix_ms()
        ],
    );
    let is_added = !run_one(client, call).await?.is_empty();
    if is_added {
        bind(client, name, credential).await?;
    }
    client.batch_execute("COMMIT").await?;
    Ok(if is_added { Added::Added } else { Added::NameTaken })
}

/// Whether another account has that identity. Until the transaction ends, nobody else binds one.
async fn is_taken(
    client: &Client,
    credential: &Credential,
    name: &AccountName,
) -> Result<bool, StorageError> {
    let Credential::Identity(Identity { issuer, subject }) = credential else { return Ok(false) };
    run_one(client, Call::new("SELECT pg_advisory_xact_lock($1)", values![BINDING])).await?;
    let call = Call::new(
        "SELECT 1 FROM identities WHERE issuer = $1 AND subject = $2 AND name <> $3",
        values![issuer.as_str(), subject.as_str(), name.as_str()],
    );
    Ok(!run_one(client, call).await?.is_empty())
}

/// The identity of an account's credential, where it has one.
async fn bind(client: &Client, name: &str, credential: &Credential) -> Result<(), StorageError> {
    run_one(client, Call::new("DELETE FROM identities WHERE name = $1", values![name])).await?;
    if let Credential::Identity(Identity { issuer, subject }) = credential {
        let call = Call::new(
            "INSERT INTO identities (name, issuer, subject) VALUES ($1, $2, $3)",
            values![name, issuer.as_str(), subject.as_str()],
        );
        run_one(client, call).await?;
    }
    Ok(())
}

fn password_hash(credential: &Credential) -> &str {
    match credential {
        Credential::Password(hash) => hash,
        Credential::Identity(_) => NO_PASSWORD,
    }
}

pub(super) async fn account(
    client: &Client,
    name: &AccountName,
) -> Result<Option<KeptAccount>, StorageError> {
    let call = Call::made(format!("{KEPT_ACCOUNT} WHERE accounts.name = $1"), values![name.as_str()]);
    run_one(client, call).await?.first().map(kept_account).transpose()
}

pub(super) async fn account_of(
    client: &Client,
    identity: &Identity,
) -> Result<Option<KeptAccount>, StorageError> {
    let call = Call::made(
        format!("{KEPT_ACCOUNT} WHERE issuer = $1 AND subject = $2"),
        values![identity.issuer.as_str(), identity.subject.as_str()],
    );
    run_one(client, call).await?.first().map(kept_account).transpose()
}

pub(super) async fn accounts(client: &Client) -> Result<Vec<KeptAccount>, StorageError> {
    let call = Call::made(format!("{KEPT_ACCOUNT} ORDER BY accounts.name"), values![]);
    run_one(client, call).await?.iter().map(kept_account).collect()
}

fn kept_account(row: &Row) -> Result<KeptAccount, StorageError> {
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
fn credential(row: &Row) -> Result<Credential, StorageError> {
    let issuer: Option<String> = rows::raw(row, "issuer")?;
    Ok(match issuer {
        Some(issuer) => Credential::Identity(Identity { issuer, subject: rows::text(row, "subject")? }),
        None => Credential::Password(rows::raw(row, "password_hash")?),
    })
}

/// `role` and `municipality`.
fn role(row: &Row) -> Result<Role, StorageError> {
    let kind: RoleKind = rows::text(row, "role")?;
    let code: Option<&str> = rows::raw(row, "municipality")?;
    let code: Option<MunicipalityCode> =
        code.map(|code| code.parse().map_err(|_| StorageError::Inconsistent("municipality"))).transpose()?;
    Role::new(kind, code).map_err(|_| StorageError::Inconsistent("role"))
}

pub(super) async fn disable_account(
    client: &Client,
    name: &AccountName,
    at: WallTime,
) -> Result<bool, StorageError> {
    let name = name.as_str();
    let calls = [
        Call::new("BEGIN", values![]),
        Call::new(
            "UPDATE accounts SET disabled_at = coalesce(disabled_at, $2) WHERE name = $1 RETURNING name",
            values![name, at.unix_ms()],
        ),
        Call::new("DELETE FROM sessions WHERE name = $1", values![name]),
        Call::new("COMMIT", values![]),
    ];
    Ok(run(client, &calls).await?.get(1).is_some_and(|found| !found.is_empty()))
}

pub(super) async fn reset_account(
    client: &Client,
    name: &AccountName,
    credential: &Credential,
) -> Result<BegunAnew, StorageError> {
    client.batch_execute("BEGIN").await?;
    if is_taken(client, credential, name).await? {
        client.batch_execute("ROLLBACK").await?;
        return Ok(BegunAnew::IdentityTaken);
    }
    let name = name.as_str();
    let calls = [
        Call::new(
            "UPDATE accounts SET password_hash = $2, disabled_at = NULL WHERE name = $1 RETURNING name",
            values![name, password_hash(credential)],
        ),
        Call::new("DELETE FROM second_factors WHERE name = $1", values![name]),
        Call::new("DELETE FROM recovery_codes WHERE name = $1", values![name]),
        Call::new("DELETE FROM sessions WHERE name = $1", values![name]),
    ];
    let is_there = run(client, &calls).await?.first().is_some_and(|found| !found.is_empty());
    if is_there {
        bind(client, name, credential).await?;
    }
    client.batch_execute("COMMIT").await?;
    Ok(if is_there { BegunAnew::Begun } else { BegunAnew::Unknown })
}

pub(super) async fn second_factor(
    client: &Client,
    name: &AccountName,
) -> Result<Option<SecondFactor>, StorageError> {
    let call = Call::new(
        "SELECT sealed_secret, last_step FROM second_factors WHERE name = $1",
        values![name.as_str()],
    );
    let read = |row| {
        let last_step = Step::from_number(rows::raw(row, "last_step")?);
        Ok(SecondFactor { sealed_secret: rows::raw(row, "sealed_secret")?, last_step })
    };
    run_one(client, call).await?.first().map(read).transpose()
}

/// The codes are written only where the factor is. As below, the connection must be closed on an error.
pub(super) async fn set_second_factor(
    client: &Client,
    name: &AccountName,
    factor: &FreshFactor,
) -> Result<bool, StorageError> {
    let digests: Vec<Vec<u8>> = factor.recovery.iter().map(|digest| digest.to_vec()).collect();
    let calls = [
        Call::new("BEGIN", values![]),
        // Of two that set up at once the second waits here, and finds the first's.
        Call::new("SELECT 1 FROM accounts WHERE name = $1 FOR NO KEY UPDATE", values![name.as_str()]),
        Call::new(
            "INSERT INTO recovery_codes (name, digest) SELECT $1, unnest($2::bytea[])
             WHERE NOT EXISTS (SELECT 1 FROM second_factors WHERE name = $1)",
            values![name.as_str(), digests],
        ),
        Call::new(
            "INSERT INTO second_factors (name, sealed_secret, last_step, set_up_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING RETURNING name",
            values![name.as_str(), factor.sealed_secret.clone(), factor.step.number(), factor.at.unix_ms()],
        ),
        Call::new("COMMIT", values![]),
    ];
    Ok(run(client, &calls).await?.get(3).is_some_and(|added| !added.is_empty()))
}

pub(super) async fn use_code(client: &Client, name: &AccountName, step: Step) -> Result<bool, StorageError> {
    let call = Call::new(
        "UPDATE second_factors SET last_step = $2 WHERE name = $1 AND last_step < $2 RETURNING name",
        values![name.as_str(), step.number()],
    );
    Ok(!run_one(client, call).await?.is_empty())
}

pub(super) async fn use_recovery_code(
    client: &Client,
    name: &AccountName,
    digest: &[u8; 32],
    at: WallTime,
) -> Result<bool, StorageError> {
    let call = Call::new(
        "UPDATE recovery_codes SET used_at = $3 WHERE name = $1 AND digest = $2 AND used_at IS NULL
         RETURNING name",
        values![name.as_str(), digest.to_vec(), at.unix_ms()],
    );
    Ok(!run_one(client, call).await?.is_empty())
}

pub(super) async fn open_session(client: &Client, session: &Session) -> Result<(), StorageError> {
    let sweep =
        Call::new("DELETE FROM sessions WHERE expires_at <= $1", values![session.opened_at.unix_ms()]);
    run(client, &[sweep, insert_session(session)]).await.map(drop)
}

fn insert_session(session: &Session) -> Call<'_> {
    let (stage, sealed_secret) = match &session.stage {
        Stage::SettingUp(sealed) => (SETTING_UP, Some(sealed.clone())),
        Stage::AwaitingCode => (AWAITING_CODE, None),
        Stage::Open => (OPEN, None),
    };
    Call::new(
        "INSERT INTO sessions (digest, name, stage, sealed_secret, opened_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            session.digest.to_vec(),
            session.name.as_str(),
            stage,
            sealed_secret,
            session.opened_at.unix_ms(),
            session.expires_at.unix_ms()
        ],
    )
}

/// The caller's connection must be closed on an error: its transaction may still be open.
pub(super) async fn replace_session(
    client: &Client,
    ended: &[u8; 32],
    session: &Session,
) -> Result<bool, StorageError> {
    let begin = [
        Call::new("BEGIN", values![]),
        Call::new("DELETE FROM sessions WHERE digest = $1 RETURNING digest", values![ended.to_vec()]),
    ];
    let is_there = run(client, &begin).await?.get(1).is_some_and(|found| !found.is_empty());
    if is_there {
        run_one(client, insert_session(session)).await?;
    }
    run_one(client, Call::new("COMMIT", values![])).await?;
    Ok(is_there)
}

pub(super) async fn session(
    client: &Client,
    digest: &[u8; 32],
    now: WallTime,
) -> Result<Option<OpenSession>, StorageError> {
    let call = Call::new(
        "SELECT name, role, municipality, stage, sealed_secret, expires_at
         FROM sessions JOIN accounts USING (name)
         WHERE digest = $1 AND expires_at > $2 AND disabled_at IS NULL",
        values![digest.to_vec(), now.unix_ms()],
    );
    let read = |row| {
        Ok(OpenSession {
            name: rows::text(row, "name")?,
            role: role(row)?,
            stage: stage(row)?,
            expires_at: rows::wall_time(row, "expires_at")?,
        })
    };
    run_one(client, call).await?.first().map(read).transpose()
}

/// `stage` and `sealed_secret`.
fn stage(row: &Row) -> Result<Stage, StorageError> {
    let sealed: Option<Vec<u8>> = rows::raw(row, "sealed_secret")?;
    match (rows::raw(row, "stage")?, sealed) {
        (SETTING_UP, Some(sealed)) => Ok(Stage::SettingUp(sealed)),
        (AWAITING_CODE, None) => Ok(Stage::AwaitingCode),
        (OPEN, None) => Ok(Stage::Open),
        _ => Err(StorageError::Inconsistent("stage")),
    }
}

pub(super) async fn close_session(client: &Client, digest: &[u8; 32]) -> Result<(), StorageError> {
    let call = Call::new("DELETE FROM sessions WHERE digest = $1", values![digest.to_vec()]);
    run_one(client, call).await.map(drop)
}

pub(super) async fn spend_state(
    client: &Client,
    digest: &[u8; 32],
    expires_at: WallTime,
    now: WallTime,
) -> Result<bool, StorageError> {
    let calls = [
        Call::new("DELETE FROM spent_states WHERE expires_at <= $1", values![now.unix_ms()]),
        Call::new(
            "INSERT INTO spent_states (digest, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING digest",
            values![digest.to_vec(), expires_at.unix_ms()],
        ),
    ];
    Ok(run(client, &calls).await?.pop().is_some_and(|added| !added.is_empty()))
}
