//! An office's computer: a data folder, people with passphrases, and the program.
//!
//! Must not: know what the tests are about.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

pub(crate) const SUZUKI: &str = "suzuki's own passphrase";
pub(crate) const TANAKA: &str = "tanaka's own passphrase";

/// One computer.
pub(crate) struct Computer {
    place: tempfile::TempDir,
}

/// What came of a command.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Computer {
    /// With an office of two people, suzuki and tanaka.
    pub(crate) fn of(office: &str) -> Self {
        let computer = Self::bare();
        computer.done(&["keys", "init", "--office", office, "--as", "suzuki"], &[SUZUKI, SUZUKI]);
        let add = ["keys", "add", "--as", "suzuki", "--person", "tanaka"];
        computer.done(&add, &[SUZUKI, TANAKA, TANAKA]);
        computer
    }

    /// Without keys.
    pub(crate) fn bare() -> Self {
        Self { place: tempfile::tempdir().unwrap() }
    }

    /// A path on it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// A file on it.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A path on it as a word of a command line.
    pub(crate) fn word(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Runs a command and types these lines.
    pub(crate) fn run(&self, words: &[&str], typed: &[&str]) -> Done {
        let mut child = command(&self.path("data"), words).spawn().unwrap();
        let lines: String = typed.iter().map(|line| format!("{line}\n")).collect();
        // A command that asks for nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
        Done::of(&child.wait_with_output().unwrap())
    }

    /// A command that must succeed; what it said.
    pub(crate) fn done(&self, words: &[&str], typed: &[&str]) -> String {
        let done = self.run(words, typed);
        assert_eq!(done.code, 0, "{words:?}: {}{}", done.out, done.error);
        done.out
    }

    /// A command that must fail with that number; what it said of it.
    pub(crate) fn refused(&self, code: i32, words: &[&str], typed: &[&str]) -> String {
        let done = self.run(words, typed);
        assert_eq!(done.code, code, "{words:?}: {}{}", done.out, done.error);
        done.error
    }

    /// Takes in the other's key card.
    pub(crate) fn trusts(&self, other: &Self) {
        let name = format!("card-{}", fresh_name());
        other.done(&["keys", "card", "--as", "suzuki", "--out", &other.word(&name)], &[SUZUKI]);
        self.done(&["keys", "trust", &other.word(&name)], &["はい"]);
    }

    /// Asks as suzuki for these files; the number.
    pub(crate) fn asks(&self, to: &str, files: &[&str]) -> String {
        let words = [
            "ask",
            "--as",
            "suzuki",
            "--to",
            to,
            "--purpose",
            "update-register",
            "--method",
            "carried-by-two",
            "--kind",
            "doses",
            "--document-number",
            "3健第123号",
        ];
        let said = self.done(&[&words[..], files].concat(), &[SUZUKI]);
        number_in(&said)
    }

    /// Allows as tanaka.
    pub(crate) fn allows(&self, number: &str) {
        self.done(&["allow", "--as", "tanaka", number], &["はい", TANAKA]);
    }

    /// Asks, allows and makes; where the envelope lies.
    pub(crate) fn seals(&self, to: &str, files: &[&str]) -> String {
        let number = self.asks(to, files);
        self.allows(&number);
        let out = self.word(&format!("{number}.vrsenv"));
        self.done(&["make", "--as", "suzuki", "--out", &out, &number], &[SUZUKI]);
        out
    }

    /// Opens as suzuki into `opened`.
    pub(crate) fn opens(&self, file: &str) -> Done {
        let into = self.word("opened");
        self.run(&["open", "--as", "suzuki", "--into", &into, "--place-is-fixed", file], &[SUZUKI])
    }

    /// Names of what lies in a folder, sorted; none where there is no folder.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(folder)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Done {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            error: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }
}

/// The program with these words and Japanese.
pub(crate) fn command(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vrs-envelope"));
    command
        .args(words)
        .arg("--data")
        .arg(data)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "ja_JP.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What stands after 番号 in a sentence.
fn number_in(said: &str) -> String {
    let (_, after) = said.rsplit_once("申請しました。番号: ").unwrap();
    after.chars().take(8).collect()
}

/// A name that no other card of this run has.
fn fresh_name() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}
