//! Reading an archive back into an empty register, and proving that it is the same.
//!
//! Must not: leave a register that was not proven looking like one that was: whoever calls throws it away on an error.

use std::io::{BufRead, BufReader, Read};

use seal::{sealed::Identity, sealed_stream::Opening};
use zeroize::Zeroizing;

use super::{
    AT_ONCE, ArchiveError, Progress,
    lines::{FIRST_VERSION, Line, Tally, VERSION, hex},
    older::{self, Fitting},
};
use crate::storage::{ArchivedRow, Derivation, KEPT, Storage, Table, Value};

/// The longest line: an entry of the most bytes in base64, and its row.
const MOST_LINE_BYTES: u64 = 1 << 20;

/// What was read back.
pub struct Restored {
    /// Rows of each table.
    pub rows: Vec<(&'static str, u64)>,
}

/// An archive whose head and files were read.
pub struct Opened<R: Read> {
    lines: Lines<BufReader<zstd::Decoder<'static, BufReader<Opening<R>>>>>,
    /// The central's key files, by name.
    pub files: Vec<(String, Zeroizing<String>)>,
    version: u32,
    /// The line after them.
    next: Line,
}

/// Opens an archive and reads up to its tables.
///
/// # Errors
/// [`ArchiveError`].
pub fn open<R: Read>(identity: &Identity, sealed: R) -> Result<Opened<R>, ArchiveError> {
    let plain = zstd::Decoder::new(Opening::begin(identity, sealed)?)?;
    let mut lines = Lines { from: BufReader::new(plain), number: 0 };
    let version = match lines.next_line()? {
        Line::Head { archive, version, .. } if archive == "vrs-central" => version,
        _ => return Err(ArchiveError::Line(lines.number)),
    };
    if !(FIRST_VERSION..=VERSION).contains(&version) {
        return Err(ArchiveError::Version(version));
    }
    let mut files = Vec::new();
    loop {
        match lines.next_line()? {
            Line::File { name, content } => files.push((name, content)),
            next => return Ok(Opened { lines, files, version, next }),
        }
    }
}

/// Fills an empty register with what an opened archive holds, derives what follows from it, and compares.
///
/// # Errors
/// [`ArchiveError`]; the register is then of no use.
pub async fn restore<R: Read>(
    opened: Opened<R>,
    storage: &dyn Storage,
    progress: Progress<'_>,
) -> Result<Restored, ArchiveError> {
    let Opened { mut lines, mut next, version, .. } = opened;
    if !is_empty(storage).await? {
        return Err(ArchiveError::NotEmpty);
    }
    let mut rows = Vec::new();
    for table in KEPT {
        let columns = match next {
            Line::Table { ref name, ref columns } if name == table.name => columns.clone(),
            Line::Table { .. } | Line::End { .. } if older::may_be_lacking(table) => {
                rows.push((table.name, 0));
                continue;
            }
            Line::Table { ref name, .. } if !KEPT.iter().any(|known| known.name == name) => {
                return Err(ArchiveError::Unknown("table"));
            }
            _ => return Err(ArchiveError::Line(lines.number)),
        };
        let columns = match version {
            FIRST_VERSION => older::first_columns(table.name).ok_or(ArchiveError::Line(lines.number))?,
            _ => columns,
        };
        let fitting = Fitting::of(table, &columns)?;
        rows.push((table.name, read_table(&mut lines, table, &fitting, storage, progress).await?));
        next = lines.next_line()?;
    }
    let (doses, changes, sha256, derived) = match next {
        Line::End { doses, changes, sha256, derived } => (doses, changes, sha256, derived),
        Line::Table { .. } => return Err(ArchiveError::Unknown("table")),
        _ => return Err(ArchiveError::Line(lines.number)),
    };
    lines.expect_end()?;
    let register = storage.derive(Derivation::Keep).await?.after;
    let derived = if version == FIRST_VERSION { older::first_derived() } else { derived };
    let digest = if derived == older::derived() {
        register.sha256
    } else {
        older::digest_in(&mut *storage.snapshot().await?, &derived).await?
    };
    if (register.doses, register.changes) != (doses, changes) || hex(&digest) != sha256 {
        return Err(ArchiveError::Differs("the register"));
    }
    Ok(Restored { rows })
}

/// Whether no table that an archive fills holds a row.
pub(super) async fn is_empty(storage: &dyn Storage) -> Result<bool, ArchiveError> {
    let mut snapshot = storage.snapshot().await?;
    for table in KEPT {
        if !snapshot.page(table, Vec::new(), 1).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn read_table<B: BufRead>(
    lines: &mut Lines<B>,
    table: &'static Table,
    fitting: &Fitting,
    storage: &dyn Storage,
    progress: Progress<'_>,
) -> Result<u64, ArchiveError> {
    let mut tally = Tally::default();
    let mut waiting: Vec<ArchivedRow> = Vec::new();
    let end = loop {
        let line = lines.next_bytes()?;
        if line.first() != Some(&b'[') {
            break serde_json::from_slice(&line).map_err(|_| ArchiveError::Line(lines.number))?;
        }
        tally.take(&line);
        let row: Vec<Value> = serde_json::from_slice(&line).map_err(|_| ArchiveError::Line(lines.number))?;
        waiting.push(fitting.fit(&row).ok_or(ArchiveError::Line(lines.number))?);
        if waiting.len() >= AT_ONCE as usize {
            storage.put(table, std::mem::take(&mut waiting)).await?;
            progress(table.name, tally.rows);
        }
    };
    if !waiting.is_empty() {
        storage.put(table, waiting).await?;
    }
    let (rows, sha256) = tally.finish();
    progress(table.name, rows);
    match end {
        Line::EndOfTable { name, rows: told, sha256: digest } if name == table.name => {
            if told == rows && digest == sha256 { Ok(rows) } else { Err(ArchiveError::Differs(table.name)) }
        }
        _ => Err(ArchiveError::Line(lines.number)),
    }
}

struct Lines<B> {
    from: B,
    number: u64,
}

impl<B: BufRead> Lines<B> {
    /// The next line without its end.
    fn next_bytes(&mut self) -> Result<Vec<u8>, ArchiveError> {
        let mut line = Vec::new();
        (&mut self.from).take(MOST_LINE_BYTES).read_until(b'\n', &mut line)?;
        self.number += 1;
        if line.pop() == Some(b'\n') { Ok(line) } else { Err(ArchiveError::Cut) }
    }
    fn next_line(&mut self) -> Result<Line, ArchiveError> {
        let line = self.next_bytes()?;
        serde_json::from_slice(&line).map_err(|_| ArchiveError::Line(self.number))
    }
    /// Reads to the end, where a file that was cut or altered shows.
    fn expect_end(&mut self) -> Result<(), ArchiveError> {
        let mut more = [0; 1];
        if self.from.read(&mut more)? == 0 { Ok(()) } else { Err(ArchiveError::Line(self.number + 1)) }
    }
}
