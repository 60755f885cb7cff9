//! `ask`: a person asks for files to be sealed, for one recipient, with purpose, way of carrying and expiry.
//!
//! Must not: copy content; it is read for its digest and stays where it is.

use std::{
    fs::File,
    io::{self, BufReader, Read as _},
    path::{Path, PathBuf},
};

use record::{
    bytes::ContentDigest,
    envelope::{
        AccountName, DocumentNumber, EnvelopeId, FORMAT, Kind, MOST_PARTS, Method, Office, Outline, Part,
        PartName, Purpose, Recipient, RowCounter, Sender,
    },
};
use seal::{digest::Sha256, envelope, envelope::Refusal, random};

use super::Desk;
use crate::{
    console::Progress,
    failure::{Failure, at},
    ledger::{Event, Ledger},
    office,
    place::{self, Place},
    requests::{self, KeptRequest, State},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const USUAL_DAYS: i64 = 7;

pub(super) fn run(desk: &Desk<'_>) -> Result<(), Failure> {
    let account: AccountName = desk.arguments.value("as")?;
    let to: Office = desk.arguments.value("to")?;
    let days: i64 = match desk.arguments.text("days")? {
        None => USUAL_DAYS,
        Some(text) => {
            text.parse().ok().filter(|days| (1..=31).contains(days)).ok_or(Failure::Option("days"))?
        }
    };
    let own = office::read(&desk.folder)?;
    let card =
        office::cards(&desk.folder)?.into_iter().find(|card| card.office == to).ok_or(Failure::NoCard)?;
    let files: Vec<PathBuf> = desk.arguments.free().iter().map(PathBuf::from).collect();
    if files.is_empty() {
        return Err(Failure::Usage);
    }
    if files.len() > MOST_PARTS {
        return Err(Refusal::OutOfBounds.into());
    }
    // Before any question: a name that was mistyped is said at once.
    for file in &files {
        file.metadata().map_err(at(file))?;
    }
    let mut ledger = Ledger::read(&desk.folder)?;
    let purpose: Purpose = desk.arguments.choice("purpose", || desk.console.choose())?;
    let method: Method = desk.arguments.choice("method", || desk.console.choose())?;
    let kind: Kind = desk.arguments.choice("kind", || desk.console.choose())?;
    let document_number = document_number(desk)?;
    warn_of_plain_text_outside(desk, &files);
    let (parts, files) = read(desk, kind, &files)?;
    let id = random::bytes(&mut random::SystemRandom::default()).map_err(Refusal::from)?;
    let outline = Outline {
        format: FORMAT,
        envelope_id: EnvelopeId::from_bytes(id),
        sender: Sender { office: own.office, key: own.signing_key },
        recipient: Recipient { office: to, key: card.sealed_to },
        purpose,
        document_number,
        method,
        kind,
        expires_at: desk.now.plus_ms(days * DAY_MS),
    };
    desk.describe(&outline, &parts);
    let person = office::unlock(&desk.folder, desk.console, &account)?;
    let request =
        envelope::ask(outline.clone(), parts.clone(), account.clone(), &person.keys.signing, desk.now);
    requests::keep(&desk.folder, &KeptRequest { request, files, state: State::Waiting })?;
    ledger.add(&desk.folder, desk.now, Event::Asked { outline: outline.clone(), parts, by: account })?;
    let id = outline.envelope_id.short();
    desk.say(
        format!("申請しました。番号: {id}\n次に、別の人が許可してください: vrs-envelope allow --as アカウント {id}"),
        format!("It was asked for. Number: {id}\nNext, another person allows it: vrs-envelope allow --as ACCOUNT {id}"),
    );
    Ok(())
}

fn document_number(desk: &Desk<'_>) -> Result<DocumentNumber, Failure> {
    let given = match desk.arguments.text("document-number")? {
        Some(given) => given.to_owned(),
        None => desk.console.line(
            "文書番号(起案番号など。人の名前は書かない)",
            "Document number (of the decision; no person's name)",
        )?,
    };
    given.parse().map_err(|_| Failure::Option("document-number"))
}

/// Nothing can be done about it here, but it should not stay so.
fn warn_of_plain_text_outside(desk: &Desk<'_>, files: &[PathBuf]) {
    for file in files.iter().filter(|file| place::of(file) == Place::Removable) {
        desk.say(
            format!("注意: {} は取り外せる媒体にあります。封緘した後、vrs-envelope erase --plain で消してください。", file.display()),
            format!("Note: {} lies on a removable medium. Erase it after sealing with vrs-envelope erase --plain.", file.display()),
        );
    }
}

/// Each file as a part, named by the kind of content and not by what it is called here.
fn read(desk: &Desk<'_>, kind: Kind, files: &[PathBuf]) -> Result<(Vec<Part>, Vec<PathBuf>), Failure> {
    let mut total = 0;
    let mut places = Vec::new();
    for file in files {
        let place = file.canonicalize().map_err(at(file))?;
        let found = place.metadata().map_err(at(file))?;
        if !found.is_file() {
            return Err(at(file)(io::ErrorKind::IsADirectory.into()));
        }
        total += found.len();
        places.push(place);
    }
    let mut progress = desk.console.progress("読んでいます", "reading", total);
    let mut parts = Vec::new();
    for (index, file) in places.iter().enumerate() {
        let end = file.extension().and_then(|end| end.to_str()).unwrap_or("dat");
        let name = kind.part_name(index + 1, end).or_else(|_| kind.part_name(index + 1, "dat"));
        let name = name.map_err(|_| Failure::Refused(Refusal::OutOfBounds))?;
        parts.push(part(name, file, &mut progress)?);
    }
    Ok((parts, places))
}

fn part(name: PartName, path: &Path, progress: &mut Progress) -> Result<Part, Failure> {
    let mut file = BufReader::new(File::open(path).map_err(at(path))?);
    let (mut rows, mut digest, mut bytes) = (RowCounter::of(&name), Sha256::default(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(at(path))?;
        if read == 0 {
            break;
        }
        rows.take(&buffer[..read]);
        digest.update(&buffer[..read]);
        bytes += read as u64;
        progress.add(read as u64);
    }
    Ok(Part { name, rows: rows.rows(), bytes, sha256: ContentDigest(digest.finish()) })
}
