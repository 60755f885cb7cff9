//! A real identity provider (oidc-provider on Node, `central/tests/provider/server.mjs`) over TLS on this machine, and
//! somebody who identifies themselves there.
//!
//! Must not: answer anything itself, or be skipped silently: a test that needs it is ignored unless
//! `VRS_TEST_PROVIDER` names the folder of its packages (`cargo xtask test` installs them).

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use reqwest::{Client, Url, header};
use seal::authority::Authority;
use serde_json::json;
use tempfile::TempDir;

use super::{central_process::CentralProcess, protocol_tablet::client};

const FOLDER: &str = "VRS_TEST_PROVIDER";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../central/tests/provider/server.mjs");
const CLIENT_ID: &str = "vrs-central";
/// With signs that a form must encode.
const SECRET: &str = "a secret: of % tests+";
const RETURN: &str = "/console/provider/return";

/// How the provider signs, and how the central proves itself to it.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// `RS256` or `ES256`.
    pub algorithm: &'static str,
    /// `client_secret_basic` or `client_secret_post`.
    pub authentication: &'static str,
}

/// What most providers do.
pub const USUAL: Manner = Manner { algorithm: "RS256", authentication: "client_secret_basic" };

/// The provider. Ends when it is dropped.
pub struct ProviderProcess {
    child: Option<Child>,
    files: TempDir,
    /// Its address.
    pub issuer: String,
    authority_pem: String,
}

impl ProviderProcess {
    /// Starts one that knows the central of that address.
    ///
    /// # Panics
    /// Where `VRS_TEST_PROVIDER` names no folder, or Node is missing.
    pub fn start(central_url: &str, manner: Manner) -> Self {
        let files = tempfile::tempdir().unwrap();
        let now = central::clock::Clock::system().now();
        let authority = Authority::create("見本 provider", now).unwrap();
        let certificate = authority.issue(&["localhost".to_owned()], now).unwrap();
        let path = |name: &str| files.path().join(name);
        fs::write(path("certificate.pem"), certificate.chain_pem).unwrap();
        fs::write(path("key.pem"), certificate.key_pem).unwrap();
        let settings = json!({
            "port": 0, "certificate": path("certificate.pem"), "key": path("key.pem"), "client_id": CLIENT_ID,
            "client_secret": SECRET, "redirect_uri": format!("{central_url}{RETURN}"),
            "algorithm": manner.algorithm, "authentication": manner.authentication,
        });
        fs::write(path("settings.json"), settings.to_string()).unwrap();
        let authority_pem = authority.certificate_pem().to_owned();
        let mut provider = Self { child: None, files, issuer: String::new(), authority_pem };
        provider.serve();
        provider
    }

    fn serve(&mut self) {
        let modules = PathBuf::from(std::env::var_os(FOLDER).expect("VRS_TEST_PROVIDER names its packages"));
        let mut child = Command::new("node")
            .arg(SCRIPT)
            .args([modules, self.files.path().join("settings.json")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        self.child = Some(child);
        let ready = out.by_ref().map_while(Result::ok);
        let mut ready = ready.filter_map(|line| line.strip_prefix("provider ready ").map(str::to_owned));
        self.issuer = ready.next().expect("the provider did not begin to serve");
        // What it says later is read too: it ends where nobody listens.
        std::thread::spawn(move || out.for_each(drop));
    }

    /// Ends it; its address stays its own.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Serves at the same address again, with other keys and no memory of who was signed in.
    pub fn start_again(&mut self) {
        self.stop();
        let path = self.files.path().join("settings.json");
        let mut settings: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        settings["port"] = self.issuer.rsplit_once(':').unwrap().1.parse::<u16>().unwrap().into();
        fs::write(&path, settings.to_string()).unwrap();
        self.serve();
    }

    /// Lets this provider sign people in to a central that is running: settings, secret, authority, and a new start.
    pub fn set_up(&self, central: &mut CentralProcess) {
        write_settings(&central.data(), &self.issuer, &central.url(), &self.authority_pem);
        central.start_again();
    }

    /// The same for a central that is not running.
    pub fn write_settings(&self, data: &Path, central_url: &str) {
        write_settings(data, &self.issuer, central_url, &self.authority_pem);
    }

    /// Somebody at a browser of their own.
    pub fn person(&self) -> Person {
        Person { client: client(&self.authority_pem), cookies: BTreeMap::new() }
    }
}

/// Settings that name a provider, whether there is one or not.
pub fn write_settings(data: &Path, issuer: &str, central_url: &str, authority_pem: &str) {
    let settings = format!(
        "[identity_provider]\nissuer = \"{issuer}\"\nclient_id = \"{CLIENT_ID}\"\n\
         client_secret_file = \"provider-secret\"\nauthority = \"provider-authority.pem\"\n\
         public_url = \"{central_url}\"\n\
         label = {{ ja = \"庁内の共通IDでログイン\", en = \"Sign in with the office ID\" }}\n\
         second_factor = {{ amr = [\"mfa\"] }}\n"
    );
    fs::write(data.join("central.toml"), settings).unwrap();
    fs::write(data.join("provider-authority.pem"), authority_pem).unwrap();
    let secret = data.join("provider-secret");
    fs::write(&secret, format!("{SECRET}\n")).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
}

impl Drop for ProviderProcess {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself; then there is nobody to end.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A person who identifies themselves with the provider. It knows them again by its cookies.
pub struct Person {
    client: Client,
    cookies: BTreeMap<String, String>,
}

impl Person {
    /// Goes where the central led, types who they are and by what methods (`amr`), and ends where the provider leads
    /// back to: an address of the central.
    pub async fn identify(&mut self, address: &str, who: &str, methods: &str) -> String {
        self.answer(address, &format!("who={who}&methods={}&answer=in", methods.replace(' ', "+"))).await
    }

    /// The same, but declines.
    pub async fn decline(&mut self, address: &str) -> String {
        self.answer(address, "who=&methods=&answer=no").await
    }

    async fn answer(&mut self, address: &str, form: &str) -> String {
        let mut address = address.to_owned();
        for _ in 0..5 {
            if address.contains(RETURN) && !address.contains("/auth?") {
                return address;
            }
            let is_question = address.contains("/who/");
            let request = if is_question {
                let request = self.client.post(&address).body(form.to_owned());
                request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            } else {
                self.client.get(&address)
            };
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = request.header(header::COOKIE, cookies.join("; ")).send().await.unwrap();
            for cookie in answer.headers().get_all(header::SET_COOKIE) {
                let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
            }
            let location =
                answer.headers().get(header::LOCATION).map(|place| place.to_str().unwrap().to_owned());
            let Some(location) = location else {
                panic!("the provider answered {}: {}", answer.status(), answer.text().await.unwrap())
            };
            address = address.parse::<Url>().unwrap().join(&location).unwrap().into();
        }
        panic!("the provider leads nowhere: {address}");
    }
}
