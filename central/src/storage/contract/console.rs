//! Accounts, second factors and sessions of the console.
//!
//! Must not: know what a password, a secret or a cookie looks like.

use record::WallTime;
use seal::totp::Step;

use super::sample::NOON;
use crate::{
    roles::Role,
    storage::{
        Account, AccountName, Added, BegunAnew, Credential, FreshFactor, Identity, Session, Stage, Storage,
    },
};

fn account(name: &str, role: Role) -> Account {
    let credential = Credential::Password(format!("hash of {name}"));
    Account { name: name.parse().unwrap(), role, credential, created_at: NOON }
}

fn identity(issuer: &str, subject: &str) -> Identity {
    Identity { issuer: issuer.to_owned(), subject: subject.parse().unwrap() }
}

fn bound(name: &str, identity: Identity) -> Account {
    Account { credential: Credential::Identity(identity), ..account(name, Role::Support) }
}

fn name(text: &str) -> AccountName {
    text.parse().unwrap()
}

fn factor(step: i64, recovery: &[u8]) -> FreshFactor {
    let recovery = recovery.iter().map(|byte| [*byte; 32]).collect();
    FreshFactor { sealed_secret: vec![7; 48], step: Step::from_number(step), recovery, at: NOON }
}

fn session(digest: u8, name: &str, stage: Stage, opened_at: WallTime) -> Session {
    let (digest, name) = ([digest; 32], name.parse().unwrap());
    Session { digest, name, stage, opened_at, expires_at: opened_at.plus_ms(1_000) }
}

pub(crate) async fn an_account_is_made_once(storage: &dyn Storage) {
    assert!(storage.account(name("support-1")).await.unwrap().is_none());
    assert_eq!(storage.add_account(account("support-1", Role::Support)).await.unwrap(), Added::Added);
    let other = Credential::Password("other".to_owned());
    let other = Account { credential: other, ..account("support-1", Role::Support) };
    assert_eq!(storage.add_account(other).await.unwrap(), Added::NameTaken);
    let kept = storage.account(name("support-1")).await.unwrap().unwrap();
    assert!(kept.credential == account("support-1", Role::Support).credential);
    assert_eq!(kept.role, Role::Support);
    assert_eq!((kept.created_at, kept.disabled_at, kept.has_second_factor), (NOON, None, false));
}

pub(crate) async fn every_role_is_kept_with_its_municipality(storage: &dyn Storage) {
    let shibuya = "131130".parse().unwrap();
    let roles = [
        ("a", Role::MunicipalityApprover(shibuya)),
        ("b", Role::NationalAdministrator),
        ("c", Role::MunicipalityStaff(shibuya)),
        ("d", Role::Support),
    ];
    for (name, role) in roles.iter().rev() {
        assert_eq!(storage.add_account(account(name, *role)).await.unwrap(), Added::Added);
    }
    let kept = storage.accounts().await.unwrap();
    let kept: Vec<_> = kept.iter().map(|account| (account.name.as_str(), account.role)).collect();
    assert_eq!(kept, roles);
}

pub(crate) async fn a_second_factor_is_set_up_once_and_no_code_counts_twice(storage: &dyn Storage) {
    for one in ["support-1", "support-2"] {
        storage.add_account(account(one, Role::Support)).await.unwrap();
    }
    let one = || name("support-1");
    assert!(storage.second_factor(one()).await.unwrap().is_none());
    assert!(!storage.use_code(one(), Step::from_number(9)).await.unwrap(), "there is none to use");
    assert!(storage.set_second_factor(one(), factor(9, &[1, 2])).await.unwrap());
    assert!(!storage.set_second_factor(one(), factor(10, &[3])).await.unwrap());
    let kept = storage.second_factor(one()).await.unwrap().unwrap();
    assert_eq!((kept.sealed_secret, kept.last_step), (vec![7; 48], Step::from_number(9)));
    assert!(storage.account(one()).await.unwrap().unwrap().has_second_factor);

    for (step, is_new) in [(9, false), (10, true), (10, false), (9, false), (12, true)] {
        assert_eq!(storage.use_code(one(), Step::from_number(step)).await.unwrap(), is_new, "{step}");
    }
    let recover = |whose: &str, code: u8| storage.use_recovery_code(name(whose), [code; 32], NOON);
    assert!(!recover("support-2", 1).await.unwrap(), "it is another account's");
    assert!(recover("support-1", 1).await.unwrap());
    assert!(!recover("support-1", 1).await.unwrap(), "once");
    assert!(!recover("support-1", 3).await.unwrap(), "of the set-up that did not count");
    assert!(recover("support-1", 2).await.unwrap());
}

pub(crate) async fn of_two_who_use_the_same_code_one_gets_in(storage: &dyn Storage) {
    storage.add_account(account("support-1", Role::Support)).await.unwrap();
    storage.set_second_factor(name("support-1"), factor(9, &[1])).await.unwrap();
    let code = || storage.use_code(name("support-1"), Step::from_number(10));
    let recover = || storage.use_recovery_code(name("support-1"), [1; 32], NOON);
    let (one, two, three, four) = futures_util::join!(code(), code(), recover(), recover());
    assert_ne!(one.unwrap(), two.unwrap());
    assert_ne!(three.unwrap(), four.unwrap());
}

pub(crate) async fn a_disabled_account_has_no_session_until_it_is_reset(storage: &dyn Storage) {
    for one in ["support-1", "support-2"] {
        storage.add_account(account(one, Role::Support)).await.unwrap();
        storage.set_second_factor(name(one), factor(9, &[1])).await.unwrap();
    }
    storage.open_session(session(1, "support-1", Stage::Open, NOON)).await.unwrap();
    storage.open_session(session(2, "support-2", Stage::Open, NOON)).await.unwrap();
    assert!(!storage.disable_account(name("nobody"), NOON).await.unwrap());
    assert!(storage.disable_account(name("support-1"), NOON).await.unwrap());
    assert!(storage.disable_account(name("support-1"), NOON.plus_ms(5)).await.unwrap());
    let kept = || async { storage.account(name("support-1")).await.unwrap().unwrap() };
    assert_eq!(kept().await.disabled_at, Some(NOON), "since the first time");
    assert!(storage.session([1; 32], NOON).await.unwrap().is_none());
    assert!(storage.session([2; 32], NOON).await.unwrap().is_some(), "another's goes on");
    // One that is opened at that very moment lets nobody in either.
    storage.open_session(session(3, "support-1", Stage::Open, NOON)).await.unwrap();
    assert!(storage.session([3; 32], NOON).await.unwrap().is_none());

    let fresh = || Credential::Password("new hash".to_owned());
    assert_eq!(storage.reset_account(name("nobody"), fresh()).await.unwrap(), BegunAnew::Unknown);
    assert_eq!(storage.reset_account(name("support-1"), fresh()).await.unwrap(), BegunAnew::Begun);
    let again = kept().await;
    assert!(again.credential == fresh());
    assert_eq!((again.disabled_at, again.has_second_factor), (None, false));
    assert!(storage.session([3; 32], NOON).await.unwrap().is_none(), "what was open is not open again");
    assert!(!storage.use_recovery_code(name("support-1"), [1; 32], NOON).await.unwrap());
    assert!(storage.set_second_factor(name("support-1"), factor(3, &[1])).await.unwrap());
    assert!(storage.second_factor(name("support-2")).await.unwrap().is_some());
}

pub(crate) async fn a_session_ends(storage: &dyn Storage) {
    let role = Role::MunicipalityStaff("131130".parse().unwrap());
    storage.add_account(account("staff-1", role)).await.unwrap();
    let open = |digest: u8, at| session(digest, "staff-1", Stage::Open, at);
    storage.open_session(open(1, NOON)).await.unwrap();
    let found = storage.session([1; 32], NOON.plus_ms(999)).await.unwrap().unwrap();
    assert_eq!((found.name, found.role, found.expires_at), (name("staff-1"), role, NOON.plus_ms(1_000)));
    assert!(found.stage == Stage::Open);
    assert!(storage.session([1; 32], NOON.plus_ms(1_000)).await.unwrap().is_none());
    assert!(storage.session([2; 32], NOON).await.unwrap().is_none());
    // The next one sweeps out what has ended.
    storage.open_session(open(2, NOON.plus_ms(1_000))).await.unwrap();
    assert!(storage.session([1; 32], NOON).await.unwrap().is_none());
    storage.close_session([2; 32]).await.unwrap();
    assert!(storage.session([2; 32], NOON.plus_ms(1_000)).await.unwrap().is_none());
    storage.close_session([2; 32]).await.unwrap();
}

pub(crate) async fn a_session_gives_way_to_the_next_stage_once(storage: &dyn Storage) {
    storage.add_account(account("support-1", Role::Support)).await.unwrap();
    for (digest, stage) in [(1, Stage::SettingUp(vec![5; 48])), (2, Stage::AwaitingCode)] {
        storage.open_session(session(digest, "support-1", stage.clone(), NOON)).await.unwrap();
        let found = storage.session([digest; 32], NOON).await.unwrap().unwrap();
        assert!(found.stage == stage);
    }
    let next = |digest: u8| session(digest, "support-1", Stage::Open, NOON);
    assert!(storage.replace_session([2; 32], next(3)).await.unwrap());
    assert!(storage.session([2; 32], NOON).await.unwrap().is_none());
    assert!(storage.session([3; 32], NOON).await.unwrap().is_some());
    assert!(!storage.replace_session([2; 32], next(4)).await.unwrap());
    assert!(storage.session([4; 32], NOON).await.unwrap().is_none());
}

pub(crate) async fn an_identity_belongs_to_one_account(storage: &dyn Storage) {
    let (here, elsewhere) = ("https://id.example", "https://other.example");
    let add = |name: &str, identity| storage.add_account(bound(name, identity));
    assert_eq!(add("a", identity(here, "sub-1")).await.unwrap(), Added::Added);
    assert_eq!(add("b", identity(here, "sub-1")).await.unwrap(), Added::IdentityTaken);
    assert!(storage.account(name("b")).await.unwrap().is_none(), "nothing is half done");
    assert_eq!(add("a", identity(here, "sub-2")).await.unwrap(), Added::NameTaken);
    assert_eq!(add("b", identity(elsewhere, "sub-1")).await.unwrap(), Added::Added);
    assert_eq!(storage.add_account(account("c", Role::Support)).await.unwrap(), Added::Added);
    let of = |issuer: &str, subject: &str| {
        let found = storage.account_of(identity(issuer, subject));
        async { found.await.unwrap().map(|account| account.name.as_str().to_owned()) }
    };
    assert_eq!(of(here, "sub-1").await.as_deref(), Some("a"));
    assert_eq!(of(elsewhere, "sub-1").await.as_deref(), Some("b"));
    for (issuer, subject) in [(here, "sub-2"), (here, "SUB-1"), ("https://id.example/", "sub-1")] {
        assert_eq!(of(issuer, subject).await, None, "{issuer} {subject}");
    }
    let kept = storage.account(name("a")).await.unwrap().unwrap();
    assert!(kept.credential == Credential::Identity(identity(here, "sub-1")));

    // Bound anew, to another identity, and to a password again: always to one of them.
    let reset = |whose: &str, credential| storage.reset_account(name(whose), credential);
    let to = |subject: &str| Credential::Identity(identity(here, subject));
    assert_eq!(reset("c", to("sub-1")).await.unwrap(), BegunAnew::IdentityTaken);
    assert!(
        storage.account(name("c")).await.unwrap().unwrap().credential
            == account("c", Role::Support).credential
    );
    assert_eq!(reset("nobody", to("sub-3")).await.unwrap(), BegunAnew::Unknown);
    assert_eq!(of(here, "sub-3").await, None);
    assert_eq!(reset("a", to("sub-1")).await.unwrap(), BegunAnew::Begun);
    assert_eq!(reset("a", to("sub-2")).await.unwrap(), BegunAnew::Begun);
    assert_eq!((of(here, "sub-1").await, of(here, "sub-2").await.as_deref()), (None, Some("a")));
    assert_eq!(reset("a", Credential::Password("hash".to_owned())).await.unwrap(), BegunAnew::Begun);
    assert_eq!(of(here, "sub-2").await, None);
    assert_eq!(reset("c", to("sub-2")).await.unwrap(), BegunAnew::Begun);
}

pub(crate) async fn of_two_accounts_for_one_identity_one_is_made(storage: &dyn Storage) {
    let add = |name: &str| storage.add_account(bound(name, identity("https://id.example", "sub-1")));
    let (one, two) = futures_util::join!(add("a"), add("b"));
    let mut became = [one.unwrap(), two.unwrap()];
    became.sort_by_key(|became| *became != Added::Added);
    assert_eq!(became, [Added::Added, Added::IdentityTaken]);
}

pub(crate) async fn a_way_to_the_provider_and_back_counts_once(storage: &dyn Storage) {
    let spend = |digest: u8, now: WallTime| storage.spend_state([digest; 32], NOON.plus_ms(1_000), now);
    assert!(spend(1, NOON).await.unwrap());
    assert!(!spend(1, NOON).await.unwrap());
    assert!(!spend(1, NOON.plus_ms(999)).await.unwrap());
    let (one, two) = futures_util::join!(spend(2, NOON), spend(2, NOON));
    assert_ne!(one.unwrap(), two.unwrap());
    // What has expired is refused for that; it need not be remembered.
    assert!(spend(1, NOON.plus_ms(1_000)).await.unwrap());
}

pub(crate) async fn a_healthy_register_says_so(storage: &dyn Storage) {
    assert_eq!(storage.check().await, Ok(()));
}
