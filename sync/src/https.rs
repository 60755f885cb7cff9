//! Carries requests to the central over HTTPS: TLS by rustls with ring, trusting the bundle's authority alone.
//!
//! Must not: read a system's certificates, follow redirects, or use a proxy nobody asked for.

use std::{io::Read as _, time::Duration};

use record::bundle::CentralAddress;
use reqwest::{
    blocking::Client,
    header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
    redirect::Policy,
};
use seal::tls::{Dates, client_config};

use crate::exchange::{MOST_BODY, Method, NetworkError, Request, Response};

const CONNECT: Duration = Duration::from_secs(10);
const WHOLE: Duration = Duration::from_secs(40);

/// A way to one central.
#[derive(Debug)]
pub struct Https {
    central: CentralAddress,
    /// The client and how it judges dates, by the hour; a new one is made when that changes.
    client: Option<(DatesByHour, Client)>,
}

impl Https {
    /// A way to the central of that bundle.
    #[must_use]
    pub fn new(central: CentralAddress) -> Self {
        Self { central, client: None }
    }

    /// Carries a request and waits for its answer.
    ///
    /// # Errors
    /// [`NetworkError`].
    pub fn carry(&mut self, request: &Request) -> Result<Response, NetworkError> {
        let url = format!("{}{}", self.central.url.trim_end_matches('/'), request.path);
        if !url.starts_with("https://") {
            return Err(NetworkError::Address);
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let value = HeaderValue::from_str(value).map_err(|_| NetworkError::Address)?;
            headers.insert(HeaderName::from_static(name), value);
        }
        let client = self.client(request.dates)?;
        let asked = match request.method {
            Method::Get => client.get(url),
            Method::Post => client.post(url).body(request.body.clone()),
        };
        let answer = asked.headers(headers).send().map_err(|error| {
            // A certificate may be newer than the time this client judges by.
            self.client = None;
            sort(&error)
        })?;
        let status = answer.status().as_u16();
        let retry_after_s = answer
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse().ok());
        let mut body = Vec::new();
        answer.take(MOST_BODY as u64 + 1).read_to_end(&mut body).map_err(|_| NetworkError::Broken)?;
        if body.len() > MOST_BODY {
            return Err(NetworkError::TooLarge);
        }
        Ok(Response { status, retry_after_s, body })
    }

    fn client(&mut self, dates: Dates) -> Result<&Client, NetworkError> {
        let by_hour = by_hour(dates);
        let reusable = self.client.as_ref().is_some_and(|(by, _)| *by == by_hour);
        if !reusable {
            let config =
                client_config(&self.central.authority_pem, dates).map_err(|_| NetworkError::Address)?;
            let client = Client::builder()
                .tls_backend_preconfigured(config)
                .connect_timeout(CONNECT)
                .timeout(WHOLE)
                .redirect(Policy::none())
                .no_proxy()
                .build()
                .map_err(|_| NetworkError::Address)?;
            self.client = Some((by_hour, client));
        }
        self.client.as_ref().map(|(_, client)| client).ok_or(NetworkError::Address)
    }
}

/// Hours since 1970, where dates are judged at all.
type DatesByHour = Option<i64>;

fn by_hour(dates: Dates) -> DatesByHour {
    match dates {
        Dates::Unchecked => None,
        Dates::At(time) => Some(time.unix_ms().div_euclid(3_600_000)),
    }
}

/// What kind of failure it was. The error's own text may hold an address and is dropped here.
fn sort(error: &reqwest::Error) -> NetworkError {
    if is_of_tls(error) {
        NetworkError::Untrusted
    } else if error.is_connect() {
        NetworkError::Unreachable
    } else {
        NetworkError::Broken
    }
}

/// Whether TLS itself refused, however deep that lies: an `io::Error` hides what it wraps from `source`.
fn is_of_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || wrapped.is_some_and(|wrapped| is_of_tls(wrapped))
        || error.source().is_some_and(is_of_tls)
}
