//! 差し戻しファイル: the rows that were not taken in, as they came, each with the reason in a further column, so that
//! they can be mended and sent again.
//!
//! Must not: alter a byte of what came, or hold a row that was taken in.

use std::io::{self, Write};

use super::{
    encoding::{Encoding, Mark, UTF8_MARK},
    faults::Fault,
    rows::LineEnd,
};

/// The name of the further column; profiles pass it over.
pub const REASON: &str = "エラー内容";

/// Writes them.
pub struct FaultyRows<W> {
    out: W,
    encoding: Encoding,
    line_end: LineEnd,
    rows: u64,
    line: Vec<u8>,
}

impl<W: Write> FaultyRows<W> {
    /// Begins with the first row as it came.
    ///
    /// # Errors
    /// Whatever writing says.
    pub fn begin(
        mut out: W,
        encoding: Encoding,
        mark: Mark,
        line_end: LineEnd,
        header: &[u8],
    ) -> io::Result<Self> {
        if mark == Mark::Utf8 {
            out.write_all(UTF8_MARK)?;
        }
        let mut this = Self { out, encoding, line_end, rows: 0, line: Vec::new() };
        // A file that was mended and sent again has such a column already: it gets another one, and both are passed over.
        this.write(header, REASON)?;
        Ok(this)
    }

    /// One row, with everything that is wrong with it.
    ///
    /// # Errors
    /// Whatever writing says.
    pub fn row(&mut self, number: u64, raw: &[u8], faults: &[Fault]) -> io::Result<()> {
        let said: Vec<_> = faults.iter().map(Fault::sentence).collect();
        let japanese: String = said.iter().map(|one| one.japanese.as_str()).collect();
        let english = said.iter().map(|one| one.english.as_str()).collect::<Vec<_>>().join(" ");
        self.rows += 1;
        self.write(raw, &format!("{number}行目 {japanese} / Row {number}. {english}"))
    }

    fn write(&mut self, raw: &[u8], reason: &str) -> io::Result<()> {
        self.line.clear();
        self.line.extend_from_slice(raw);
        self.line.extend_from_slice(b",\"");
        let quoted = reason.replace('"', "\"\"");
        // Where a profile's own name of a column has a character that the file's encoding lacks, English is left.
        if self.encoding.encode_onto(&quoted, &mut self.line).is_err() {
            self.line.extend(quoted.bytes().filter(u8::is_ascii));
        }
        self.line.push(b'"');
        self.line.extend_from_slice(self.line_end.bytes());
        self.out.write_all(&self.line)
    }

    /// How many rows it holds.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The end of the file.
    ///
    /// # Errors
    /// Whatever writing says.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}
