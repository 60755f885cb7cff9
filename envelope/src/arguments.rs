//! The command line, taken apart: a command, its options, what stands free.
//!
//! Must not: understand a value; each command does.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf, str::FromStr};

use lexopt::{Arg, Parser};

use crate::{failure::Failure, words::Choice};

/// Each command with the options that take a value, and those that take none.
const COMMANDS: [(&str, &[&str], &[&str]); 9] = [
    ("keys", &["as", "office", "out", "person", "with"], &[]),
    ("ask", &["as", "to", "purpose", "document-number", "method", "kind", "days"], &[]),
    ("allow", &["as"], &[]),
    ("make", &["as", "out"], &[]),
    ("look", &[], &[]),
    ("open", &["as", "into", "receipt"], &["place-is-fixed"]),
    ("receipt", &["of", "out"], &[]),
    ("ledger", &["sheet", "out", "lost"], &[]),
    ("erase", &[], &["plain"]),
];
const EVERYWHERE: [&str; 2] = ["data", "lang"];

/// A command line whose words are known.
pub(crate) struct Arguments {
    pub(crate) command: &'static str,
    values: BTreeMap<&'static str, OsString>,
    flags: Vec<&'static str>,
    free: Vec<OsString>,
}

/// What was asked for.
pub(crate) enum Asked {
    Command(Arguments),
    Help,
    Version,
}

/// Takes the command line apart. The language is found even where the rest cannot be understood.
pub(crate) fn parse(words: impl Iterator<Item = OsString>) -> Result<Asked, Failure> {
    let mut parser = Parser::from_iter(words);
    let mut found = None;
    let mut arguments =
        Arguments { command: "", values: BTreeMap::new(), flags: Vec::new(), free: Vec::new() };
    while let Some(argument) = parser.next().map_err(|_| Failure::Usage)? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Asked::Help),
            Arg::Long("version") => return Ok(Asked::Version),
            Arg::Value(word) if found.is_none() => {
                found = COMMANDS.iter().find(|(name, ..)| word == *name);
                arguments.command = found.ok_or(Failure::Usage)?.0;
            }
            Arg::Value(word) => arguments.free.push(word),
            Arg::Long(name) => {
                let (values, flags) = found.map_or((&[][..], &[][..]), |(_, values, flags)| (values, flags));
                if let Some(name) = EVERYWHERE.iter().chain(values).find(|known| **known == name) {
                    let value = parser.value().map_err(|_| Failure::Option(name))?;
                    arguments.values.insert(name, value);
                } else if let Some(flag) = flags.iter().find(|known| **known == name) {
                    arguments.flags.push(flag);
                } else {
                    return Err(Failure::Usage);
                }
            }
            Arg::Short(_) => return Err(Failure::Usage),
        }
    }
    if found.is_none() {
        return Ok(Asked::Help);
    }
    Ok(Asked::Command(arguments))
}

impl Arguments {
    /// A path that may be left out.
    pub(crate) fn path(&self, name: &'static str) -> Option<PathBuf> {
        self.values.get(name).map(PathBuf::from)
    }
    /// A path that must be there.
    pub(crate) fn needed_path(&self, name: &'static str) -> Result<PathBuf, Failure> {
        self.path(name).ok_or(Failure::Option(name))
    }
    /// A text that may be left out.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<&str>, Failure> {
        self.values.get(name).map(|value| value.to_str().ok_or(Failure::Option(name))).transpose()
    }
    /// A value that must be there.
    pub(crate) fn value<T: FromStr>(&self, name: &'static str) -> Result<T, Failure> {
        let text = self.text(name)?.ok_or(Failure::Option(name))?;
        text.parse().map_err(|_| Failure::Option(name))
    }
    /// One of a short list; asked for where it was left out.
    pub(crate) fn choice<T: Choice>(
        &self,
        name: &'static str,
        ask: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        match self.text(name)? {
            None => ask(),
            Some(text) => {
                T::ALL.iter().find(|choice| choice.name() == text).copied().ok_or(Failure::Option(name))
            }
        }
    }
    /// Whether a flag was given.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }
    /// What stands free.
    pub(crate) fn free(&self) -> &[OsString] {
        &self.free
    }
    /// The one file that stands free.
    pub(crate) fn file(&self) -> Result<PathBuf, Failure> {
        match &self.free[..] {
            [file] => Ok(PathBuf::from(file)),
            _ => Err(Failure::Usage),
        }
    }
    /// The number that stands free, if any.
    pub(crate) fn number(&self) -> Result<Option<&str>, Failure> {
        match &self.free[..] {
            [] => Ok(None),
            [number] => number.to_str().map(Some).ok_or(Failure::Usage),
            _ => Err(Failure::Usage),
        }
    }
}
