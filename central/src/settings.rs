//! 設定: the file `central.toml` in the data directory – where to listen, which database, what to log.
//!
//! Must not: take a word it does not know: a setting that is misspelt would silently be another one.

use std::{
    fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use crate::{
    lookups::Ground,
    provider::settings::ProviderSettings,
    storage::postgres::{Connection, Layout},
};

/// The file's name.
pub const FILE: &str = "central.toml";

/// All that can be set; what is left out has the value said here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Address and port for tablets and the console; the command line may name it instead.
    pub listen: Option<SocketAddr>,
    /// Address and port of `/metrics`, plain HTTP: only for an address of this machine or of a closed network.
    pub metrics_listen: Option<SocketAddr>,
    /// The database; `register.sqlite` in the data directory where there is none.
    pub database: Option<DatabaseSettings>,
    /// Who identifies people beside our own accounts; nobody, where there is none.
    pub identity_provider: Option<ProviderSettings>,
    /// How much one address may ask.
    pub limits: LimitSettings,
    /// What look-ups in other municipalities rest on.
    pub look_ups: LookUpSettings,
    /// What is logged.
    pub log: LogSettings,
    /// Where traces go; nowhere where it is left out.
    pub opentelemetry: Option<TraceSettings>,
}

/// Where traces of requests and batches go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceSettings {
    /// `http://127.0.0.1:4318`: a collector that takes OTLP over HTTP; `/v1/traces` is added. Without TLS an address of
    /// this machine only.
    pub endpoint: String,
    /// File with the authority that its server is trusted by, PEM; needed with `https`.
    #[serde(default)]
    pub authority: Option<PathBuf>,
    /// Of so many requests one is traced, 1 to 1,000,000.
    #[serde(default = "one")]
    pub one_in: u32,
}

/// PostgreSQL.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `postgresql://user:password@host/name`, or `host=/run/postgresql user=vrs dbname=vrs`.
    pub url: String,
    /// File with the authority that its server is trusted by, PEM; needed where it is on another machine.
    #[serde(default)]
    pub authority: Option<PathBuf>,
    /// Where its tables lie.
    #[serde(default)]
    pub layout: LayoutSetting,
    /// Batches written at once, 1 to 64.
    #[serde(default = "four")]
    pub lanes: usize,
    /// Connections that read, 1 to 256.
    #[serde(default = "eight")]
    pub readers: usize,
}

/// Where the tables of the database lie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayoutSetting {
    /// On one machine.
    #[default]
    Single,
    /// Citus.
    Distributed,
}

/// How many requests one address may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitSettings {
    /// In the long run; nought is no limit, for where a proxy stands before the central and all comes from it.
    pub requests_a_second: u32,
    /// At once, after a quiet time.
    pub burst: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self { requests_a_second: 200, burst: 2_000 }
    }
}

/// 他の市区町村への照会.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LookUpSettings {
    /// How many one account may make in an hour, 1 to 1,000.
    pub most_an_hour: u32,
    /// 根拠, as it is shown, asked to be confirmed, and recorded.
    pub ground: Ground,
}

impl Default for LookUpSettings {
    fn default() -> Self {
        Self { most_an_hour: 60, ground: Ground::default() }
    }
}

/// What is logged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// `error`, `warn`, `info`, `debug`, or a list such as `info,central::storage=debug`.
    pub filter: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { filter: "info".to_owned() }
    }
}

fn one() -> u32 {
    1
}
fn four() -> usize {
    4
}
fn eight() -> usize {
    8
}

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// The system's own words.
        error: std::io::Error,
    },
    /// It is not TOML, or holds a word that is not known; names line and word.
    #[error("{path}: {error}")]
    Text {
        /// Which.
        path: PathBuf,
        /// Where and what, without the values: one of them may be a password.
        error: String,
    },
    /// Traces are asked of a program that cannot send any.
    #[error(
        "{0}: [opentelemetry] を使えるプログラムではありません。機能 opentelemetry を入れてビルドした vrs-central を使うか、この節を消してください。 / [opentelemetry] needs a vrs-central that was built with the feature opentelemetry: use one, or take the section away."
    )]
    NotBuiltIn(PathBuf),
    /// A value is outside its range; names the setting.
    #[error("{path}: {setting} must be {range}")]
    Range {
        /// Which.
        path: PathBuf,
        /// The setting.
        setting: &'static str,
        /// What it may be.
        range: &'static str,
    },
}

impl Settings {
    /// Reads the file in that data directory; where there is none, everything is as if left out.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn of(directory: &Path) -> Result<Self, SettingsError> {
        let path = directory.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::from_text(&text, &path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(SettingsError::File { path, error }),
        }
    }

    /// From the file's text; `path` names it in errors.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn from_text(text: &str, path: &Path) -> Result<Self, SettingsError> {
        let settings: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
            SettingsError::Text { path: path.to_owned(), error: format!("line {line}: {}", error.message()) }
        })?;
        let range = |setting, range| SettingsError::Range { path: path.to_owned(), setting, range };
        if let Some(database) = &settings.database {
            if !(1..=64).contains(&database.lanes) {
                return Err(range("database.lanes", "1 to 64"));
            }
            if !(1..=256).contains(&database.readers) {
                return Err(range("database.readers", "1 to 256"));
            }
        }
        if let Some(traces) = &settings.opentelemetry {
            if !cfg!(feature = "opentelemetry") {
                return Err(SettingsError::NotBuiltIn(path.to_owned()));
            }
            if !(1..=1_000_000).contains(&traces.one_in) {
                return Err(range("opentelemetry.one_in", "1 to 1000000"));
            }
            if !traces.is_safe() {
                let needed = "http:// and an address of this machine, or https:// with its authority";
                return Err(range("opentelemetry.endpoint", needed));
            }
        }
        if let Some((setting, allowed)) =
            settings.identity_provider.as_ref().and_then(ProviderSettings::out_of_range)
        {
            return Err(range(setting, allowed));
        }
        if !(1..=1_000).contains(&settings.look_ups.most_an_hour) {
            return Err(range("look_ups.most_an_hour", "1 to 1000"));
        }
        if !settings.look_ups.ground.holds() {
            let needed = "ja and en of one line of at most 400 characters each, and as_of as 2021-04-12";
            return Err(range("look_ups.ground", needed));
        }
        if EnvFilter::try_new(&settings.log.filter).is_err() {
            return Err(range("log.filter", "a level, or a list of target=level"));
        }
        Ok(settings)
    }
}

impl TraceSettings {
    /// Whether nobody on the way can read or change what is sent.
    fn is_safe(&self) -> bool {
        let Ok(endpoint) = self.endpoint.parse::<axum::http::Uri>() else { return false };
        let host = endpoint.host().unwrap_or_default().trim_matches(['[', ']']);
        let is_here = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        match endpoint.scheme_str() {
            Some("http") => is_here || host == "localhost",
            Some("https") => !host.is_empty() && self.authority.is_some(),
            _ => false,
        }
    }
}

impl DatabaseSettings {
    /// How it is reached; a relative file is beside the settings, in `directory`.
    ///
    /// # Errors
    /// [`SettingsError::File`] where the authority cannot be read.
    pub fn connection(&self, directory: &Path) -> Result<Connection, SettingsError> {
        let read = |file: &PathBuf| {
            let path = directory.join(file);
            fs::read_to_string(&path).map_err(|error| SettingsError::File { path, error })
        };
        Ok(Connection {
            url: self.url.clone(),
            authority_pem: self.authority.as_ref().map(read).transpose()?,
            layout: match self.layout {
                LayoutSetting::Single => Layout::Single,
                LayoutSetting::Distributed => Layout::Distributed,
            },
            lanes: self.lanes,
            readers: self.readers,
        })
    }
}

impl std::fmt::Debug for DatabaseSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("DatabaseSettings").field("layout", &self.layout).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, SettingsError> {
        Settings::from_text(text, Path::new(FILE))
    }

    #[test]
    fn what_is_left_out_has_its_value() {
        assert_eq!(read("").unwrap(), Settings::default());
        let one = read("listen = \"127.0.0.1:8443\"\n[database]\nurl = \"host=/run/postgresql\"").unwrap();
        let database = one.database.unwrap();
        assert_eq!((database.lanes, database.readers, database.layout), (4, 8, LayoutSetting::Single));
        assert_eq!(one.listen.unwrap().port(), 8443);
    }

    #[test]
    fn a_misspelt_word_is_named_with_its_line() {
        let said = read("\n\nlisen = \"127.0.0.1:8443\"").unwrap_err().to_string();
        assert!(said.contains("line 3") && said.contains("lisen"), "{said}");
    }

    #[test]
    fn values_outside_their_range_are_refused() {
        for (text, setting) in [
            ("[database]\nurl = \"\"\nlanes = 0", "database.lanes"),
            ("[database]\nurl = \"\"\nreaders = 999", "database.readers"),
            ("[log]\nfilter = \"central=loud\"", "log.filter"),
            ("[look_ups]\nmost_an_hour = 0", "look_ups.most_an_hour"),
            ("[look_ups.ground]\nja = \"\"\nen = \"a\"\nas_of = \"2021-04-12\"", "look_ups.ground"),
        ] {
            let said = read(text).unwrap_err().to_string();
            assert!(said.contains(setting), "{said}");
        }
    }

    #[cfg(not(feature = "opentelemetry"))]
    #[test]
    fn traces_are_not_asked_of_a_program_that_sends_none() {
        let said = read("[opentelemetry]\nendpoint = \"http://127.0.0.1:4318\"").unwrap_err();
        assert!(matches!(said, SettingsError::NotBuiltIn(_)), "{said}");
    }

    #[cfg(feature = "opentelemetry")]
    #[test]
    fn traces_go_to_this_machine_or_by_tls_to_whom_is_trusted() {
        let traces = |rest: &str| read(&format!("[opentelemetry]\n{rest}"));
        for safe in [
            "endpoint = \"http://127.0.0.1:4318\"",
            "endpoint = \"http://[::1]:4318/\"\none_in = 1000",
            "endpoint = \"http://localhost:4318\"",
            "endpoint = \"https://collector.example\"\nauthority = \"collector.pem\"",
        ] {
            traces(safe).unwrap();
        }
        for (unsafe_or_wrong, setting) in [
            ("endpoint = \"http://192.0.2.1:4318\"", "opentelemetry.endpoint"),
            ("endpoint = \"https://collector.example\"", "opentelemetry.endpoint"),
            ("endpoint = \"127.0.0.1:4318\"", "opentelemetry.endpoint"),
            ("endpoint = \"http://127.0.0.1:4318\"\none_in = 0", "opentelemetry.one_in"),
            ("endpoint = \"http://127.0.0.1:4318\"\nendpont = 1", "endpont"),
        ] {
            let said = traces(unsafe_or_wrong).unwrap_err().to_string();
            assert!(said.contains(setting), "{said}");
        }
    }

    #[test]
    fn a_password_never_shows() {
        let settings = read("[database]\nurl = \"postgresql://vrs:geheim@db/vrs\"").unwrap();
        assert!(!format!("{settings:?}").contains("geheim"));
        let wrong = read("[database]\nurl = \"postgresql://vrs:geheim@db/vrs\"\nlayout = 3").unwrap_err();
        assert!(!wrong.to_string().contains("geheim"), "{wrong}");
    }

    #[test]
    fn the_example_holds_also_with_what_it_leaves_out() {
        let example = include_str!("../central.example.toml");
        assert_eq!(read(example).unwrap().identity_provider, None);
        let is_setting = |line: &str| {
            line.starts_with("[identity_provider]")
                || line.split_once(" = ").is_some_and(|(name, _)| !name.contains(' '))
        };
        // What is left out stands as a comment, section by section.
        let mut is_of_provider = false;
        let lines = example.lines().map(|line| {
            if line.trim_start_matches("# ").starts_with('[') {
                is_of_provider = line == "# [identity_provider]";
            }
            match line.strip_prefix("# ") {
                Some(setting) if is_of_provider && is_setting(setting) => setting,
                _ => line,
            }
        });
        let whole = read(&lines.collect::<Vec<_>>().join("\n")).unwrap();
        let provider = whole.identity_provider.unwrap();
        assert_eq!(
            (provider.issuer.as_str(), provider.second_factor.amr.len()),
            ("https://id.example.jp/realm", 2)
        );
    }
}
