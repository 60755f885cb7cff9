//! What is said to the person at the keyboard, and what they answer. Answers come from the terminal, or line by line from a
//! file or another program.
//!
//! Must not: show a passphrase, or take silence for a yes.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use seal::envelope::Passphrase;
use zeroize::Zeroizing;

use crate::{failure::Failure, language::Language, words::Choice};

/// The person at the keyboard.
#[derive(Clone, Copy)]
pub(crate) struct Console {
    pub(crate) language: Language,
}

impl Console {
    /// Says a line.
    pub(crate) fn say(self, japanese: impl AsRef<str>, english: impl AsRef<str>) {
        let line = self.language.pick(japanese.as_ref(), english.as_ref());
        // Nobody listens where standard output is closed; the work goes on.
        let _ = writeln!(io::stdout(), "{line}");
    }

    /// Asks for a line of text.
    pub(crate) fn line(self, japanese: &str, english: &str) -> Result<String, Failure> {
        self.prompt(japanese, english);
        let mut line = String::new();
        match io::stdin().lock().read_line(&mut line) {
            Ok(read) if read > 0 => Ok(line.trim().to_owned()),
            _ => Err(Failure::NoAnswer),
        }
    }

    /// Whether the answer is yes; anything else is no.
    pub(crate) fn confirm(self, japanese: &str, english: &str) -> Result<bool, Failure> {
        let question = (format!("{japanese} [はい/いいえ]"), format!("{english} [yes/no]"));
        let answer = self.line(&question.0, &question.1)?;
        Ok(matches!(answer.to_lowercase().as_str(), "はい" | "y" | "yes"))
    }

    /// One of a short list, by its number.
    pub(crate) fn choose<T: Choice>(self) -> Result<T, Failure> {
        let question = T::question(self.language);
        self.say(format!("{question}:"), format!("{question}:"));
        for (index, choice) in T::ALL.iter().enumerate() {
            let shown = choice.shown(self.language);
            self.say(format!("  {}. {shown}", index + 1), format!("  {}. {shown}", index + 1));
        }
        let answer = self.line("番号", "Number")?;
        let index = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        index.and_then(|index| T::ALL.get(index)).copied().ok_or(Failure::NoSuchChoice)
    }

    /// The passphrase of a person who has one.
    pub(crate) fn passphrase(self, account: &str) -> Result<Passphrase, Failure> {
        let typed =
            self.hidden(&format!("{account} さんのパスフレーズ"), &format!("Passphrase of {account}"))?;
        typed.parse().map_err(|_| Failure::WrongPassphrase)
    }

    /// A new passphrase, typed twice.
    pub(crate) fn new_passphrase(self, account: &str) -> Result<Passphrase, Failure> {
        let first = self.hidden(
            &format!("{account} さんの新しいパスフレーズ(12文字以上。本人が入力)"),
            &format!("New passphrase of {account} (12 characters or more, typed by that person)"),
        )?;
        let again = self.hidden("もう一度", "Once more")?;
        if first != again {
            return Err(Failure::PassphrasesDiffer);
        }
        first.parse().map_err(|_| Failure::PassphraseTooShort)
    }

    fn hidden(self, japanese: &str, english: &str) -> Result<Zeroizing<String>, Failure> {
        if !io::stdin().is_terminal() {
            return self.line(japanese, english).map(Zeroizing::new);
        }
        self.prompt(japanese, english);
        rpassword::read_password().map(Zeroizing::new).map_err(|_| Failure::NoAnswer)
    }

    fn prompt(self, japanese: &str, english: &str) {
        let prompt = self.language.pick(japanese, english);
        let mut error = io::stderr();
        let _ = write!(error, "{prompt}: ").and_then(|()| error.flush());
    }

    /// Tells how far a long work is.
    pub(crate) fn progress(self, japanese: &'static str, english: &'static str, total: u64) -> Progress {
        let what = self.language.pick(japanese, english);
        Progress { what, total: total.max(1), done: 0, told: 0, overwrites: io::stderr().is_terminal() }
    }
}

/// A long work; says every percent on a terminal, every quarter elsewhere, and nothing of what is done at once.
pub(crate) struct Progress {
    what: &'static str,
    total: u64,
    done: u64,
    told: u64,
    overwrites: bool,
}

/// Less than this is done at once.
const WORTH_TELLING: u64 = 32 << 20;

impl Progress {
    /// So many bytes more are done.
    pub(crate) fn add(&mut self, bytes: u64) {
        self.done = self.done.saturating_add(bytes);
        let percent = (u128::from(self.done) * 100 / u128::from(self.total)).min(100);
        let percent = u64::try_from(percent).unwrap_or(100);
        let step = if self.overwrites { 1 } else { 25 };
        if self.total < WORTH_TELLING || percent < self.told + step {
            return;
        }
        self.told = percent - percent % step;
        let (before, end) = if self.overwrites { ("\r", "") } else { ("", "\n") };
        let end = if self.overwrites && percent == 100 { "\n" } else { end };
        let _ = write!(io::stderr(), "{before}{} {} %{end}", self.what, self.told);
    }
}
