//! Somebody at a browser, without one: follows no redirect by itself, keeps cookies, sends forms from our origin.
//!
//! Must not: run scripts; the browser tests do.

use std::collections::BTreeMap;

use reqwest::{RequestBuilder, Response, StatusCode, header};

/// The visitor.
pub(crate) struct Visitor {
    client: reqwest::Client,
    origin: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: String,
}

impl Page {
    /// The word of its form.
    pub(crate) fn word(&self) -> String {
        let (_, after) = self.body.split_once("name=\"word\" value=\"").unwrap();
        after.split_once('"').unwrap().0.to_owned()
    }
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Visitor {
    pub(crate) fn new(authority_pem: &str, origin: String) -> Self {
        Self { client: super::protocol_tablet::client(authority_pem), origin, cookies: BTreeMap::new() }
    }

    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.request(method, format!("{}{path}", self.origin));
        if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies.join("; ")) }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let answer = self.request(reqwest::Method::GET, path).send().await.unwrap();
        self.take_in(answer).await
    }

    /// Sends a form, as a page of ours would.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let origin = self.origin.clone();
        self.post_from(Some(&origin), path, fields).await
    }

    /// Sends a form from a page of that origin.
    pub(crate) async fn post_from(
        &mut self,
        origin: Option<&str>,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
        let mut request = self
            .request(reqwest::Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.join("&"));
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        let answer = request.send().await.unwrap();
        self.take_in(answer).await
    }

    /// Opens the form, enters both, sends.
    pub(crate) async fn sign_in(&mut self, name: &str, password: &str) -> Page {
        let word = self.get("/console/sign-in").await.word();
        self.post("/console/sign-in", &[("name", name), ("password", password), ("word", &word)]).await
    }

    async fn take_in(&mut self, answer: Response) -> Page {
        let (status, headers) = (answer.status(), answer.headers().clone());
        for cookie in headers.get_all(header::SET_COOKIE) {
            let (pair, flags) = cookie.to_str().unwrap().split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if flags.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Page { status, headers, body: answer.text().await.unwrap() }
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
