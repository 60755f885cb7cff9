//! 市区町村のパソコン: a folder, two people with passphrases, and the real `vrs-envelope`.
//!
//! Must not: do by functions what a person does with the program.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

const SUZUKI: &str = "suzuki's own passphrase";
const TANAKA: &str = "tanaka's own passphrase";

/// The computer.
pub struct EnvelopeComputer {
    place: TempDir,
}

impl EnvelopeComputer {
    /// With keys of that office and two people, suzuki and tanaka.
    ///
    /// # Panics
    /// Where `vrs-envelope` was not built beside the tests.
    #[must_use]
    pub fn of(office: &str) -> Self {
        let computer = Self { place: tempfile::tempdir().unwrap() };
        computer.run(&["keys", "init", "--office", office, "--as", "suzuki"], &[SUZUKI, SUZUKI]);
        computer.run(&["keys", "add", "--as", "suzuki", "--person", "tanaka"], &[SUZUKI, TANAKA, TANAKA]);
        computer
    }

    /// A path on it.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Writes its key card; where it lies, and the 確認番号 that the screen says.
    #[must_use]
    pub fn card(&self) -> (PathBuf, String) {
        let out = self.path("own.vrscard");
        let said = self.run(&["keys", "card", "--as", "suzuki", "--out", word(&out)], &[SUZUKI]);
        let (_, after) = said.split_once("確認番号: ").unwrap();
        let number = after.lines().next().unwrap().to_owned();
        (out, number)
    }

    /// Takes in another office's card, whose 確認番号 was compared.
    pub fn trust(&self, card: &Path) {
        self.run(&["keys", "trust", word(card)], &["はい"]);
    }

    /// Seals a file of people to the central; two people. Where the envelope lies.
    #[must_use]
    pub fn seal_people(&self, rows: &str) -> PathBuf {
        let (plain, out) = (self.path("people.csv"), self.path("people.vrsenv"));
        std::fs::write(&plain, rows).unwrap();
        let words = "ask --as suzuki --to central --purpose register-people --method carried-by-two --kind people \
                     --document-number 3健第123号";
        let words: Vec<&str> = words.split_whitespace().chain([word(&plain)]).collect();
        let said = self.run(&words, &[SUZUKI]);
        let (_, after) = said.rsplit_once("番号: ").unwrap();
        let number: String = after.chars().take(8).collect();
        self.run(&["allow", "--as", "tanaka", &number], &["はい", TANAKA]);
        self.run(&["make", "--as", "suzuki", "--out", word(&out), &number], &[SUZUKI]);
        out
    }

    /// Opens an envelope; the content of its one part, and where the receipt lies.
    #[must_use]
    pub fn open(&self, envelope: &Path) -> (String, PathBuf) {
        let (into, receipt) = (self.path("opened"), self.path("back.vrsreceipt"));
        let words = [
            "open",
            "--as",
            "tanaka",
            "--into",
            word(&into),
            "--receipt",
            word(&receipt),
            "--place-is-fixed",
        ];
        self.run(&[&words[..], &[word(envelope)]].concat(), &[TANAKA]);
        let folder = std::fs::read_dir(&into).unwrap().next().unwrap().unwrap().path();
        let part = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
        (std::fs::read_to_string(part).unwrap(), receipt)
    }

    /// Checks a receipt for what was made here; what the program says.
    #[must_use]
    pub fn check_receipt(&self, receipt: &Path) -> String {
        self.run(&["receipt", word(receipt)], &[])
    }

    fn run(&self, words: &[&str], typed: &[&str]) -> String {
        let mut child = Command::new(program())
            .args(words)
            .arg("--data")
            .arg(self.path("data"))
            .args(["--lang", "ja"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines: String = typed.iter().map(|line| format!("{line}\n")).collect();
        // A command that asks for nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{words:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }
}

fn word(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// `vrs-envelope`, built beside this test.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let built = own.ancestors().nth(2).unwrap().join("vrs-envelope");
    assert!(built.is_file(), "build it first: cargo build -p envelope");
    built
}
