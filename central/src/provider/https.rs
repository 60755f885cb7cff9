//! The way to the provider: TLS, a few seconds, a bounded answer.
//!
//! Must not: follow a redirect, or put an address with its query into an error.

use std::{error::Error as _, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{
    Client, RequestBuilder, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
    redirect::Policy,
};
use zeroize::Zeroizing;

use super::ProviderError;
use crate::console::asked::percent_encoded;

const CONNECT: Duration = Duration::from_secs(5);
/// A whole question and answer; a person is waiting.
const WHOLE: Duration = Duration::from_secs(10);
/// A longer answer is not read to its end.
const MOST_BYTES: usize = 256 * 1024;

/// The client.
pub(super) struct Https(Client);

impl Https {
    /// One that trusts the authority in that PEM text and no other, or without it those of the machine.
    pub(super) fn new(authority_pem: Option<&str>) -> Result<Self, seal::Error> {
        let client = Client::builder()
            .https_only(true)
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .no_proxy();
        let client = match authority_pem {
            Some(pem) => client.tls_backend_preconfigured(seal::tls::server_to_server_config(pem)?),
            None => client,
        };
        Ok(Self(client.build().map_err(|error| seal::Error::Certificate(words(error)))?))
    }

    /// Fetches what it publishes.
    pub(super) async fn get(&self, asked: &'static str, address: Url) -> Result<Vec<u8>, ProviderError> {
        let (status, answer) = send(asked, self.0.get(address)).await?;
        if status == StatusCode::OK { Ok(answer) } else { Err(unreachable(asked, status)) }
    }

    /// Sends a form, and the client's name and secret where they are wanted in the header.
    pub(super) async fn post(
        &self,
        address: Url,
        form: &[(&str, &str)],
        basic: Option<(&str, &str)>,
    ) -> Result<Vec<u8>, ProviderError> {
        let fields = form.iter().map(|(name, value)| format!("{name}={}", percent_encoded(value)));
        let body = fields.collect::<Vec<_>>().join("&");
        let mut request =
            self.0.post(address).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        if let Some((name, secret)) = basic {
            // Each is encoded as in a form first (RFC 6749, 2.3.1).
            let pair = Zeroizing::new(format!("{}:{}", percent_encoded(name), percent_encoded(secret)));
            request = request.header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair.as_bytes())));
        }
        match send("a token", request).await? {
            (StatusCode::OK, answer) => Ok(answer),
            (StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, answer) => {
                tracing::warn!(code = code_of(&answer), "the provider refused");
                Err(ProviderError::Refused)
            }
            (status, _) => Err(unreachable("a token", status)),
        }
    }
}

async fn send(asked: &'static str, request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), ProviderError> {
    let broken = |error| ProviderError::Unreachable { asked, why: words(error) };
    let mut response = request.header(ACCEPT, "application/json").send().await.map_err(broken)?;
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if answer.len() + chunk.len() > MOST_BYTES {
            return Err(ProviderError::Answer("it is too long"));
        }
        answer.extend_from_slice(&chunk);
    }
    Ok((response.status(), answer))
}

fn unreachable(asked: &'static str, status: StatusCode) -> ProviderError {
    ProviderError::Unreachable { asked, why: status.to_string() }
}

/// The error code of RFC 6749, which has a fixed form; nothing else of such an answer is logged.
fn code_of(answer: &[u8]) -> String {
    let value: Option<serde_json::Value> = serde_json::from_slice(answer).ok();
    let code = value.as_ref().and_then(|value| value.get("error")).and_then(|code| code.as_str());
    let is_code =
        |code: &&str| code.len() <= 40 && code.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase());
    code.filter(is_code).unwrap_or("-").to_owned()
}

/// What the network says, down to its cause, without the address.
fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}
