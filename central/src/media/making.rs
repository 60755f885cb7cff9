//! Making what was allowed: rows flow from the register through the seal into the spool, and get their name only when the whole
//! file was read back and is what its head says.
//!
//! Must not: hold more than a page of people, write a row unsealed, or leave anything behind where it is stopped.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Write as _},
    ops::ControlFlow,
    path::Path,
    sync::Arc,
};

use record::{
    MunicipalityCode, WallTime,
    envelope::{AccountName, Approval, EnvelopeId, Manifest, Outline},
};
use seal::{
    envelope::{self as envelopes, Sealer, attested, read_head},
    sealed_stream::Opening,
};

use super::{
    cards,
    event::{About, Content, Event},
    file::SealedFile,
    jobs::{Job, Of, Running, Work},
    ledger::{self, LedgerError},
    office::CentralOffice,
    refusal::Reason,
    room,
    spool::{Kind, Spool},
};
use crate::{
    csv::writer::{Reader, WriteError},
    people::{
        outgoing::{Ledger, OutgoingError, WaitingList},
        walk::{WalkError, walk},
    },
    state::Central,
};

type Out = BufWriter<File>;

/// Begins to make a file that was allowed, beside everything else; false where this process is at it already.
///
/// # Errors
/// [`LedgerError::Conflict`] where it was not allowed, or is made.
pub async fn begin(
    central: &Central,
    municipality: MunicipalityCode,
    id: EnvelopeId,
    by: AccountName,
) -> Result<bool, LedgerError> {
    let Some(running) = central.media.jobs.begin(municipality, Of::File(id), Work::Making) else {
        return Ok(false);
    };
    // What lies there when the program begins again was being made by this process.
    let stream = central.media.spool.path(municipality, id, Kind::Making);
    let made = central.media.spool.create(&stream);
    let now = central.clock.now();
    let storage = &*central.storage;
    let lines =
        ledger::add(storage, municipality, About::File(id), (by.clone(), now), Event::MakingBegun).await;
    let file = match lines {
        Ok(lines) => SealedFile::of(&lines),
        Err(error) => {
            // Of a file that was not allowed nothing lies there but what was made a moment ago.
            let _ = central.media.spool.remove(&stream);
            return Err(error);
        }
    };
    let central = central.clone();
    tokio::spawn(async move {
        let ended = match (file, made) {
            (Some(file), Ok(stream)) => make(&central, municipality, &file, stream, &running).await,
            _ => Err(Reason::System),
        };
        let event = match ended {
            Ok((manifest, file_bytes)) => Event::Made { manifest: Box::new(manifest), file_bytes },
            Err(Reason::Stopped) => Event::MakingStopped,
            Err(reason) => Event::MakingFailed { reason },
        };
        let is_made = matches!(event, Event::Made { .. });
        let now = central.clock.now();
        let noted = ledger::add(&*central.storage, municipality, About::File(id), (by, now), event).await;
        let spool = &central.media.spool;
        let left = [Kind::Making, Kind::Joining]
            .into_iter()
            .chain((!is_made || noted.is_err()).then_some(Kind::Made));
        for kind in left {
            if let Err(error) = spool.remove(&spool.path(municipality, id, kind)) {
                tracing::error!(%error, "what was begun of a sealed file cannot be removed");
            }
        }
        match noted {
            Ok(_) => tracing::info!(is_made, "making a sealed file ended"),
            Err(error) => tracing::error!(%error, "making a sealed file cannot be noted"),
        }
    });
    Ok(true)
}

async fn make(
    central: &Central,
    municipality: MunicipalityCode,
    file: &SealedFile,
    stream: File,
    running: &Running,
) -> Result<(Manifest, u64), Reason> {
    let (Some((outline, content)), Some((allower, allowed_at))) = (&file.asked, &file.allowed) else {
        return Err(Reason::NotAllowed);
    };
    if central.clock.now() >= outline.expires_at {
        return Err(Reason::Expired);
    }
    let known = cards::registered(&*central.storage, municipality).await;
    let known = known.map_err(|error| not_readable(&error))?;
    if known.is_none_or(|known| known.card.sealed_to != outline.recipient.key) {
        return Err(Reason::RecipientWithdrawn);
    }
    let mut sealer = Sealer::begin(outline, BufWriter::new(stream))?;
    let name = outline.kind.part_name(1, "csv").map_err(|_| Reason::OutOfBounds)?;
    sealer.part(name)?;
    let sealer = match content {
        Content::RegisterOutput { spreadsheet } => {
            let out = Ledger::begin(sealer, &central.media.outgoing, reader(*spreadsheet));
            let mut out = out.map_err(|error| write_reason(&error))?;
            walked(central, municipality, running, &mut |walked| out.take(walked)).await?;
            out.finish().map_err(|error| write_reason(&error))?
        }
        Content::WaitingList { spreadsheet } => {
            let out = WaitingList::begin(sealer, &central.media.outgoing, reader(*spreadsheet));
            let mut out = out.map_err(|error| write_reason(&error))?;
            walked(central, municipality, running, &mut |walked| out.take(walked)).await?;
            out.finish().map_err(|error| write_reason(&error))?
        }
        Content::FaultyRows { of } => faulty_rows(central, municipality, *of, sealer, running).await?,
    };
    let (office, spool) = (Arc::clone(&central.media.office), central.media.spool.clone());
    let approvals = (attested(file.by.clone(), file.at), attested(allower.clone(), *allowed_at));
    let (outline, now, job) = (outline.clone(), central.clock.now(), running.job());
    let joining = move || join(&office, &spool, (municipality, outline, approvals, now), sealer, &job);
    tokio::task::spawn_blocking(joining).await.map_err(|_| Reason::System)?
}

async fn walked(
    central: &Central,
    municipality: MunicipalityCode,
    running: &Running,
    take: &mut (dyn FnMut(&crate::people::walk::Walked) -> Result<(), OutgoingError> + Send),
) -> Result<(), Reason> {
    let keys = room::keys(central, municipality).await.map_err(|error| not_readable(&error))?;
    let people = central.storage.count_people(municipality).await.map_err(|error| not_readable(&error))?;
    running.expect(people);
    let job = running.job();
    let ended = walk(&*central.storage, &keys, &mut |walked| take(&walked), &mut |rows| job.tell(rows)).await;
    match ended {
        Ok(_) => Ok(()),
        Err(WalkError::Stopped) => Err(Reason::Stopped),
        Err(WalkError::Taker(error)) => Err(write_reason(&error)),
        Err(WalkError::Sealing(error)) => Err(not_readable(&error)),
    }
}

/// The faulty rows of a file that came, out of the seal of the central into that of the recipient.
async fn faulty_rows(
    central: &Central,
    municipality: MunicipalityCode,
    of: EnvelopeId,
    mut sealer: Sealer<Out>,
    running: &Running,
) -> Result<Sealer<Out>, Reason> {
    let path = central.media.spool.path(municipality, of, Kind::Faulty);
    let (office, job) = (Arc::clone(&central.media.office), running.job());
    let copying = move || {
        let file = File::open(path).map_err(|_| Reason::NoFaultyRows)?;
        let opening = Opening::begin(&office.keys.identity, BufReader::new(file));
        let mut opening = opening.map_err(|_| Reason::NoFaultyRows)?;
        copy(&mut opening, &mut sealer, &job)?;
        Ok(sealer)
    };
    tokio::task::spawn_blocking(copying).await.map_err(|_| Reason::System)?
}

/// Puts head and stream together, reads the whole back, and gives it its name.
fn join(
    office: &CentralOffice,
    spool: &Spool,
    (municipality, outline, approvals, now): (MunicipalityCode, Outline, (Approval, Approval), WallTime),
    sealer: Sealer<Out>,
    job: &Job,
) -> Result<(Manifest, u64), Reason> {
    let id = outline.envelope_id;
    let (content, out) = sealer.finish()?;
    out.into_inner().map_err(|_| Reason::System)?.sync_all().map_err(system)?;
    let (head, manifest) = envelopes::head(&office.keys.signing, outline, approvals, content, now)?;
    let [stream, joined, made] =
        [Kind::Making, Kind::Joining, Kind::Made].map(|kind| spool.path(municipality, id, kind));
    let mut file = BufWriter::new(spool.create(&joined).map_err(system)?);
    file.write_all(&head).map_err(system)?;
    copy(&mut File::open(&stream).map_err(system)?, &mut file, job)?;
    file.into_inner().map_err(|_| Reason::System)?.sync_all().map_err(system)?;
    read_back(office, &joined, &manifest)?;
    spool.rename(&joined, &made).map_err(system)?;
    spool.remove(&stream).map_err(system)?;
    let bytes = made.metadata().map_err(system)?.len();
    Ok((manifest, bytes))
}

fn read_back(office: &CentralOffice, path: &Path, manifest: &Manifest) -> Result<(), Reason> {
    let mut file = BufReader::new(File::open(path).map_err(system)?);
    let head = read_head(&mut file)?;
    head.is_from(std::slice::from_ref(&office.card))?;
    head.check_sealed(&mut file, |_| {})?;
    if head.manifest() == manifest { Ok(()) } else { Err(Reason::System) }
}

/// Copies in pieces, between which it can be stopped.
fn copy(from: &mut impl io::Read, to: &mut impl io::Write, job: &Job) -> Result<(), Reason> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut buffer).map_err(system)?;
        if read == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..read]).map_err(system)?;
        let (rows, _) = job.progress();
        if job.tell(rows) == ControlFlow::Break(()) {
            return Err(Reason::Stopped);
        }
    }
}

fn reader(spreadsheet: bool) -> Reader {
    if spreadsheet { Reader::Spreadsheet } else { Reader::Program }
}

fn write_reason(error: &OutgoingError) -> Reason {
    match error {
        OutgoingError::TooFewGroups { .. } => Reason::TooFewGroups,
        OutgoingError::Write(WriteError::File(error)) => {
            tracing::error!(%error, "a sealed file cannot be written");
            Reason::System
        }
        OutgoingError::Write(_) => Reason::Encoding,
    }
}

fn not_readable(error: &dyn std::error::Error) -> Reason {
    tracing::error!(%error, "people cannot be read");
    Reason::System
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it")]
fn system(error: io::Error) -> Reason {
    tracing::error!(%error, "a sealed file cannot be read or written");
    Reason::System
}
