//! Adding to a municipality's ledger: each line is judged by what the file's lines before it say, and linked to the last.
//!
//! Must not: add a line that does not follow from those before it.

use record::{MunicipalityCode, WallTime, envelope::AccountName};
use seal::envelope::ledger_link;

use super::{
    event::{About, Event, Line},
    file::{Conflict, SealedFile},
};
use crate::{
    audit::{Act, FileStep},
    storage::{MediaLine, Storage, StorageError},
};

/// How often a line is tried again because somebody else's came first.
const MOST_TRIES: usize = 50;

/// A line was not added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// It does not follow from what was done before.
    #[error("does not follow from what was done before")]
    Conflict(Conflict),
    /// The register.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Adds a line, and to the audit what an officer did, both or none; what the file, if it is about one, has come to.
///
/// # Errors
/// [`LedgerError`].
pub async fn add(
    storage: &dyn Storage,
    municipality: MunicipalityCode,
    about: About,
    (by, at): (AccountName, WallTime),
    event: Event,
) -> Result<Vec<Line>, LedgerError> {
    for _ in 0..MOST_TRIES {
        // The last line is read first: a line that comes after this one's judgement takes its number.
        let last = storage.latest_media_lines(municipality, None, 1).await?.pop();
        let mut before = lines_about(storage, municipality, about).await?;
        SealedFile::follows(&before, &by, &event).map_err(LedgerError::Conflict)?;
        let number = last.as_ref().map_or(0, |last| last.number) + 1;
        let line = Line { number, at, by: by.clone(), about, event: event.clone() };
        let json = to_json(&line)?;
        let link = ledger_link(last.as_ref().map(|last| &last.link), json.as_bytes());
        let kept = MediaLine { number, about: about.to_string(), line: json, link };
        let audited = act(about, &event).map(|act| act.line(municipality, by.as_str(), at));
        if storage.add_media_line(municipality, kept, audited).await? {
            before.push(line);
            return Ok(before);
        }
    }
    Err(StorageError::Busy.into())
}

/// What the audit says of a line; none of what the central does by itself, and of imports that take effect or are undone,
/// which the register records with them.
fn act(about: About, event: &Event) -> Option<Act> {
    let step = match event {
        Event::CardTaken { .. } => return Some(Act::KeyCardTaken),
        Event::CardWithdrawn => return Some(Act::KeyCardWithdrawn),
        Event::Asked { .. } => FileStep::Asked,
        Event::Withdrawn => FileStep::Withdrawn,
        Event::Declined => FileStep::Declined,
        Event::Allowed => FileStep::Allowed,
        Event::Made { .. } => FileStep::Made,
        Event::Downloaded => FileStep::Downloaded,
        Event::ReceiptTaken { .. } => FileStep::Arrived,
        Event::ReadingBegun { .. } => FileStep::Brought,
        Event::Opened { .. } => FileStep::Opened,
        Event::Discarded => FileStep::Discarded,
        Event::Refused { .. } | Event::ReceiptRefused { .. } => FileStep::Refused,
        Event::MakingBegun
        | Event::MakingStopped
        | Event::MakingFailed { .. }
        | Event::ReadingEnded { .. }
        | Event::Removed
        | Event::TookEffect
        | Event::Undone
        | Event::NothingChanged { .. } => return None,
    };
    match about {
        About::File(file) => Some(Act::SealedFile { file, step }),
        About::Card | About::Unreadable => None,
    }
}

/// The lines about one thing, in order.
///
/// # Errors
/// [`StorageError`]; [`StorageError::Inconsistent`] where a line does not hold.
pub async fn lines_about(
    storage: &dyn Storage,
    municipality: MunicipalityCode,
    about: About,
) -> Result<Vec<Line>, StorageError> {
    let lines = storage.media_lines_about(municipality, about.to_string()).await?;
    lines.iter().map(read).collect()
}

/// A kept line as what it says.
///
/// # Errors
/// [`StorageError::Inconsistent`] where it does not hold.
pub fn read(kept: &MediaLine) -> Result<Line, StorageError> {
    let line: Line =
        serde_json::from_str(&kept.line).map_err(|_| StorageError::Inconsistent("media_ledger"))?;
    let is_its_own = line.number == kept.number && line.about.to_string() == kept.about;
    if is_its_own { Ok(line) } else { Err(StorageError::Inconsistent("media_ledger")) }
}

fn to_json(line: &Line) -> Result<String, StorageError> {
    serde_json::to_string(line).map_err(|_| StorageError::Inconsistent("media_ledger"))
}
