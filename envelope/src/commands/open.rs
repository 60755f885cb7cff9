//! `open`: opens an envelope once. Content is written into a folder of its own that has its final name only after the last byte
//! was verified and the ledger says so.
//!
//! Must not: leave anything under a final name that was not verified, or write plain text to what can be carried away.

use std::{
    fs::{self, File},
    io::{self, BufReader, Write},
    path::{Path, PathBuf},
};

use record::envelope::{AccountName, EnvelopeId, Manifest, Part};
use seal::envelope::{self, Head, Opened, Refusal};

use super::Desk;
use crate::{
    failure::{Failure, at, reason},
    folder,
    ledger::{Event, Ledger},
    office, place,
};

pub(super) fn run(desk: &Desk<'_>) -> Result<(), Failure> {
    let account: AccountName = desk.arguments.value("as")?;
    let (path, into) = (desk.arguments.file()?, desk.arguments.needed_path("into")?);
    let own = office::read(&desk.folder)?;
    let mut ledger = Ledger::read(&desk.folder)?;
    place::for_plain_text(&into, desk.arguments.has("place-is-fixed"))?;
    let mut source = BufReader::new(File::open(&path).map_err(at(&path))?);
    let head = match envelope::read_head(&mut source) {
        Ok(head) => head,
        Err(refusal) => return refuse(desk, &mut ledger, &account, None, refusal),
    };
    let places = Places::of(&into, head.manifest());
    let id = head.manifest().outline.envelope_id;
    if let Some(when) = ledger.opened_at(id) {
        return opened_before(desk, &mut ledger, &account, &places, id, when);
    }
    if places.last.exists() {
        return Err(Failure::FileThere(places.last));
    }
    let judged = match head.judge(&office::cards(&desk.folder)?, &own.sealed_to, desk.now) {
        Ok(judged) => judged,
        Err(refusal) => return refuse(desk, &mut ledger, &account, Some(id), refusal),
    };
    let person = office::unlock(&desk.folder, desk.console, &account)?;
    let keys = office::keys(&desk.folder, &person)?;

    ledger.add(&desk.folder, desk.now, Event::OpeningBegun { envelope_id: id, by: account.clone() })?;
    places.begin()?;
    let mut progress = desk.console.progress("開封しています", "opening", total(judged.head()));
    let opened = judged.open(&keys.identity, source, |part| places.part(part), |bytes| progress.add(bytes));
    let opened = match opened {
        Ok(opened) => opened,
        Err(refusal) => {
            let _ = fs::remove_dir_all(&places.first);
            return refuse(desk, &mut ledger, &account, Some(id), refusal);
        }
    };
    folder::sync_folder(&places.first).map_err(at(&places.first))?;
    let (receipt, _) = envelope::sign_receipt(&keys.signing, own.office, &opened, account.clone(), desk.now)?;
    desk.folder.write(&super::receipt::file(id), &receipt)?;
    ledger.add(&desk.folder, desk.now, note(&opened, account))?;
    places.finish()?;
    hand_out(desk, &places, id, &receipt)
}

fn total(head: &Head) -> u64 {
    head.manifest().bytes().unwrap_or_default()
}

fn note(opened: &Opened, by: AccountName) -> Event {
    let Manifest { outline, parts, asked, allowed, .. } = opened.manifest.clone();
    let (asked, allowed) = (Box::new(asked), Box::new(allowed));
    Event::Opened { outline, parts, asked, allowed, manifest: opened.digest, by }
}

/// Every refusal stands in the ledger.
fn refuse(
    desk: &Desk<'_>,
    ledger: &mut Ledger,
    account: &AccountName,
    envelope_id: Option<EnvelopeId>,
    refusal: Refusal,
) -> Result<(), Failure> {
    let refused = Event::Refused { envelope_id, reason: reason(refusal).to_owned(), by: account.clone() };
    ledger.add(&desk.folder, desk.now, refused)?;
    Err(refusal.into())
}

/// The computer may have stopped between the ledger's line and the folder's final name: then the content was verified and lies
/// there, and only its name is missing. Anything else is a second opening.
fn opened_before(
    desk: &Desk<'_>,
    ledger: &mut Ledger,
    account: &AccountName,
    places: &Places,
    id: EnvelopeId,
    when: record::WallTime,
) -> Result<(), Failure> {
    if places.first.is_dir() && !places.last.exists() {
        places.finish()?;
        let receipt = desk.folder.read(&super::receipt::file(id))?.unwrap_or_default();
        return hand_out(desk, places, id, &receipt);
    }
    let by = account.clone();
    let refused = Event::Refused { envelope_id: Some(id), reason: "opened_before".to_owned(), by };
    ledger.add(&desk.folder, desk.now, refused)?;
    Err(Failure::AlreadyOpened(when))
}

fn hand_out(desk: &Desk<'_>, places: &Places, id: EnvelopeId, receipt: &[u8]) -> Result<(), Failure> {
    let short = id.short();
    desk.say(
        format!("開封し、目録と一致することを確かめました: {}", places.last.display()),
        format!("It was opened and is what its manifest says: {}", places.last.display()),
    );
    match desk.arguments.path("receipt") {
        Some(path) => {
            super::write_new(&path, receipt)?;
            desk.say(
                format!("受領書を {} に書きました。送付元に返してください。", path.display()),
                format!("The receipt was written to {}. Return it to the sender.", path.display()),
            );
        }
        None => desk.say(
            format!(
                "受領書を書き出して送付元に返してください: vrs-envelope receipt --of {short} --out ファイル"
            ),
            format!(
                "Write the receipt and return it to the sender: vrs-envelope receipt --of {short} --out FILE"
            ),
        ),
    }
    desk.say(
        "使い終えたら、媒体の封緘ファイルと取り出したデータを消してください: vrs-envelope erase",
        "When it is no longer needed, erase the envelope on the medium and the content: vrs-envelope erase",
    );
    Ok(())
}

/// Where content lies until it is verified, and afterwards.
struct Places {
    into: PathBuf,
    first: PathBuf,
    last: PathBuf,
}

impl Places {
    fn of(into: &Path, manifest: &Manifest) -> Self {
        let id = manifest.outline.envelope_id;
        let stem = manifest.parts.first().map_or("", |part| part.name.as_str());
        let kind = stem.split_once('-').map_or(stem, |(kind, _)| kind);
        Self {
            into: into.to_owned(),
            first: into.join(format!(".opening-{id}")),
            last: into.join(format!("{kind}-{}", id.short())),
        }
    }

    /// An empty folder; what an interrupted opening left in it was never verified.
    fn begin(&self) -> Result<(), Failure> {
        fs::create_dir_all(&self.into).map_err(at(&self.into))?;
        match fs::remove_dir_all(&self.first) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&self.first)(error)),
            _ => {}
        }
        folder::create_private_folder(&self.first).map_err(at(&self.first))
    }

    fn part(&self, part: &Part) -> io::Result<Synced> {
        folder::create_private(&self.first.join(part.name.as_str())).map(Synced)
    }

    fn finish(&self) -> Result<(), Failure> {
        fs::rename(&self.first, &self.last).map_err(at(&self.last))?;
        folder::sync_folder(&self.into).map_err(at(&self.into))
    }
}

/// A file whose flush means that it is on the disk.
struct Synced(File);

impl Write for Synced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.sync_all()
    }
}
