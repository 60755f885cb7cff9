//! 取込み: a file of people becomes a preview: counted, its faulty rows written out, nothing of it in effect. It then takes
//! effect in one go, or is discarded; `storage::People` does both.
//!
//! Must not: hold a file in memory, or leave an import open that failed.

use std::{
    io::{self, Read, Write},
    ops::ControlFlow,
    sync::Arc,
};

use record::{CalendarDate, WallTime};
use seal::random::SystemRandom;
use tokio::sync::mpsc;

use super::{
    profile::Profile,
    reading::{PeopleFile, Seen, of_column},
    sealing::{MunicipalKeys, SealingError},
};
use crate::{
    csv::{
        encoding::{Encoding, Mark},
        faults::{Fault, FileFault, Sentence, Trouble},
        faulty_rows::FaultyRows,
        rows::LineEnd,
    },
    storage::{Begun, ImportCounts, Standing, Storage, StorageError, VersionRow},
};

/// Rows that are sealed, kept and told of together.
const AT_ONCE: usize = 2_000;
/// Pieces that may wait between reading and keeping.
const MOST_WAITING: usize = 2;
/// Faulty rows that a preview shows; the file holds all.
const MOST_SHOWN: usize = 100;

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Its number.
    pub import: u32,
    /// What its rows are.
    pub counts: ImportCounts,
    /// The first faulty rows: the row, and everything that is wrong with it.
    pub faulty: Vec<(u64, Vec<Sentence>)>,
}

/// There is no preview, and nothing is kept of the file.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be taken in.
    #[error(transparent)]
    File(#[from] FileFault),
    /// Another import is open.
    #[error(
        "取込み{0}が反映待ちです。反映するか取りやめてから、もう一度取り込んでください。 / Import {0} is open. Let it take effect or discard it, then begin again."
    )]
    Open(u32),
    /// It was discarded while it was being read, or somebody stopped it.
    #[error(
        "取込みは途中で取りやめられました。何も変わっていません。 / The import was stopped. Nothing has changed."
    )]
    Stopped,
    /// The file of faulty rows cannot be written.
    #[error("差し戻しファイルを書けません。 / The file of faulty rows cannot be written: {0}")]
    FaultyRows(io::Error),
    /// The register failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Keys do not fit.
    #[error(transparent)]
    Sealing(#[from] SealingError),
}

/// What the reading thread hands on.
enum Piece {
    Head { encoding: Encoding, mark: Mark, line_end: LineEnd, header: Vec<u8> },
    Rows(Vec<ReadRow>),
    Ended,
    Failed(ImportError),
}

struct ReadRow {
    number: u64,
    raw: Vec<u8>,
    read: Result<VersionRow, Vec<Fault>>,
}

/// Who imports, and how the file is read.
pub struct Importing {
    /// The municipality's keys.
    pub keys: Arc<MunicipalKeys>,
    /// How its files are read.
    pub profile: Arc<Profile>,
    /// Who does it, by account.
    pub by: String,
    /// When.
    pub now: WallTime,
}

/// Reads a file of people into an import that waits to take effect. Faulty rows go to `faulty`, with the reason, as they
/// came; `progress` hears how many rows were read and may stop it.
///
/// # Errors
/// [`ImportError`]; the import is then discarded.
pub async fn preview<R: Read + Send + 'static, W: Write + Send>(
    storage: &dyn Storage,
    importing: &Importing,
    input: R,
    faulty: W,
    progress: &mut (dyn FnMut(u64) -> ControlFlow<()> + Send),
) -> Result<(Preview, W), ImportError> {
    let municipality = importing.keys.municipality();
    let begun = storage.begin_import(municipality, importing.by.clone(), importing.now).await?;
    let import = match begun {
        Begun::Import(import) => import,
        Begun::Open(open) => return Err(ImportError::Open(open)),
    };
    let read = read(storage, importing, import, input, faulty, progress).await;
    if read.is_err() {
        // The first failure says more than that this failed too; an import that stays open can be discarded by hand.
        let _ = storage.discard_import(municipality, import, importing.now).await;
    }
    read
}

async fn read<R: Read + Send + 'static, W: Write + Send>(
    storage: &dyn Storage,
    importing: &Importing,
    import: u32,
    input: R,
    faulty: W,
    progress: &mut (dyn FnMut(u64) -> ControlFlow<()> + Send),
) -> Result<(Preview, W), ImportError> {
    let municipality = importing.keys.municipality();
    let (sender, mut pieces) = mpsc::channel(MOST_WAITING);
    let (keys, profile) = (Arc::clone(&importing.keys), Arc::clone(&importing.profile));
    let today = today(importing.now);
    // It ends by itself when nobody takes its pieces any more.
    let reading = tokio::task::spawn_blocking(move || {
        let ended = read_pieces(input, &keys, &profile, import, today, &sender);
        let last = ended.map_or_else(Piece::Failed, |()| Piece::Ended);
        let _ = sender.blocking_send(last);
    });
    let Some(Piece::Head { encoding, mark, line_end, header }) = head(&mut pieces).await? else {
        return Err(ImportError::Stopped);
    };
    let file = FaultyRows::begin(faulty, encoding, mark, line_end, &header);
    let mut file = file.map_err(ImportError::FaultyRows)?;
    let (mut counts, mut shown, mut rows) = (ImportCounts::default(), Vec::new(), 0);
    loop {
        match pieces.recv().await {
            Some(Piece::Rows(read)) => {
                rows += read.len() as u64;
                let whole = read.iter().filter_map(|row| row.read.as_ref().ok().cloned()).collect();
                let standings = storage.stage(municipality, import, whole).await?;
                let mut standings = standings.ok_or(ImportError::Stopped)?.into_iter();
                for row in read {
                    let faults = match row.read {
                        Ok(_) => match standings.next() {
                            Some(standing) => count(&mut counts, standing, &importing.profile),
                            None => return Err(StorageError::Inconsistent("people").into()),
                        },
                        Err(faults) => faults,
                    };
                    if !faults.is_empty() {
                        file.row(row.number, &row.raw, &faults).map_err(ImportError::FaultyRows)?;
                        if shown.len() < MOST_SHOWN {
                            shown.push((row.number, faults.iter().map(Fault::sentence).collect()));
                        }
                    }
                }
                if progress(rows).is_break() {
                    return Err(ImportError::Stopped);
                }
            }
            Some(Piece::Ended) => break,
            Some(Piece::Failed(error)) => return Err(error),
            Some(Piece::Head { .. }) | None => return Err(ImportError::Stopped),
        }
    }
    // Its last piece was its end.
    let _ = reading.await;
    counts.faulty = file.rows();
    let out = file.finish().map_err(ImportError::FaultyRows)?;
    if !storage.end_staging(municipality, import, counts.faulty, importing.now).await? {
        return Err(ImportError::Stopped);
    }
    Ok((Preview { import, counts, faulty: shown }, out))
}

async fn head(pieces: &mut mpsc::Receiver<Piece>) -> Result<Option<Piece>, ImportError> {
    match pieces.recv().await {
        Some(Piece::Failed(error)) => Err(error),
        piece => Ok(piece),
    }
}

fn count(counts: &mut ImportCounts, standing: Standing, profile: &Profile) -> Vec<Fault> {
    match standing {
        Standing::New => counts.new += 1,
        Standing::Changed => counts.changed += 1,
        Standing::Unchanged => counts.unchanged += 1,
        Standing::Taken { coupon, personal_number } => {
            return [(3, coupon), (1, personal_number)]
                .into_iter()
                .filter(|(_, is_taken)| *is_taken)
                .map(|(which, _)| of_column(profile, which, Trouble::Taken))
                .collect();
        }
    }
    Vec::new()
}

/// The day in Japan; the last that anybody can be born on.
fn today(now: WallTime) -> (u16, u8, u8) {
    CalendarDate::in_japan(now).map_or((9999, 12, 31), |day| {
        let (year, month, day) = day.parts();
        // A day of this century.
        (u16::try_from(year).unwrap_or(u16::MAX), month, day)
    })
}

fn read_pieces<R: Read>(
    input: R,
    keys: &MunicipalKeys,
    profile: &Profile,
    import: u32,
    today: (u16, u8, u8),
    sender: &mpsc::Sender<Piece>,
) -> Result<(), ImportError> {
    let mut file = PeopleFile::open(input, profile, keys.municipality(), today)?;
    let send = |piece| sender.blocking_send(piece).map_err(|_| ImportError::Stopped);
    let (encoding, mark, line_end) = (file.encoding(), file.mark(), file.line_end());
    send(Piece::Head { encoding, mark, line_end, header: file.raw_header().to_vec() })?;
    let (mut random, mut seen) = (SystemRandom::default(), Seen::default());
    let mut rows = Vec::with_capacity(AT_ONCE);
    while let Some(row) = file.next_row()? {
        let read = match row.read {
            Ok(person) => {
                let sealed = keys.seal(&person, import, row.number, &mut random)?;
                let mark =
                    |mark: [u8; 16]| u64::from_be_bytes(mark.first_chunk().copied().unwrap_or_default());
                let (who, number) = (mark(sealed.person), sealed.personal_number.map(mark));
                seen.take(profile, who, number, mark(sealed.coupon)).map(|()| sealed)
            }
            Err(faults) => Err(faults),
        };
        rows.push(ReadRow { number: row.number, raw: row.raw, read });
        if rows.len() == AT_ONCE {
            send(Piece::Rows(std::mem::replace(&mut rows, Vec::with_capacity(AT_ONCE))))?;
        }
    }
    if rows.is_empty() { Ok(()) } else { send(Piece::Rows(rows)) }
}

#[cfg(test)]
pub(crate) mod tests;
