//! Taking in a sealed file of people: gathered in the spool as it came, judged, opened in memory, read into an import that waits.
//! The ledger says that it was opened only when all of it was verified; then it is never opened again.
//!
//! Must not: write what was opened to the disk, or let anything of it hold before another person says so.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::Path,
    sync::Arc,
};

use record::{
    MunicipalityCode,
    envelope::{AccountName, EnvelopeId, Kind as ContentKind, Office},
};
use seal::{
    envelope::{Judged, Opened, Refusal, read_head, sign_receipt},
    sealed_stream::Sealing,
};

use super::{
    cards,
    event::{About, Event, FaultyRow, Preview, Said},
    file::Conflict,
    jobs::{Of, Running, Work},
    ledger::{self, LedgerError},
    pipe::{PipeWriter, pipe},
    refusal::Reason,
    room,
    spool::Kind,
};
use crate::{
    people::importing::{self, ImportError, Importing, preview},
    state::Central,
    storage::StorageError,
};

/// What is left to be read of a file whose head was judged.
struct Begun {
    judged: Judged,
    sealed: BufReader<File>,
}

/// A file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum TakingInError {
    /// It is refused; the ledger says so.
    #[error("refused")]
    Refused(Reason),
    /// The register.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Judges a file that was gathered at `arrived`, and begins to read it beside everything else.
///
/// # Errors
/// [`TakingInError`]; the file is then gone from the spool.
pub async fn begin(
    central: &Central,
    municipality: MunicipalityCode,
    by: AccountName,
    arrived: &Path,
) -> Result<EnvelopeId, TakingInError> {
    let begun = begun(central, municipality, &by, arrived).await;
    if begun.is_err() {
        remove(central, arrived);
    }
    begun
}

async fn begun(
    central: &Central,
    municipality: MunicipalityCode,
    by: &AccountName,
    arrived: &Path,
) -> Result<EnvelopeId, TakingInError> {
    let now = central.clock.now();
    let head = File::open(arrived)
        .map_err(|error| Refusal::Read(error.kind()))
        .map(BufReader::new)
        .and_then(|mut file| read_head(&mut file).map(|head| (head, file)));
    let (head, sealed) = match head {
        Ok(found) => found,
        Err(refusal) => return refused(central, municipality, About::Unreadable, by, refusal.into()).await,
    };
    let manifest = Box::new(head.manifest().clone());
    let id = manifest.outline.envelope_id;
    let about = About::File(id);
    let cards: Vec<_> = cards::registered(&*central.storage, municipality)
        .await?
        .map(|known| known.card)
        .into_iter()
        .collect();
    // Twice is said before anything else: a file that was opened and has expired since was opened.
    let lines = ledger::lines_about(&*central.storage, municipality, about).await?;
    if lines.iter().any(|line| matches!(line.event, Event::Opened { .. })) {
        return refused(central, municipality, about, by, Reason::OpenedBefore).await;
    }
    let judged = match head.judge(&cards, &central.media.office.card.sealed_to, now) {
        Ok(judged) => judged,
        Err(refusal) => return refused(central, municipality, about, by, refusal.into()).await,
    };
    let is_one_csv = manifest.parts.len() == 1 && manifest.parts[0].name.as_str().ends_with(".csv");
    if manifest.outline.kind != ContentKind::People || !is_one_csv {
        return refused(central, municipality, about, by, Reason::NotPeople).await;
    }
    let Some(running) = central.media.jobs.begin(municipality, Of::File(id), Work::Reading) else {
        return refused(central, municipality, about, by, Reason::BeingRead).await;
    };
    // What lies there under its number when the program begins again was being read by this process.
    let path = central.media.spool.path(municipality, id, Kind::Reading);
    if let Err(error) = central.media.spool.rename(arrived, &path) {
        tracing::error!(%error, "a sealed file cannot be kept while it is read");
        return refused(central, municipality, about, by, Reason::System).await;
    }
    running.expect(manifest.rows().unwrap_or(0));
    let event = Event::ReadingBegun { manifest };
    match ledger::add(&*central.storage, municipality, about, (by.clone(), now), event).await {
        Ok(_) => {}
        Err(error) => {
            remove(central, &path);
            return match error {
                LedgerError::Conflict(Conflict::OpenedBefore) => {
                    refused(central, municipality, about, by, Reason::OpenedBefore).await
                }
                LedgerError::Conflict(_) => {
                    refused(central, municipality, about, by, Reason::BeingRead).await
                }
                LedgerError::Storage(error) => Err(error.into()),
            };
        }
    }
    let (central, by) = (central.clone(), by.clone());
    tokio::spawn(async move {
        let begun = Begun { judged, sealed };
        let ended = read(&central, municipality, id, &by, begun, &running).await;
        let event = match ended {
            Ok(event) => event,
            Err((Reason::Stopped, _)) => Event::ReadingEnded { reason: Reason::Stopped },
            Err((reason, said)) => Event::Refused { reason, said },
        };
        let import = match &event {
            Event::Opened { import, .. } => Some(*import),
            _ => None,
        };
        let now = central.clock.now();
        let noted = ledger::add(&*central.storage, municipality, about, (by, now), event).await;
        if let (Err(error), Some(import)) = (&noted, import) {
            tracing::error!(%error, "an opened file cannot be noted; its import is given up");
            if let Err(error) = central.storage.discard_import(municipality, import, now).await {
                tracing::error!(%error, "nor can that");
            }
        }
        remove(&central, &central.media.spool.path(municipality, id, Kind::Reading));
        tracing::info!(is_opened = import.is_some() && noted.is_ok(), "reading a sealed file ended");
    });
    Ok(id)
}

/// Notes a refusal.
async fn refused<T>(
    central: &Central,
    municipality: MunicipalityCode,
    about: About,
    by: &AccountName,
    reason: Reason,
) -> Result<T, TakingInError> {
    let event = Event::Refused { reason, said: None };
    let now = central.clock.now();
    match ledger::add(&*central.storage, municipality, about, (by.clone(), now), event).await {
        Ok(_) | Err(LedgerError::Conflict(_)) => Err(TakingInError::Refused(reason)),
        Err(LedgerError::Storage(error)) => Err(error.into()),
    }
}

async fn read(
    central: &Central,
    municipality: MunicipalityCode,
    id: EnvelopeId,
    by: &AccountName,
    begun: Begun,
    running: &Running,
) -> Result<Event, (Reason, Option<Said>)> {
    let keys = room::keys(central, municipality).await.map_err(|error| {
        tracing::error!(%error, "people cannot be sealed");
        (Reason::System, None)
    })?;
    let (profile, now) = (Arc::clone(&central.media.people), central.clock.now());
    let importing = Importing { keys: Arc::new(keys), profile, by: by.as_str().to_owned(), now };
    let spool = &central.media.spool;
    let (part, kept) =
        (spool.path(municipality, id, Kind::FaultyPart), spool.path(municipality, id, Kind::Faulty));
    let addressee = central.media.office.keys.identity.addressee();
    let faulty = spool.create(&part).map_err(|_| (Reason::System, None))?;
    let faulty =
        Sealing::begin(&[addressee], BufWriter::new(faulty)).map_err(|_| (Reason::Cryptography, None))?;

    let (writer, reader) = pipe();
    let office = Arc::clone(&central.media.office);
    let opening = tokio::task::spawn_blocking(move || open(begun, &office.keys.identity, writer));
    let job = running.job();
    let progress = &mut |rows| job.tell(rows);
    let read = preview(&*central.storage, &importing, reader, faulty, progress).await;
    let opened = opening.await.map_err(|_| (Reason::System, None))?;
    let ended = match (opened, read) {
        (Ok(opened), Ok((preview, faulty))) => Ok((opened, preview, faulty)),
        // Where nobody reads any more the opening cannot write: then the reader knows why.
        (Err(refusal), Err(_)) if !matches!(refusal, Refusal::Write(_)) => Err((refusal.into(), None)),
        (_, Err(error)) => Err(import_reason(&error)),
        (Err(refusal), Ok((preview, _))) => {
            // The reader has no end without the opener's; were it otherwise, nothing of it may wait.
            let _ = central.storage.discard_import(municipality, preview.import, now).await;
            Err((refusal.into(), None))
        }
    };
    let (opened, preview, faulty) = match ended {
        Ok(ended) => ended,
        Err(reason) => {
            remove(central, &part);
            return Err(reason);
        }
    };
    let import = preview.import;
    let kept_rows = keep_faulty(central, faulty, (&part, &kept), preview.counts.faulty);
    let receipt = sign_receipt(
        &central.media.office.keys.signing,
        Office::Central,
        &opened,
        by.clone(),
        central.clock.now(),
    );
    let receipt = receipt.ok().and_then(|(file, _)| String::from_utf8(file).ok());
    match (kept_rows, receipt) {
        (Ok(()), Some(receipt)) => Ok(Event::Opened { import, preview: Box::new(shown(preview)), receipt }),
        _ => {
            remove(central, &part);
            let _ = central.storage.discard_import(municipality, import, now).await;
            Err((Reason::System, None))
        }
    }
}

/// The sealed faulty rows get their name; where there are none, nothing is kept.
fn keep_faulty(
    central: &Central,
    faulty: Sealing<BufWriter<File>>,
    (part, kept): (&Path, &Path),
    rows: u64,
) -> std::io::Result<()> {
    let spool = &central.media.spool;
    faulty.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    if rows == 0 { spool.remove(part) } else { spool.rename(part, kept) }
}

fn open(
    Begun { judged, sealed }: Begun,
    identity: &seal::sealed::Identity,
    writer: PipeWriter,
) -> Result<Opened, Refusal> {
    let opened = judged.open(identity, sealed, |_| Ok(writer.clone()), |_| {})?;
    writer.verified();
    Ok(opened)
}

fn shown(preview: importing::Preview) -> Preview {
    let counts = preview.counts;
    let said = |sentence: crate::csv::faults::Sentence| Said {
        japanese: sentence.japanese,
        english: sentence.english,
    };
    Preview {
        new: counts.new,
        changed: counts.changed,
        unchanged: counts.unchanged,
        faulty: counts.faulty,
        shown: preview
            .faulty
            .into_iter()
            .map(|(row, sentences)| FaultyRow { row, said: sentences.into_iter().map(said).collect() })
            .collect(),
    }
}

fn import_reason(error: &ImportError) -> (Reason, Option<Said>) {
    match error {
        ImportError::File(fault) => {
            let sentence = fault.sentence();
            let said = Said { japanese: sentence.japanese, english: sentence.english };
            (Reason::UnreadableRows, Some(said))
        }
        ImportError::Open(_) => (Reason::ImportOpen, None),
        ImportError::Stopped => (Reason::Stopped, None),
        ImportError::FaultyRows(_) | ImportError::Storage(_) | ImportError::Sealing(_) => {
            tracing::error!(%error, "a sealed file cannot be read into the register");
            (Reason::System, None)
        }
    }
}

fn remove(central: &Central, path: &Path) {
    if let Err(error) = central.media.spool.remove(path) {
        tracing::error!(%error, "a sealed file cannot be removed from the spool");
    }
}
