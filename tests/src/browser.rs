//! A real browser without a window: Chromium, driven over WebDriver, with a profile of its own.
//!
//! Must not: stop anything it did not start, use the network beyond this machine, or be skipped where it is missing.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    str::FromStr,
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::WebDriverCompatibleCommand};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

const MISSING: &str = "this test needs a browser: install the Debian packages chromium and chromium-driver \
                       (`cargo xtask test` does so)";
const DRIVER: &str = "chromedriver";
const BROWSERS: [&str; 2] = ["chromium", "chromium-browser"];
/// How long a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(15);

/// Light or dark, as the system asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The browser. Ends, with all its processes, when it is dropped.
pub struct Browser {
    /// Speaks to it.
    pub client: Client,
    driver: Child,
    _profile: TempDir,
}

fn on_path(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("{MISSING}"))
}

/// Prints a file of this machine into a PDF, without a driver.
///
/// # Errors
/// Where the browser does not start or makes none.
///
/// # Panics
/// Where Chromium is missing; the message names the packages.
pub fn print(page: &Path, pdf: &Path) -> io::Result<()> {
    let profile = tempfile::tempdir()?;
    let mut browser = Command::new(on_path(&BROWSERS));
    browser.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
    ]);
    browser.args(["--disable-background-networking", "--no-pdf-header-footer"]);
    browser.arg(format!("--user-data-dir={}", profile.path().display()));
    browser.arg(format!("--print-to-pdf={}", pdf.display())).arg(page);
    browser.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if browser.status()?.success() && pdf.is_file() {
        return Ok(());
    }
    Err(io::Error::other("the browser made no PDF"))
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn capabilities(browser: &Path, profile: &Path) -> Map<String, Value> {
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
    ];
    let profile = format!("--user-data-dir={}", profile.display());
    let flags: Vec<&str> = flags.into_iter().chain([profile.as_str()]).collect();
    let Value::Object(capabilities) = json!({
        "acceptInsecureCerts": true,
        "goog:chromeOptions": {"args": flags, "binary": browser},
        "goog:loggingPrefs": {"browser": "ALL"},
    }) else {
        unreachable!("it is an object")
    };
    capabilities
}

impl Browser {
    /// Starts a driver on a free port, and a browser with an empty profile.
    ///
    /// # Panics
    /// Where Chromium or its driver is missing; the message names the packages.
    pub async fn start() -> Self {
        let (driver, browser) = (on_path(&[DRIVER]), on_path(&BROWSERS));
        let (port, profile) = (free_port(), tempfile::tempdir().unwrap());
        let driver = Command::new(driver)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities(&browser, profile.path()));
        let url = format!("http://127.0.0.1:{port}");
        let mut failure = None;
        for _ in 0..100 {
            match builder.connect(&url).await {
                Ok(client) => return Self { client, driver, _profile: profile },
                Err(error) => failure = Some(error),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        end(driver);
        panic!("the browser did not start: {failure:?}");
    }

    /// Goes there.
    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Waits until something is on the page.
    pub async fn find(&self, css: &str) -> Element {
        self.client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await
            .unwrap_or_else(|error| panic!("{css} did not appear: {error}"))
    }

    /// Waits until the text of an element contains `part`; the text.
    pub async fn wait_for_text(&self, css: &str, part: &str) -> String {
        let mut text = String::new();
        for _ in 0..PATIENCE.as_millis() / 100 {
            // The element may be replaced at this very moment.
            if let Ok(element) = self.client.find(Locator::Css(css)).await
                && let Ok(found) = element.text().await
            {
                text = found;
                if text.contains(part) {
                    return text;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} says {text:?}, not {part:?}");
    }

    /// Writes into a field.
    pub async fn fill(&self, css: &str, text: &str) {
        self.find(css).await.send_keys(text).await.unwrap();
    }

    /// Clicks.
    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Sets the size of the page itself, and the colours the system asks for.
    pub async fn appear(&self, width: u32, height: u32, scheme: Scheme) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        let scheme = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Takes a picture of what is seen.
    pub async fn picture(&self, path: &Path) {
        self.client.execute_async("document.fonts.ready.then(arguments[0])", Vec::new()).await.unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, self.client.screenshot().await.unwrap()).unwrap();
    }

    /// Takes a picture of the whole page at that width.
    pub async fn picture_of_all(&self, path: &Path, width: u32, scheme: Scheme) {
        self.appear(width, 800, scheme).await;
        let height = self.number("document.documentElement.scrollHeight").await;
        self.appear(width, height as u32, scheme).await;
        self.picture(path).await;
    }

    /// What an expression is on the page.
    pub async fn number(&self, expression: &str) -> f64 {
        let value = self.client.execute(&format!("return {expression}"), Vec::new()).await.unwrap();
        value.as_f64().unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    /// What the browser complained of: blocked scripts, failed loads, errors. Reading it empties it.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.client.issue_cmd(ChromeCommand::Log).await.unwrap();
        let message = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
        log.as_array().unwrap().iter().map(message).collect()
    }

    /// Lets the browser save files into that folder, without asking.
    pub async fn save_into(&self, folder: &Path) {
        let behaviour = json!({"behavior": "allow", "downloadPath": folder});
        self.devtools("Browser.setDownloadBehavior", behaviour).await;
    }

    /// Speaks to the browser's own protocol.
    async fn devtools(&self, command: &str, parameters: Value) {
        let command = ChromeCommand::DevTools(command.to_owned(), parameters);
        self.client.issue_cmd(command).await.unwrap();
    }

    /// Ends the session in an orderly way; dropping does it by force.
    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let group = self.driver.id().to_string();
        // The driver leads a process group of its own; the browser it started is in it.
        let _ =
            Command::new("kill").args(["-KILL", "--", &format!("-{group}")]).stderr(Stdio::null()).status();
        let _ = self.driver.wait();
    }
}

fn end(mut driver: Child) {
    let _ = driver.kill();
    let _ = driver.wait();
}

/// What Chromium's driver understands beyond the standard.
#[derive(Debug)]
enum ChromeCommand {
    DevTools(String, Value),
    Log,
}

impl WebDriverCompatibleCommand for ChromeCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        let session = session.unwrap_or_default();
        match self {
            Self::DevTools(..) => base.join(&format!("session/{session}/goog/cdp/execute")),
            Self::Log => base.join(&format!("session/{session}/se/log")),
        }
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = match self {
            Self::DevTools(command, parameters) => json!({"cmd": command, "params": parameters}),
            Self::Log => json!({"type": "browser"}),
        };
        (Method::POST, Some(body.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "install the Debian packages chromium and chromium-driver")]
    fn a_missing_browser_is_named() {
        on_path(&["a-browser-that-is-not-there"]);
    }
}
