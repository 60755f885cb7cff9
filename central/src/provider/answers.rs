//! What a provider answers: its description of itself (OpenID Connect Discovery 1.0), and the token for a code.
//!
//! Must not: ask, or believe a description of another issuer.

use reqwest::Url;
use serde::Deserialize;

use super::ProviderError;

/// What of its description is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where browsers go.
    pub authorization_endpoint: Url,
    /// Where codes become tokens.
    pub token_endpoint: Url,
    /// Where its keys are published.
    pub keys: Url,
    /// How it wants to know that it is this central that asks.
    pub authentication: Authentication,
    /// Whether it names itself in every answer (RFC 9207); one that does not is then another's.
    pub names_itself: bool,
}

/// How the client secret is brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// `client_secret_basic`, also where the provider says nothing.
    Basic,
    /// `client_secret_post`.
    Post,
}

/// What the token endpoint answers. No `Debug`: a token is a secret for its lifetime.
#[derive(Deserialize)]
pub struct TokenAnswer {
    /// IDトークン, not checked yet. The access token beside it is not wanted and not kept.
    pub id_token: String,
}

#[derive(Deserialize)]
struct Published {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Document {
    /// Reads the description of that issuer.
    ///
    /// # Errors
    /// [`ProviderError::Answer`] where it is another's, not whole, or leads anywhere without TLS.
    pub fn from_json(bytes: &[u8], issuer: &str) -> Result<Self, ProviderError> {
        let unusable = ProviderError::Answer;
        let published: Published = serde_json::from_slice(bytes).map_err(|_| unusable("its description"))?;
        if published.issuer != issuer {
            return Err(unusable("its description names another issuer"));
        }
        let over_tls = |address: &str| {
            let address: Option<Url> = address.parse().ok();
            let is_plain = |address: &Url| {
                address.username().is_empty() && address.password().is_none() && address.fragment().is_none()
            };
            address
                .filter(|address| address.scheme() == "https" && is_plain(address))
                .ok_or(unusable("an address in its description"))
        };
        let lacks = |listed: &Option<Vec<String>>, name: &str| {
            listed.as_ref().is_some_and(|listed| listed.iter().all(|listed| listed != name))
        };
        if lacks(&published.code_challenge_methods_supported, "S256") {
            return Err(unusable("it does not know PKCE with S256"));
        }
        let methods = &published.token_endpoint_auth_methods_supported;
        let authentication =
            match (lacks(methods, "client_secret_basic"), lacks(methods, "client_secret_post")) {
                (false, _) => Authentication::Basic,
                (true, false) => Authentication::Post,
                (true, true) => return Err(unusable("it takes no client secret")),
            };
        Ok(Self {
            authorization_endpoint: over_tls(&published.authorization_endpoint)?,
            token_endpoint: over_tls(&published.token_endpoint)?,
            keys: over_tls(&published.jwks_uri)?,
            authentication,
            names_itself: published.authorization_response_iss_parameter_supported,
        })
    }
}

impl TokenAnswer {
    /// Reads it.
    ///
    /// # Errors
    /// [`ProviderError::Answer`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, ProviderError> {
        serde_json::from_slice(bytes).map_err(|_| ProviderError::Answer("no ID token in its answer"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://id.example/realm";

    fn published() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example/auth?tenant=7",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://keys.example/jwks",
        })
    }

    fn read(published: &Value) -> Result<Document, ProviderError> {
        Document::from_json(published.to_string().as_bytes(), ISSUER)
    }

    #[test]
    fn a_description_is_of_its_own_issuer_and_leads_over_tls_only() {
        let document = read(&published()).unwrap();
        assert_eq!((document.authentication, document.names_itself), (Authentication::Basic, false));
        assert_eq!(document.keys.as_str(), "https://keys.example/jwks");
        for (name, value) in [
            ("issuer", "https://id.example/realm/"),
            ("issuer", "https://other.example"),
            ("authorization_endpoint", "http://id.example/auth"),
            ("authorization_endpoint", "javascript:alert(1)"),
            ("token_endpoint", "http://id.example/token"),
            ("token_endpoint", "https://user:secret@id.example/token"),
            ("jwks_uri", "file:///etc/passwd"),
            ("jwks_uri", "/jwks"),
        ] {
            let mut altered = published();
            altered[name] = value.into();
            assert!(matches!(read(&altered), Err(ProviderError::Answer(_))), "{name}: {value}");
        }
        for name in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"] {
            let mut altered = published();
            altered.as_object_mut().unwrap().remove(name);
            assert!(matches!(read(&altered), Err(ProviderError::Answer(_))), "{name}");
        }
    }

    #[test]
    fn what_it_cannot_do_is_known_before_anybody_is_sent_there() {
        let with = |name: &str, value: Value| {
            let mut altered = published();
            altered[name] = value;
            read(&altered)
        };
        let methods = "token_endpoint_auth_methods_supported";
        let post = with(methods, json!(["private_key_jwt", "client_secret_post"])).unwrap();
        assert_eq!(post.authentication, Authentication::Post);
        assert!(with(methods, json!(["private_key_jwt"])).is_err());
        assert!(with("code_challenge_methods_supported", json!(["plain"])).is_err());
        assert!(with("code_challenge_methods_supported", json!(["plain", "S256"])).is_ok());
    }

    #[test]
    fn an_answer_without_a_token_is_none() {
        assert_eq!(
            TokenAnswer::from_json(br#"{"id_token":"a.b.c","expires_in":60}"#).unwrap().id_token,
            "a.b.c"
        );
        for no_answer in ["", "{}", r#"{"id_token":null}"#, r#"{"id_token":"a","id_token":"b"}"#, "<html>"] {
            assert!(TokenAnswer::from_json(no_answer.as_bytes()).is_err(), "{no_answer}");
        }
    }
}
