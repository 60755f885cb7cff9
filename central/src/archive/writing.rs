//! Writing an archive, from one moment of the register.
//!
//! Must not: stop whoever is keeping meanwhile.

use std::io::{self, Write};

use record::WallTime;
use seal::{sealed::Addressee, sealed_stream::Sealing};

use super::{
    AT_ONCE, ArchiveError, Progress,
    lines::{Line, Tally, VERSION, end, row},
    older::{Shape, shape},
};
use crate::{
    directory::DataDirectory,
    storage::{KEPT, Snapshot, Storage, Table, digest_of},
};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Rows of each table.
    pub rows: Vec<(&'static str, u64)>,
}

/// Writes all that central keeps to `out`, sealed to each of the addressees.
///
/// # Errors
/// [`ArchiveError`]; what was written until then is of no use.
pub async fn write<W: Write>(
    directory: &DataDirectory,
    storage: &dyn Storage,
    addressees: &[Addressee],
    now: WallTime,
    out: W,
    progress: Progress<'_>,
) -> Result<Written, ArchiveError> {
    let sealing = Sealing::begin(addressees, out)?;
    let mut lines = zstd::Encoder::new(sealing, 3)?;
    let head = Line::Head {
        archive: "vrs-central".to_owned(),
        version: VERSION,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now.unix_ms(),
    };
    put(&mut lines, &head)?;
    for (name, content) in directory.key_files()? {
        put(&mut lines, &Line::File { name, content })?;
    }
    let mut snapshot = storage.snapshot().await?;
    let mut rows = Vec::new();
    for table in KEPT {
        let count = write_table(&mut *snapshot, table, &mut lines, progress).await?;
        rows.push((table.name, count));
    }
    put(&mut lines, &end(&digest_of(&mut *snapshot).await?))?;
    lines.finish()?.finish()?.flush()?;
    Ok(Written { rows })
}

async fn write_table(
    snapshot: &mut dyn Snapshot,
    table: &'static Table,
    lines: &mut impl Write,
    progress: Progress<'_>,
) -> Result<u64, ArchiveError> {
    let Shape { name, columns } = shape(table);
    put(lines, &Line::Table { name, columns })?;
    let mut tally = Tally::default();
    let mut after = Vec::new();
    loop {
        let page = snapshot.page(table, after, AT_ONCE).await?;
        for archived in &page {
            let line = row(archived);
            tally.take(&line);
            lines.write_all(&line)?;
            lines.write_all(b"\n")?;
        }
        progress(table.name, tally.rows);
        let Some(last) = page.last() else { break };
        after = table.key_of(last);
    }
    let (rows, sha256) = tally.finish();
    put(lines, &Line::EndOfTable { name: table.name.to_owned(), rows, sha256 })?;
    Ok(rows)
}

fn put(lines: &mut impl Write, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *lines, line)?;
    lines.write_all(b"\n")
}
