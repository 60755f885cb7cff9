//! The commands, a file each.
//!
//! Must not: do a command's work here.

mod allow;
mod ask;
mod erase;
mod keys;
mod ledger;
mod look;
mod make;
mod open;
mod receipt;

use std::{io, io::Write as _, path::Path};

use record::{
    WallTime,
    envelope::{Outline, Part},
};

use crate::{
    arguments::Arguments,
    clock,
    console::Console,
    failure::{Failure, at},
    folder::{self, Folder},
    place::{self, Place},
    words::{self, Choice as _},
};

/// What every command works with.
struct Desk<'a> {
    console: Console,
    arguments: &'a Arguments,
    folder: Folder,
    now: WallTime,
}

/// Does what the command line asks for.
pub(crate) fn run(console: Console, arguments: &Arguments) -> Result<(), Failure> {
    let root = arguments.path("data").or_else(Folder::usual).ok_or(Failure::Option("data"))?;
    keys_stay_here(&root)?;
    let desk = Desk { console, arguments, folder: Folder::open(&root)?, now: clock::now() };
    match arguments.command {
        "keys" => keys::run(&desk),
        "ask" => ask::run(&desk),
        "allow" => allow::run(&desk),
        "make" => make::run(&desk),
        "look" => look::run(&desk),
        "open" => open::run(&desk),
        "receipt" => receipt::run(&desk),
        "ledger" => ledger::run(&desk),
        "erase" => erase::run(&desk),
        _ => Err(Failure::Usage),
    }
}

/// Keys and ledger on a stick would be carried away with it.
fn keys_stay_here(root: &Path) -> Result<(), Failure> {
    if place::of(root) == Place::Removable { Err(Failure::RemovablePlace) } else { Ok(()) }
}

/// Writes a new file; one that is there stays as it is.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = folder::create_private(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::FileThere(path.to_owned()),
        _ => at(path)(error),
    })?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(path))
}

impl Desk<'_> {
    fn say(&self, japanese: impl AsRef<str>, english: impl AsRef<str>) {
        self.console.say(japanese, english);
    }

    /// Says what an outline and its parts are.
    fn describe(&self, outline: &Outline, parts: &[Part]) {
        let language = self.console.language;
        let line = |japanese: &str, english: &str, value: &str| {
            self.say(format!("  {japanese}: {value}"), format!("  {english}: {value}"));
        };
        line("番号", "Number", &outline.envelope_id.to_string());
        line("送付元", "From", &words::office(outline.sender.office, language));
        line("送付先", "To", &words::office(outline.recipient.office, language));
        line("目的", "Purpose", outline.purpose.shown(language));
        line("文書番号", "Document number", outline.document_number.as_str());
        line("運搬方法", "Way of carrying", outline.method.shown(language));
        line("内容の種類", "Kind of content", outline.kind.shown(language));
        line("期限", "Expires", &words::at(outline.expires_at));
        for part in parts {
            let (rows, bytes) = (words::number(part.rows), words::number(part.bytes));
            self.say(
                format!("  ファイル: {}  {rows} 行  {bytes} バイト  SHA-256 {}", part.name, part.sha256),
                format!("  File: {}  {rows} rows  {bytes} bytes  SHA-256 {}", part.name, part.sha256),
            );
        }
    }
}
