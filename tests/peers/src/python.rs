//! The Python half: an environment of its own with pinned packages, and the process that reads with them.
//!
//! Must not: install anything outside the target folder, or keep silent about what could not be installed.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use scanner::Symbol;
use serde_json::{Value, json};

use crate::{Failure, in_process::Answer, say};

const PROGRAM: &str = include_str!("../python/peers.py");

/// A peer: its name there and what pip installs for it.
struct Peer {
    name: &'static str,
    packages: Option<&'static str>,
}

const PEERS: [Peer; 4] = [
    Peer { name: "zxing-cpp", packages: Some(include_str!("../python/zxing-cpp.txt")) },
    Peer { name: "zbar", packages: Some(include_str!("../python/zbar.txt")) },
    // A Debian package and no Python one.
    Peer { name: "Tesseract", packages: None },
    Peer { name: "RapidOCR", packages: Some(include_str!("../python/rapidocr.txt")) },
];

/// A reader on that side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outside {
    pub(crate) peer: String,
    pub(crate) reader: String,
    pub(crate) version: String,
    pub(crate) symbol: Symbol,
}

/// A peer that could not be had here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lack {
    pub(crate) peer: String,
    pub(crate) why: String,
}

/// The process that reads.
pub(crate) struct Python {
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    pub(crate) readers: Vec<Outside>,
}

impl Python {
    /// Makes the environment in that folder and starts the process with every peer that can be had.
    pub(crate) fn start(folder: &Path) -> (Option<Self>, Vec<Lack>) {
        let mut lacks = Vec::new();
        let started = environment(folder).and_then(|python| {
            let mut peers = Vec::new();
            for peer in &PEERS {
                match install(&python, folder, peer) {
                    Ok(()) => peers.push(peer.name),
                    Err(why) => lacks.push(Lack { peer: peer.name.to_owned(), why: why.to_string() }),
                }
            }
            Self::open(&python, folder, &peers)
        });
        match started {
            Ok((python, lacking)) => {
                lacks.extend(lacking);
                (Some(python), lacks)
            }
            Err(why) => {
                let lack = |peer: &Peer| Lack { peer: peer.name.to_owned(), why: why.to_string() };
                (None, PEERS.iter().map(lack).collect())
            }
        }
    }

    fn open(python: &Path, folder: &Path, peers: &[&str]) -> Result<(Self, Vec<Lack>), Failure> {
        let program = folder.join("peers.py");
        fs::write(&program, PROGRAM)?;
        let mut child = Command::new(python)
            .arg(&program)
            .args(peers)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let asks = child.stdin.take();
        let mut answers = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        answers.read_line(&mut line)?;
        let (readers, lacks) = introduced(&line).ok_or("the Python half did not start")?;
        Ok((Self { child, asks, answers, readers }, lacks))
    }

    /// Its peers with their versions.
    pub(crate) fn versions(&self) -> Vec<String> {
        let mut versions: Vec<String> =
            self.readers.iter().map(|it| format!("{} {}", it.peer, it.version)).collect();
        versions.dedup();
        versions
    }

    /// Has some of its readers, by their place, read a file. `None` for one that failed on it.
    pub(crate) fn read(&mut self, file: &Path, ask: &[usize]) -> Result<Vec<Option<Answer>>, Failure> {
        let asks = self.asks.as_mut().ok_or("the Python half has ended")?;
        writeln!(asks, "{}", json!({ "file": file, "ask": ask }))?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).map_err(|_| "the Python half has ended")?;
        let answers = said["answers"].as_array().ok_or("the Python half answers in another form")?;
        Ok(answers.iter().map(answer).collect())
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // It ends where its input ends.
        self.asks = None;
        let _ = self.child.wait();
    }
}

fn answer(said: &Value) -> Option<Answer> {
    let texts = said["texts"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned);
    Some(Answer { texts: texts.collect(), ms: said["ms"].as_f64()? })
}

fn introduced(line: &str) -> Option<(Vec<Outside>, Vec<Lack>)> {
    let said: Value = serde_json::from_str(line).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let reader = |has: &Value| {
        Some(Outside {
            peer: text(&has["peer"])?,
            reader: text(&has["reader"])?,
            version: text(&has["version"])?,
            symbol: match has["symbol"].as_str()? {
                "qr" => Symbol::Qr,
                "nw7" => Symbol::Nw7,
                "line" => Symbol::OcrLine,
                _ => return None,
            },
        })
    };
    let lack = |lacks: &Value| Some(Lack { peer: text(&lacks["peer"])?, why: text(&lacks["why"])? });
    let has = said["has"].as_array()?.iter().map(reader).collect::<Option<_>>()?;
    Some((has, said["lacks"].as_array()?.iter().map(lack).collect::<Option<_>>()?))
}

/// The interpreter of the environment, which is made where there is none.
fn environment(folder: &Path) -> Result<PathBuf, Failure> {
    let python = folder.join("bin").join("python");
    if !python.is_file() {
        say("making an environment for the Python peers");
        let made = Command::new("python3").args(["-m", "venv"]).arg(folder).status();
        if !made.is_ok_and(|status| status.success()) {
            return Err("Python's venv could not make an environment".into());
        }
    }
    Ok(python)
}

/// Installs what a peer needs, unless the same is there.
fn install(python: &Path, folder: &Path, peer: &Peer) -> Result<(), Failure> {
    let Some(packages) = peer.packages else { return Ok(()) };
    let wanted = folder.join(format!("{}.txt", peer.name));
    let done = folder.join(format!("{}.installed", peer.name));
    if fs::read_to_string(&done).is_ok_and(|installed| installed == packages) {
        return Ok(());
    }
    fs::write(&wanted, packages)?;
    say(&format!("installing {} for Python", peer.name));
    let words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let mut pip = Command::new(python);
    // All that it needs is pinned, and nothing is compiled here.
    pip.args(words).args(["--no-deps", "--only-binary", ":all:", "--requirement"]).arg(&wanted);
    if !pip.status().is_ok_and(|status| status.success()) {
        let first = packages.lines().next().unwrap_or_default();
        return Err(format!("pip could not install {first} and what it needs").into());
    }
    fs::write(&done, packages)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_pip_installs_is_pinned() {
        for package in PEERS.iter().filter_map(|peer| peer.packages).flat_map(str::lines) {
            let (name, version) = package.split_once("==").unwrap();
            assert!(!name.is_empty() && version.starts_with(|it: char| it.is_ascii_digit()), "{package}");
        }
    }

    #[test]
    fn what_it_has_and_lacks_is_understood_and_anything_else_refused() {
        let (has, lacks) = introduced(
            r#"{"has": [{"peer": "zbar", "reader": "zbar", "symbol": "nw7", "version": "0.23"}],
                "lacks": [{"peer": "RapidOCR", "why": "it could not be loaded"}]}"#,
        )
        .unwrap();
        assert_eq!((has[0].symbol, lacks[0].peer.as_str()), (Symbol::Nw7, "RapidOCR"));
        assert!(introduced("").is_none());
        assert!(introduced(r#"{"has": [{"reader": "zbar"}], "lacks": []}"#).is_none());
    }
}
