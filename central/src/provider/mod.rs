//! 外部IDでのログイン: the identity provider of an office, spoken to by OpenID Connect – authorization code with PKCE. It
//! says who somebody is and by what that was proven.
//!
//! Must not: make an account, or take a role, a municipality or anything else but the identity from what it says; follow a
//! redirect; or be reached other than over TLS.

pub mod answers;
mod https;
pub mod settings;
mod visit;

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use record::WallTime;
use reqwest::Url;
use seal::{
    id_token::{self, Expected, Identified, TokenError},
    jws::KeySet,
};
use tokio::sync::{Mutex, MutexGuard, Semaphore};
use zeroize::Zeroizing;

use self::{
    answers::{Authentication, Document, TokenAnswer},
    https::Https,
    settings::{Labels, ProviderSettings, SecondFactorProof},
};
use crate::{console::language::Language, settings::SettingsError, storage::Identity};

pub(crate) use visit::{LASTS_MS, Visit};

/// Where the provider sends browsers back to, under the public address.
pub(crate) const RETURN: &str = "/console/provider/return";
/// What the provider publishes about itself is fetched again after this.
const KNOWN_FOR_MS: i64 = 3_600_000;
/// A key that is not known is looked for no sooner than this after the last time.
const KEYS_AGAIN_MS: i64 = 30_000;
/// Where it could not be had, nobody tries again sooner than this.
const NOT_AGAIN_MS: i64 = 3_000;
/// How long somebody waits while others ask the same.
const TURN: Duration = Duration::from_secs(10);
/// So many sign-ins speak with the provider at once.
const AT_ONCE: usize = 16;
/// A client secret is no longer than this, characters.
const MOST_SECRET: usize = 1_000;

/// The provider, ready to be asked.
pub struct Provider {
    issuer: String,
    client_id: String,
    secret: Zeroizing<String>,
    return_address: String,
    labels: Labels,
    proof: SecondFactorProof,
    https: Https,
    known: Mutex<Asked>,
    permits: Semaphore,
}

/// When it was asked last, and what came of it.
#[derive(Default)]
struct Asked {
    known: Option<Known>,
    failed_at: Option<WallTime>,
}

/// What it published when it was asked last.
#[derive(Clone)]
struct Known {
    document: Document,
    keys: KeySet,
    fetched_at: WallTime,
}

/// Why nobody is identified. Holds nothing of a person.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It cannot be reached, or does not answer as it should for now.
    #[error("{asked} cannot be had: {why}")]
    Unreachable {
        /// What was asked for.
        asked: &'static str,
        /// The network's own words, or the status.
        why: String,
    },
    /// What it answers cannot be used.
    #[error("its answer cannot be used: {0}")]
    Answer(&'static str),
    /// It does not take the code, or does not know this central.
    #[error("it refused the code")]
    Refused,
    /// Its token is not believed.
    #[error("its token is not believed: {0}")]
    Token(#[from] TokenError),
}

impl Provider {
    /// As the settings say; files are relative to `directory`. Nobody is asked yet.
    ///
    /// # Errors
    /// [`SettingsError`], also where `public_url` is under none of the central's own names.
    pub fn new(
        settings: &ProviderSettings,
        directory: &Path,
        path: &Path,
        hosts: &[String],
    ) -> Result<Self, SettingsError> {
        let wrong = |setting, range| SettingsError::Range { path: path.to_owned(), setting, range };
        let file_error = |path: &Path| {
            let path = path.to_owned();
            move |error| SettingsError::File { path, error }
        };
        let secret_path = directory.join(&settings.client_secret_file);
        let permissions = fs::metadata(&secret_path).map_err(file_error(&secret_path))?.permissions();
        if permissions.mode() & 0o007 != 0 {
            return Err(wrong(
                "identity_provider.client_secret_file",
                "a file that others cannot read (mode 0600)",
            ));
        }
        let text = Zeroizing::new(fs::read_to_string(&secret_path).map_err(file_error(&secret_path))?);
        let secret = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
        if !(1..=MOST_SECRET).contains(&secret.chars().count()) {
            return Err(wrong(
                "identity_provider.client_secret_file",
                "a file with the secret in its one line",
            ));
        }
        let authority = settings.authority.as_ref().map(|file| directory.join(file));
        let authority =
            authority.map(|path| fs::read_to_string(&path).map_err(file_error(&path))).transpose()?;
        let https = Https::new(authority.as_deref())
            .map_err(|_| wrong("identity_provider.authority", "a file with certificates in PEM"))?;
        let host = settings.public_host();
        if !hosts.contains(&host) {
            return Err(wrong(
                "identity_provider.public_url",
                "under a name that this central was made with",
            ));
        }
        Ok(Self {
            issuer: settings.issuer.clone(),
            client_id: settings.client_id.clone(),
            secret,
            return_address: format!("{}{RETURN}", settings.public_url),
            labels: settings.label.clone(),
            proof: settings.second_factor.clone(),
            https,
            known: Mutex::new(Asked::default()),
            permits: Semaphore::new(AT_ONCE),
        })
    }

    /// What the way to it is called.
    pub(crate) fn label(&self, language: Language) -> &str {
        match language {
            Language::Japanese => &self.labels.ja,
            Language::English => &self.labels.en,
        }
    }

    /// The identity of that subject with this provider.
    pub(crate) fn identity(&self, subject: seal::id_token::Subject) -> Identity {
        Identity { issuer: self.issuer.clone(), subject }
    }

    /// Whether what the provider says proves a second factor; our own is asked for where it does not.
    pub(crate) fn proves_second_factor(&self, identified: &Identified) -> bool {
        self.proof.is_met_by(identified)
    }

    /// Where a browser goes to identify itself.
    ///
    /// # Errors
    /// [`ProviderError::Unreachable`], [`ProviderError::Answer`].
    pub(crate) async fn address(&self, visit: &Visit, now: WallTime) -> Result<String, ProviderError> {
        let known = self.known(now).await?;
        let mut address: Url = known.document.authorization_endpoint;
        {
            let mut query = address.query_pairs_mut();
            query.append_pair("response_type", "code").append_pair("scope", "openid");
            query.append_pair("client_id", &self.client_id).append_pair("redirect_uri", &self.return_address);
            query.append_pair("state", &visit.state()).append_pair("nonce", &visit.nonce());
            query
                .append_pair("code_challenge", &visit.challenge())
                .append_pair("code_challenge_method", "S256");
            query.append_pair("ui_locales", visit.language().tag());
            if !self.proof.acr.is_empty() {
                query.append_pair("acr_values", &self.proof.acr.join(" "));
            }
        }
        Ok(address.into())
    }

    /// Whether an answer came from this provider and no other: RFC 9207. `from` is what it said of itself.
    ///
    /// # Errors
    /// [`TokenError::Issuer`], and as [`Provider::address`].
    pub(crate) async fn is_sender(&self, from: Option<&str>, now: WallTime) -> Result<(), ProviderError> {
        let must_say = self.known(now).await?.document.names_itself;
        match from {
            Some(from) if from == self.issuer => Ok(()),
            None if !must_say => Ok(()),
            _ => Err(TokenError::Issuer.into()),
        }
    }

    /// Who came back with that code.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub(crate) async fn identify(
        &self,
        code: &str,
        visit: &Visit,
        now: WallTime,
    ) -> Result<Identified, ProviderError> {
        let permit = tokio::time::timeout(TURN, self.permits.acquire()).await;
        let busy = || unreachable("a token", "others wait for one");
        let _permit = permit.map_err(|_| busy())?.map_err(|_| busy())?;
        let known = self.known(now).await?;
        let verifier = visit.verifier();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.return_address),
            ("code_verifier", &verifier),
        ];
        let basic = match known.document.authentication {
            Authentication::Basic => Some((self.client_id.as_str(), self.secret.as_str())),
            Authentication::Post => {
                form.extend([
                    ("client_id", self.client_id.as_str()),
                    ("client_secret", self.secret.as_str()),
                ]);
                None
            }
        };
        let answer = self.https.post(known.document.token_endpoint, &form, basic).await?;
        let token = TokenAnswer::from_json(&answer)?.id_token;
        let nonce = visit.nonce();
        let expected = Expected { issuer: &self.issuer, client_id: &self.client_id, nonce: &nonce, now };
        match id_token::check(&token, &known.keys, expected) {
            // The provider may have changed its keys since.
            Err(TokenError::UnknownKey) => {
                let keys = self.keys_again(known.fetched_at, now).await?;
                Ok(id_token::check(&token, &keys, expected)?)
            }
            checked => Ok(checked?),
        }
    }

    async fn known(&self, now: WallTime) -> Result<Known, ProviderError> {
        let mut asked = self.turn().await?;
        match &asked.known {
            Some(known) if (0..KNOWN_FOR_MS).contains(&now.ms_since(known.fetched_at)) => Ok(known.clone()),
            _ => self.ask(&mut asked, now).await,
        }
    }

    /// The keys that are published now, where those seen are not of this very moment.
    async fn keys_again(&self, seen_at: WallTime, now: WallTime) -> Result<KeySet, ProviderError> {
        let mut asked = self.turn().await?;
        match &asked.known {
            // Somebody else has fetched them meanwhile, or they were fetched just now.
            Some(known) if known.fetched_at != seen_at || now.ms_since(known.fetched_at) < KEYS_AGAIN_MS => {
                Ok(known.keys.clone())
            }
            _ => Ok(self.ask(&mut asked, now).await?.keys),
        }
    }

    async fn turn(&self) -> Result<MutexGuard<'_, Asked>, ProviderError> {
        let busy = |_| unreachable("its description", "others wait for it");
        tokio::time::timeout(TURN, self.known.lock()).await.map_err(busy)
    }

    async fn ask(&self, asked: &mut Asked, now: WallTime) -> Result<Known, ProviderError> {
        if asked.failed_at.is_some_and(|failed_at| (0..NOT_AGAIN_MS).contains(&now.ms_since(failed_at))) {
            return Err(unreachable("its description", "it failed a moment ago"));
        }
        let fetched = self.fetch(now).await;
        asked.failed_at = fetched.is_err().then_some(now);
        Ok(asked.known.insert(fetched?).clone())
    }

    async fn fetch(&self, now: WallTime) -> Result<Known, ProviderError> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let address = address.parse().map_err(|_| ProviderError::Answer("issuer"))?;
        let document = Document::from_json(&self.https.get("its description", address).await?, &self.issuer)?;
        let keys = KeySet::from_json(&self.https.get("its keys", document.keys.clone()).await?)?;
        tracing::info!("identity provider described itself");
        Ok(Known { document, keys, fetched_at: now })
    }
}

fn unreachable(asked: &'static str, why: &str) -> ProviderError {
    ProviderError::Unreachable { asked, why: why.to_owned() }
}
