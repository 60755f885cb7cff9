//! A central as it is shipped: `vrs-central serve` in a process of its own, on a register of its own.
//!
//! Must not: outlive the measurement.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use central::{clock::Clock, directory::DataDirectory, storage::Storage};
use record::bundle::ReceiptKey;
use seal::random::SystemRandom;
use tempfile::TempDir;
use tokio_rustls::TlsConnector;

use crate::http;

/// The central's files, served or not.
pub(crate) struct Central {
    files: TempDir,
    serving: Option<Child>,
    pub(crate) address: SocketAddr,
    pub(crate) authority_pem: String,
    pub(crate) tls: TlsConnector,
    pub(crate) receipt_keys: Vec<ReceiptKey>,
}

impl Central {
    /// Makes one that keeps in `database` (the text of its settings), or in SQLite.
    pub(crate) fn make(database: Option<&str>) -> Self {
        let files = tempfile::tempdir().unwrap();
        let path = files.path().join("central");
        let hosts = ["127.0.0.1".to_owned()];
        let now = Clock::system().now();
        let directory = DataDirectory::create(&path, &hosts, now, &mut SystemRandom::default()).unwrap();
        // All tablets come from this machine's one address.
        let settings = format!("limits.requests_a_second = 0\n{}", database.unwrap_or_default());
        directory.put_settings(&settings).unwrap();
        let authority_pem = directory.authority_pem().unwrap();
        Self {
            tls: http::tls(&authority_pem),
            authority_pem,
            receipt_keys: vec![directory.receipt_signer().unwrap().public()],
            files,
            serving: None,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.files.path().join("central")
    }

    /// Its register, beside or instead of the server.
    pub(crate) async fn storage(&self) -> Arc<dyn Storage> {
        DataDirectory::open(&self.path()).unwrap().storage().await.unwrap()
    }

    /// Serves; on the same port as before.
    pub(crate) fn serve(&mut self) {
        let mut child = Command::new(program())
            .args(["serve", "--data", self.path().to_str().unwrap(), "--listen", &self.address.to_string()])
            .env("VRS_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap();
        self.address = address.parse().unwrap_or_else(|_| panic!("the server said {line:?}"));
        self.serving = Some(child);
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.serving.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Processor time of the server so far, seconds.
    pub(crate) fn cpu_s(&self) -> f64 {
        self.serving.as_ref().map_or(0.0, |child| cpu_s(child.id()))
    }
}

impl Drop for Central {
    fn drop(&mut self) {
        self.kill();
    }
}

/// User and system time of a process, seconds; proc(5), fields 14 and 15 of `stat`.
fn cpu_s(id: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_vrs-central"))
}
