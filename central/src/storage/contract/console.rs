//! Accounts and sessions of the console.
//!
//! Must not: know what a password or a cookie looks like.

use super::sample::NOON;
use crate::storage::{Account, AccountName, OpenSession, Session, Storage};

fn account(name: &str) -> Account {
    Account { name: name.parse().unwrap(), password_hash: format!("hash of {name}"), created_at: NOON }
}

pub(crate) async fn an_account_is_made_once(storage: &dyn Storage) {
    let name: AccountName = "support-1".parse().unwrap();
    assert_eq!(storage.account_password(name.clone()).await.unwrap(), None);
    assert!(storage.add_account(account("support-1")).await.unwrap());
    let other = Account { password_hash: "other".to_owned(), ..account("support-1") };
    assert!(!storage.add_account(other).await.unwrap());
    assert_eq!(storage.account_password(name).await.unwrap().as_deref(), Some("hash of support-1"));
}

pub(crate) async fn a_session_ends(storage: &dyn Storage) {
    storage.add_account(account("support-1")).await.unwrap();
    let name: AccountName = "support-1".parse().unwrap();
    let session = |digest: u8, opened_at: record::WallTime| Session {
        digest: [digest; 32],
        name: name.clone(),
        opened_at,
        expires_at: opened_at.plus_ms(1_000),
    };
    storage.open_session(session(1, NOON)).await.unwrap();
    let open = OpenSession { name: name.clone(), expires_at: NOON.plus_ms(1_000) };
    assert_eq!(storage.session([1; 32], NOON.plus_ms(999)).await.unwrap(), Some(open.clone()));
    assert_eq!(storage.session([1; 32], NOON.plus_ms(1_000)).await.unwrap(), None);
    assert_eq!(storage.session([2; 32], NOON).await.unwrap(), None);
    // The next one sweeps out what has ended.
    storage.open_session(session(2, NOON.plus_ms(1_000))).await.unwrap();
    assert_eq!(storage.session([1; 32], NOON).await.unwrap(), None);
    storage.close_session([2; 32]).await.unwrap();
    assert_eq!(storage.session([2; 32], NOON.plus_ms(1_000)).await.unwrap(), None);
    storage.close_session([2; 32]).await.unwrap();
}

pub(crate) async fn a_healthy_register_says_so(storage: &dyn Storage) {
    assert_eq!(storage.check().await, Ok(()));
}
