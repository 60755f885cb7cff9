//! Rows out of bytes: commas, quotes, line breaks of every kind.
//!
//! Must not: decode a character. In UTF-8 and in CP932 no second byte of a character looks like a comma, a quote or a
//! line break, so rows can be told apart before it is known which of the two a file is in.

use std::io::{self, Read};

use super::{
    encoding::{self, Mark},
    faults::FileFault,
};

/// The most columns of a row.
pub const MOST_COLUMNS: usize = 1_000;
/// The most bytes of a field.
pub const MOST_FIELD_BYTES: usize = 32 * 1024;
/// The most bytes of a row. A row beyond it is nearly always a quote that was never closed.
pub const MOST_ROW_BYTES: usize = 256 * 1024;
const BUFFER_BYTES: usize = 64 * 1024;

/// How rows end in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub enum LineEnd {
    /// CR LF.
    #[serde(rename = "crlf")]
    CrLf,
    /// LF.
    #[serde(rename = "lf")]
    Lf,
    /// CR.
    #[serde(rename = "cr")]
    Cr,
}

impl LineEnd {
    /// Its bytes.
    #[must_use]
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::CrLf => b"\r\n",
            Self::Lf => b"\n",
            Self::Cr => b"\r",
        }
    }
}

/// Where the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    FieldStart,
    Plain,
    Quoted,
    AfterQuote,
}

/// Reads a file row by row, in bounded memory.
pub struct RowReader<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    number: u64,
    raw: Vec<u8>,
    values: Vec<u8>,
    ends: Vec<usize>,
    misquoted: Option<usize>,
    is_open: bool,
    mark: Mark,
    line_end: Option<LineEnd>,
    swallows_lf: bool,
}

/// One row.
pub struct Row<'a> {
    /// As a spreadsheet counts: the first row of the file is 1.
    pub number: u64,
    /// Its bytes as they came, without the line's end.
    pub raw: &'a [u8],
    /// The first column (from 0) that goes on after its closing quote.
    pub misquoted: Option<usize>,
    /// Whether the file ends with it and no line's end follows.
    pub is_open: bool,
    values: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// How many fields it has; at least one.
    #[must_use]
    pub fn width(&self) -> usize {
        self.ends.len()
    }
    /// A field without its quotes, still in the file's encoding.
    #[must_use]
    pub fn field(&self, column: usize) -> Option<&'a [u8]> {
        let end = *self.ends.get(column)?;
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.values.get(start..end)
    }
    /// Every field.
    pub fn fields(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        (0..self.width()).filter_map(|column| self.field(column))
    }
    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.values.iter().all(u8::is_ascii_whitespace)
    }
}

impl<R: Read> RowReader<R> {
    /// A reader at the beginning of a file.
    pub fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            at: 0,
            number: 0,
            raw: Vec::new(),
            values: Vec::new(),
            ends: Vec::new(),
            misquoted: None,
            is_open: false,
            mark: Mark::None,
            line_end: None,
            swallows_lf: false,
        }
    }

    /// The byte order mark that the file began with; known after the first row.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// How the file's first row ends; CR LF where it has none.
    pub fn line_end(&self) -> LineEnd {
        self.line_end.unwrap_or(LineEnd::CrLf)
    }

    /// The next row; none after the last.
    ///
    /// # Errors
    /// [`FileFault`] where the file cannot be read any further.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, FileFault> {
        self.raw.clear();
        self.values.clear();
        self.ends.clear();
        self.misquoted = None;
        let mut place = Place::FieldStart;
        let row = self.number + 1;
        let is_open = loop {
            if self.at == self.buffer.len() && !self.fill()? {
                if place == Place::Quoted {
                    return Err(FileFault::EndsInQuote { row });
                }
                if self.raw.is_empty() {
                    return Ok(None);
                }
                self.end_field(row)?;
                break true;
            }
            let byte = self.buffer[self.at];
            self.at += 1;
            let was_cr = std::mem::replace(&mut self.swallows_lf, false);
            if was_cr && byte == b'\n' {
                continue;
            }
            if place != Place::Quoted && matches!(byte, b'\r' | b'\n') {
                self.end_field(row)?;
                self.end_line(byte)?;
                break false;
            }
            if self.raw.len() >= MOST_ROW_BYTES {
                return Err(FileFault::RowTooLong { row });
            }
            self.raw.push(byte);
            place = match (place, byte) {
                (Place::FieldStart, b'"') => Place::Quoted,
                (Place::FieldStart | Place::Plain | Place::AfterQuote, b',') => {
                    self.end_field(row)?;
                    Place::FieldStart
                }
                (Place::Quoted, b'"') => Place::AfterQuote,
                (Place::AfterQuote, b'"') => self.push(byte, Place::Quoted, row)?,
                (Place::Quoted, _) => self.push(byte, Place::Quoted, row)?,
                (Place::AfterQuote, _) => {
                    self.misquoted.get_or_insert(self.ends.len());
                    self.push(byte, Place::Plain, row)?
                }
                (Place::FieldStart | Place::Plain, _) => self.push(byte, Place::Plain, row)?,
            };
        };
        self.number = row;
        self.is_open = is_open;
        Ok(self.current())
    }

    /// The row that was read last.
    pub fn current(&self) -> Option<Row<'_>> {
        let row = Row {
            number: self.number,
            raw: &self.raw,
            misquoted: self.misquoted,
            is_open: self.is_open,
            values: &self.values,
            ends: &self.ends,
        };
        (!self.ends.is_empty()).then_some(row)
    }

    fn push(&mut self, byte: u8, next: Place, row: u64) -> Result<Place, FileFault> {
        let start = self.ends.last().copied().unwrap_or(0);
        if self.values.len() - start >= MOST_FIELD_BYTES {
            return Err(FileFault::FieldTooLong { row, column: self.ends.len() + 1 });
        }
        self.values.push(byte);
        Ok(next)
    }

    fn end_field(&mut self, row: u64) -> Result<(), FileFault> {
        if self.ends.len() >= MOST_COLUMNS {
            return Err(FileFault::TooManyColumns { row });
        }
        self.ends.push(self.values.len());
        Ok(())
    }

    fn end_line(&mut self, byte: u8) -> Result<(), FileFault> {
        self.swallows_lf = byte == b'\r';
        if self.line_end.is_none() {
            let is_more = self.swallows_lf && (self.at < self.buffer.len() || self.fill()?);
            self.line_end = Some(match byte {
                b'\n' => LineEnd::Lf,
                _ if is_more && self.buffer[self.at] == b'\n' => LineEnd::CrLf,
                _ => LineEnd::Cr,
            });
        }
        Ok(())
    }

    /// Takes in the next piece; false at the end.
    fn fill(&mut self) -> Result<bool, FileFault> {
        let is_first = self.buffer.is_empty() && self.number == 0 && self.raw.is_empty();
        self.buffer.resize(BUFFER_BYTES, 0);
        self.at = 0;
        let mut filled = 0;
        // A pipe may give the mark in two pieces.
        while filled < if is_first { encoding::MARK_BYTES } else { 1 } {
            match self.input.read(&mut self.buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.clear();
                    return Err(FileFault::Unreadable(error.kind()));
                }
            }
        }
        self.buffer.truncate(filled);
        if is_first {
            self.mark = Mark::of(&self.buffer);
            self.at = match self.mark {
                Mark::None => 0,
                Mark::Utf8 => encoding::MARK_BYTES,
                Mark::Utf16 => return Err(FileFault::Utf16),
            };
            if self.at > 0 && self.at == self.buffer.len() {
                return self.fill();
            }
        }
        Ok(self.at < self.buffer.len())
    }
}
