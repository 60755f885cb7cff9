//! Somebody at a browser, without one: follows no redirect by itself, keeps cookies, sends forms from our origin.
//!
//! Must not: run scripts; the browser tests do.

use std::collections::BTreeMap;

use record::{
    WallTime,
    bytes::Nonce,
    wire::{clock::ClockAnswer, path},
};
use reqwest::{RequestBuilder, Response, StatusCode, header};

use super::authenticator::Authenticator;

/// Where the second factor is set up.
pub(crate) const SET_UP: &str = "/console/second-factor";
/// Where a code is asked for.
pub(crate) const CODE: &str = "/console/code";

/// The visitor.
pub(crate) struct Visitor {
    client: reqwest::Client,
    origin: String,
    pub(crate) cookies: BTreeMap<String, String>,
    /// Apps by account.
    pub(crate) authenticators: BTreeMap<String, Authenticator>,
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
    /// The key that is to be typed into an authenticator, without its groups.
    pub(crate) fn shown_key(&self) -> String {
        let (_, after) = self.body.split_once("id=\"secret\">").unwrap();
        let (shown, _) = after.split_once("</dd>").unwrap();
        shown.replace("<span>", "").replace("</span>", "").replace(' ', "")
    }
    /// The recovery codes it shows.
    pub(crate) fn recovery_codes(&self) -> Vec<String> {
        let shown = self.body.split("<code>").skip(1);
        shown.map(|code| code.split_once('<').unwrap().0.to_owned()).collect()
    }
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Visitor {
    pub(crate) fn new(authority_pem: &str, origin: String) -> Self {
        Self {
            client: super::protocol_tablet::client(authority_pem),
            origin,
            cookies: BTreeMap::new(),
            authenticators: BTreeMap::new(),
        }
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

    /// Sends a form with a file, as a browser does: the texts first.
    pub(crate) async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        (name, file): (&str, Vec<u8>),
    ) -> Page {
        let answer = self.uploading(path, fields, name, &file).send().await.unwrap();
        self.take_in(answer).await
    }

    /// Signs in as far as it goes: the password, then the code. The first time the authenticator is set up, and the
    /// answer shows the recovery codes; after that it leads on.
    pub(crate) async fn sign_in(&mut self, name: &str, password: &str) -> Page {
        let page = self.enter_password(name, password).await;
        match page.header("location") {
            SET_UP => self.set_up(name).await,
            CODE => {
                let now = self.central_now().await;
                let code = self.authenticators.get_mut(name).unwrap().code(now);
                self.enter_code(CODE, &code).await
            }
            _ => page,
        }
    }

    /// Opens the form, enters both, sends.
    pub(crate) async fn enter_password(&mut self, name: &str, password: &str) -> Page {
        let word = self.get("/console/sign-in").await.word();
        self.post("/console/sign-in", &[("name", name), ("password", password), ("word", &word)]).await
    }

    /// Sets the authenticator up with the key that the page shows.
    pub(crate) async fn set_up(&mut self, name: &str) -> Page {
        let page = self.get(SET_UP).await;
        let mut authenticator = Authenticator::with_key(&page.shown_key());
        let code = authenticator.code(self.central_now().await);
        self.authenticators.insert(name.to_owned(), authenticator);
        self.enter_code(SET_UP, &code).await
    }

    /// Enters a code where one is asked for.
    pub(crate) async fn enter_code(&mut self, path: &str, code: &str) -> Page {
        let word = self.get(path).await.word();
        self.post(path, &[("code", code), ("word", &word)]).await
    }

    pub(crate) fn uploading(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        file: &[u8],
    ) -> RequestBuilder {
        const BOUNDARY: &str = "vrs-test-boundary";
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(format!("{head}{value}\r\n").as_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        self.request(reqwest::Method::POST, path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .header(header::ORIGIN, self.origin.clone())
            .body(body)
    }

    /// The bytes of a file that a link gives.
    pub(crate) async fn bytes(&mut self, path: &str) -> Vec<u8> {
        let answer = self.request(reqwest::Method::GET, path).send().await.unwrap();
        attached(answer).await
    }

    /// The bytes of a file that a form gives.
    pub(crate) async fn form_bytes(&mut self, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
        let request = self
            .request(reqwest::Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, self.origin.clone())
            .body(body.join("&"));
        attached(request.send().await.unwrap()).await
    }

    /// What the central's clock says, as a tablet asks for it.
    pub(crate) async fn central_now(&mut self) -> WallTime {
        let path = format!("{}?nonce={}", path::CLOCK, Nonce([7; 16]));
        let answer: ClockAnswer = serde_json::from_str(&self.get(&path).await.body).unwrap();
        answer.now
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

async fn attached(answer: Response) -> Vec<u8> {
    assert_eq!(answer.status(), StatusCode::OK);
    let disposition = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment; filename="), "{disposition}");
    answer.bytes().await.unwrap().to_vec()
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
