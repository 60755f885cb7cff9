//! A file whose first row names its columns: its encoding, its header, and each row with what is wrong with its shape.
//!
//! Must not: go on with a file that was cut short.

use std::{borrow::Cow, io::Read};

use super::{
    encoding::{Encoding, Mark},
    faults::{Fault, FileFault, Trouble},
    rows::{LineEnd, Row, RowReader},
};

/// A file that is being read.
pub struct Table<R> {
    rows: RowReader<R>,
    /// Its encoding: as its byte order mark says, else as was asked for, else UTF-8 if its first row is that, else CP932.
    pub encoding: Encoding,
    /// The first row as it came.
    pub raw_header: Vec<u8>,
    /// The names of its columns.
    pub header: Vec<String>,
}

/// A row of it.
pub struct TableRow<'a> {
    row: Row<'a>,
    encoding: Encoding,
    expected: usize,
}

impl<R: Read> Table<R> {
    /// Reads the first row.
    ///
    /// # Errors
    /// [`FileFault`].
    pub fn open(input: R, asked: Option<Encoding>) -> Result<Self, FileFault> {
        let mut rows = RowReader::new(input);
        let (raw, fields) = match rows.next_row()? {
            None => return Err(FileFault::Empty),
            Some(row) => (row.raw.to_vec(), row.fields().map(<[u8]>::to_vec).collect::<Vec<_>>()),
        };
        let tried = match (rows.mark(), asked) {
            (Mark::Utf8, _) => vec![Encoding::Utf8],
            (_, Some(asked)) => vec![asked],
            (_, None) => vec![Encoding::Utf8, Encoding::Cp932],
        };
        let decode = |encoding: Encoding| -> Option<Vec<String>> {
            fields.iter().map(|field| encoding.decode(field).map(Cow::into_owned)).collect()
        };
        let found = tried.into_iter().find_map(|encoding| Some((encoding, decode(encoding)?)));
        let (encoding, header) = found.ok_or(FileFault::UnknownEncoding)?;
        Ok(Self { rows, encoding, raw_header: raw, header })
    }

    /// The byte order mark it began with.
    pub fn mark(&self) -> Mark {
        self.rows.mark()
    }

    /// How its rows end.
    pub fn line_end(&self) -> LineEnd {
        self.rows.line_end()
    }

    /// The next row in which anything stands.
    ///
    /// # Errors
    /// [`FileFault`] where the file cannot be read any further, or ends in the middle of the row.
    pub fn next_row(&mut self) -> Result<Option<TableRow<'_>>, FileFault> {
        let (encoding, expected) = (self.encoding, self.header.len());
        // The borrow checker does not see that a blank row is let go: so its place is asked for first.
        loop {
            let is_blank = match self.rows.next_row()? {
                None => return Ok(None),
                Some(row) if row.is_blank() => true,
                Some(row) if row.is_open && row.width() < expected => {
                    return Err(FileFault::EndsInRow { row: row.number });
                }
                Some(_) => false,
            };
            if !is_blank {
                return Ok(self.rows.current().map(|row| TableRow { row, encoding, expected }));
            }
        }
    }
}

impl TableRow<'_> {
    /// As a spreadsheet counts: the first row after the names is 2.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.row.number
    }
    /// Its bytes as they came.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        self.row.raw
    }
    /// What is wrong with its shape: then its fields say nothing.
    #[must_use]
    pub fn misshapen(&self) -> Option<Fault> {
        let found = self.row.width();
        if found != self.expected {
            let trouble = Trouble::Width { found, expected: self.expected };
            return Some(Fault { column: None, name: String::new(), trouble });
        }
        let column = self.row.misquoted?;
        Some(Fault { column: Some(column + 1), name: String::new(), trouble: Trouble::Misquoted })
    }
    /// A field's text; an empty one where there is no such column.
    ///
    /// # Errors
    /// [`Trouble::NotText`].
    pub fn text(&self, column: usize) -> Result<Cow<'_, str>, Trouble> {
        self.encoding.decode(self.row.field(column).unwrap_or_default()).ok_or(Trouble::NotText)
    }
}
