//! アカウントの管理: who may sign in, for the national administrator.
//!
//! Must not: show a password twice, or let an administrator shut themselves out.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use record::{Municipality, MunicipalityCode, MunicipalityTable};
use seal::random::SystemRandom;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{
    account_words::{AccountWords, account_words},
    forms,
    language::Chosen,
    page::{Frame, page},
    session::SignedIn,
};
use crate::{
    accounts::{self, AccountError, InitialPassword},
    audit::{self, AccountRole, Act},
    roles::{Role, RoleError, RoleKind},
    state::Central,
    storage::{AccountName, Credential, Identity, KeptAccount},
};

const PAGE: &str = "/console/accounts";
/// Rows of the page; a nation has thousands of accounts, and the search finds each.
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    frame: Frame,
    own: &'static AccountWords,
    bar: Bar,
    roles: [(RoleKind, &'static str); 4],
    searched: String,
    rows: Vec<Row>,
    has_more: bool,
    message: Option<&'static str>,
    typed: Typed,
    /// Whether an account may be bound to an identity of a provider.
    has_provider: bool,
}

#[derive(Template)]
#[template(path = "initial_password.html")]
struct PasswordPage {
    frame: Frame,
    own: &'static AccountWords,
    bar: Bar,
    account: AccountName,
    password: Zeroizing<String>,
}

/// What the head of the page says.
struct Bar {
    account: AccountName,
    role: &'static str,
    word: String,
}

struct Row {
    name: AccountName,
    role: &'static str,
    municipality: String,
    mark: &'static str,
    state: &'static str,
    /// Whom the provider signs in to it.
    identity: Option<String>,
    is_own: bool,
    is_disabled: bool,
}

/// Which accounts.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    search: String,
}

/// An account to be added.
#[derive(Deserialize)]
pub(crate) struct Added {
    word: String,
    #[serde(flatten)]
    typed: Typed,
}

/// What was typed for it.
#[derive(Default, Clone, Deserialize)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    municipality: String,
    #[serde(default)]
    subject: String,
}

/// An account to be changed.
#[derive(Deserialize)]
pub(crate) struct Named {
    word: String,
    name: String,
}

/// Why nothing was changed.
enum Refused {
    StaleForm,
    Name,
    Role(RoleError),
    Identity,
    NotYourself,
    Account(AccountError),
}

impl From<AccountError> for Refused {
    fn from(error: AccountError) -> Self {
        Self::Account(error)
    }
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Query(asked): Query<Asked>,
) -> Response {
    list(&central, &signed_in, chosen, asked.search, None).await
}

/// Adds an account; its password is shown once, where it has one.
pub(crate) async fn add(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Form(added): Form<Added>,
) -> Response {
    match try_to_add(&central, &signed_in, &added).await {
        Ok((account, Some(password))) => password_once(chosen, &signed_in, account, password),
        Ok((_, None)) => Redirect::to(PAGE).into_response(),
        Err(refused) => list(&central, &signed_in, chosen, String::new(), Some((refused, added.typed))).await,
    }
}

async fn try_to_add(
    central: &Central,
    signed_in: &SignedIn,
    added: &Added,
) -> Result<(AccountName, Option<Zeroizing<String>>), Refused> {
    if !forms::brings_word(Some(&signed_in.secret), &added.word) {
        return Err(Refused::StaleForm);
    }
    let name: AccountName = added.typed.name.trim().parse().map_err(|_| Refused::Name)?;
    let role = role(&added.typed).map_err(Refused::Role)?;
    let (now, mut random) = (central.clock.now(), SystemRandom::default());
    let storage = &*central.storage;
    let password = match identity(central, &added.typed)? {
        Some(identity) => {
            accounts::add_bound(storage, name.clone(), role, identity, now).await?;
            None
        }
        None => {
            let initial = InitialPassword::Generated;
            Some(accounts::add(storage, name.clone(), role, initial, now, &mut random).await?)
        }
    };
    if let Some(made) = AccountRole::of(role) {
        let act = Act::AccountAdded { account: name.as_str().to_owned(), role: made };
        note(central, signed_in, role, &act).await?;
    }
    tracing::info!("an account was added");
    Ok((name, password))
}

/// The identity that the account is to be bound to; none where it shall have a password.
fn identity(central: &Central, typed: &Typed) -> Result<Option<Identity>, Refused> {
    match (typed.subject.trim(), &central.provider) {
        ("", _) => Ok(None),
        (subject, Some(provider)) => {
            Ok(Some(provider.identity(subject.parse().map_err(|_| Refused::Identity)?)))
        }
        (_, None) => Err(Refused::Identity),
    }
}

fn role(typed: &Typed) -> Result<Role, RoleError> {
    let kind: RoleKind = typed.role.parse()?;
    let municipality = match typed.municipality.trim() {
        "" => None,
        code => {
            let code: MunicipalityCode = code.parse().map_err(|_| RoleError::NoMunicipality)?;
            let found = MunicipalityTable::shipped().find(code);
            Some(found.map(|found| found.code).ok_or(RoleError::NoMunicipality)?)
        }
    };
    Role::new(kind, municipality)
}

/// Lets an account in no more.
pub(crate) async fn disable(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Form(named): Form<Named>,
) -> Response {
    let disabled = async {
        let name = another(&signed_in, &named)?;
        let role = role_of(&central, &name).await?;
        accounts::disable(&*central.storage, name.clone(), central.clock.now()).await?;
        let act = Act::AccountDisabled { account: name.as_str().to_owned() };
        note(&central, &signed_in, role, &act).await?;
        tracing::info!("an account was disabled");
        Ok(())
    };
    match disabled.await {
        Ok(()) => Redirect::to(PAGE).into_response(),
        Err(refused) => {
            list(&central, &signed_in, chosen, String::new(), Some((refused, Typed::default()))).await
        }
    }
}

/// Begins an account anew, signed in to as before; a new password is shown once.
pub(crate) async fn reset(
    State(central): State<Central>,
    signed_in: SignedIn,
    chosen: Chosen,
    Form(named): Form<Named>,
) -> Response {
    let reset = async {
        let name = another(&signed_in, &named)?;
        let (initial, mut random) = (InitialPassword::Generated, SystemRandom::default());
        let storage = &*central.storage;
        let kept = storage.account(name.clone()).await.map_err(AccountError::Storage)?;
        let kept = kept.ok_or(AccountError::Unknown)?;
        let role = kept.role;
        let password = match kept.credential {
            Credential::Identity(identity) => {
                accounts::bind(storage, name.clone(), identity).await?;
                None
            }
            Credential::Password(_) => {
                Some(accounts::reset(storage, name.clone(), initial, &mut random).await?)
            }
        };
        let act = Act::AccountReset { account: name.as_str().to_owned() };
        note(&central, &signed_in, role, &act).await?;
        tracing::info!("an account was reset");
        Ok((name, password))
    };
    match reset.await {
        Ok((account, Some(password))) => password_once(chosen, &signed_in, account, password),
        Ok((_, None)) => Redirect::to(PAGE).into_response(),
        Err(refused) => {
            list(&central, &signed_in, chosen, String::new(), Some((refused, Typed::default()))).await
        }
    }
}

/// The role of an account that is there.
async fn role_of(central: &Central, name: &AccountName) -> Result<Role, AccountError> {
    let kept = central.storage.account(name.clone()).await?;
    Ok(kept.ok_or(AccountError::Unknown)?.role)
}

/// What was done with a municipality's account stands in that municipality's audit.
async fn note(central: &Central, signed_in: &SignedIn, role: Role, act: &Act) -> Result<(), AccountError> {
    let Some(municipality) = role.municipality() else { return Ok(()) };
    let line = act.line(municipality, signed_in.name.as_str(), central.clock.now());
    Ok(audit::note(&*central.storage, line).await?)
}

/// The account that a form names, unless it is one's own.
fn another(signed_in: &SignedIn, named: &Named) -> Result<AccountName, Refused> {
    if !forms::brings_word(Some(&signed_in.secret), &named.word) {
        return Err(Refused::StaleForm);
    }
    let name: AccountName = named.name.parse().map_err(|_| AccountError::Unknown)?;
    if name == signed_in.name { Err(Refused::NotYourself) } else { Ok(name) }
}

fn bar(signed_in: &SignedIn, own: &AccountWords) -> Bar {
    let (account, role) = (signed_in.name.clone(), own.role(signed_in.role.kind()));
    Bar { account, role, word: forms::word(&signed_in.secret) }
}

fn password_once(
    chosen: Chosen,
    signed_in: &SignedIn,
    account: AccountName,
    password: Zeroizing<String>,
) -> Response {
    let own = account_words(chosen.language);
    let (frame, bar) = (Frame::new(chosen.language), bar(signed_in, own));
    page(StatusCode::OK, chosen, &PasswordPage { frame, own, bar, account, password }, [])
}

async fn list(
    central: &Central,
    signed_in: &SignedIn,
    chosen: Chosen,
    searched: String,
    refused: Option<(Refused, Typed)>,
) -> Response {
    let own = account_words(chosen.language);
    let (status, message, typed) = match refused {
        None => (StatusCode::OK, None, Typed::default()),
        Some((refused, typed)) => match refused.status_and_message(own) {
            Some((status, message)) => (status, Some(message), typed),
            None => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    };
    let kept = match central.storage.accounts().await {
        Ok(kept) => kept,
        Err(error) => {
            tracing::error!(%error, "the accounts cannot be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let wanted = searched.trim().to_lowercase();
    let rows = kept.iter().map(|account| row(own, signed_in, account));
    let mut rows: Vec<Row> = rows.filter(|row| row.is_meant_by(&wanted)).take(ROWS + 1).collect();
    let has_more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let template = AccountsPage {
        frame: Frame::new(chosen.language).seen_by(signed_in.role),
        own,
        bar: bar(signed_in, own),
        roles: RoleKind::ALL.map(|kind| (kind, own.role(kind))),
        searched,
        rows,
        has_more,
        message,
        typed,
        has_provider: central.provider.is_some(),
    };
    page(status, chosen, &template, [])
}

fn row(own: &AccountWords, signed_in: &SignedIn, account: &KeptAccount) -> Row {
    let identity = match &account.credential {
        Credential::Identity(identity) => Some(identity.subject.as_str().to_owned()),
        Credential::Password(_) => None,
    };
    let (mark, state) = match (account.disabled_at, account.has_second_factor) {
        (Some(_), _) => ("quiet", own.state_disabled),
        (None, true) => ("safe", own.state_ready),
        // Whether there was a first time is not known of who needs no second factor here.
        (None, false) if identity.is_some() => ("safe", own.state_ready),
        (None, false) => ("awaited", own.state_fresh),
    };
    let municipality = account.role.municipality().map_or_else(String::new, |code| {
        let name = MunicipalityTable::shipped().find(code).map_or_else(String::new, Municipality::full_name);
        format!("{code} {name}")
    });
    Row {
        name: account.name.clone(),
        role: own.role(account.role.kind()),
        municipality,
        mark,
        state,
        identity,
        is_own: account.name == signed_in.name,
        is_disabled: account.disabled_at.is_some(),
    }
}

impl Row {
    fn is_meant_by(&self, wanted: &str) -> bool {
        let is_identity = |identity: &String| identity.to_lowercase().contains(wanted);
        self.name.as_str().contains(wanted)
            || self.municipality.contains(wanted)
            || self.identity.as_ref().is_some_and(is_identity)
    }
}

impl Refused {
    /// None where something is wrong with the central itself.
    fn status_and_message(&self, own: &'static AccountWords) -> Option<(StatusCode, &'static str)> {
        let said = match self {
            Self::StaleForm => return Some((StatusCode::FORBIDDEN, own.stale_form)),
            Self::Name => own.name_wrong,
            Self::Role(RoleError::Unknown) => own.role_wrong,
            Self::Role(RoleError::NoMunicipality) => own.municipality_needed,
            Self::Role(RoleError::Municipality) => own.municipality_needless,
            Self::Identity => own.identity_wrong,
            Self::Account(AccountError::IdentityTaken) => own.identity_taken,
            Self::NotYourself => own.not_yourself,
            Self::Account(AccountError::NameTaken) => own.name_taken,
            Self::Account(AccountError::Unknown) => own.unknown_account,
            Self::Account(
                error @ (AccountError::PasswordLength | AccountError::Seal(_) | AccountError::Storage(_)),
            ) => {
                tracing::error!(%error, "an account cannot be changed");
                return None;
            }
        };
        Some((StatusCode::UNPROCESSABLE_ENTITY, said))
    }
}
