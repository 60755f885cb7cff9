//! Bytes out of rows, as a profile says to the byte.
//!
//! Must not: change what a field says, except where a spreadsheet would run it.

use std::io::{self, Write};

use super::{
    encoding::{Encoding, UTF8_MARK},
    rows::LineEnd,
};

/// The form of a file that is written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The encoding.
    pub encoding: Encoding,
    /// Whether UTF-8's byte order mark stands first.
    #[serde(default)]
    pub byte_order_mark: bool,
    /// Which fields are quoted.
    pub quoting: Quoting,
    /// How rows end; the last one too.
    pub line_end: LineEnd,
    /// Whether the first row names the columns.
    pub header: bool,
}

/// Which fields are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quoting {
    /// Those with a comma, a quote, a line break or a blank at either end.
    Needed,
    /// All.
    Always,
}

/// Whom a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A program: every field as it is.
    Program,
    /// A spreadsheet, which would run a field that begins like a formula: an apostrophe stands before it.
    Spreadsheet,
}

/// Nothing more is written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Writing failed.
    #[error(transparent)]
    File(#[from] io::Error),
    /// A field has a character that the encoding lacks.
    #[error("column {column} holds a character that {} lacks", .encoding.name())]
    Unencodable {
        /// Which column, from 1.
        column: usize,
        /// The encoding.
        encoding: Encoding,
    },
}

/// Writes rows.
pub struct RowWriter<W> {
    out: W,
    form: Form,
    reader: Reader,
    row: Vec<u8>,
}

impl<W: Write> RowWriter<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// [`WriteError::File`].
    pub fn begin(mut out: W, form: Form, reader: Reader) -> Result<Self, WriteError> {
        if form.byte_order_mark && form.encoding == Encoding::Utf8 {
            out.write_all(UTF8_MARK)?;
        }
        Ok(Self { out, form, reader, row: Vec::new() })
    }

    /// Writes the first row, where the form has one.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn header<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> Result<(), WriteError> {
        if self.form.header { self.row(names) } else { Ok(()) }
    }

    /// Writes a row: all of it, or nothing.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn row<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) -> Result<(), WriteError> {
        self.row.clear();
        let mut count = 0;
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                self.row.push(b',');
            }
            count = at + 1;
            self.field(field, count)?;
        }
        // A row of one empty field would be no row.
        if count == 1 && self.row.is_empty() {
            self.row.extend_from_slice(b"\"\"");
        }
        self.row.extend_from_slice(self.form.line_end.bytes());
        Ok(self.out.write_all(&self.row)?)
    }

    fn field(&mut self, field: &str, column: usize) -> Result<(), WriteError> {
        let guard = if self.reader == Reader::Spreadsheet && is_formula(field) { "'" } else { "" };
        let is_quoted = self.form.quoting == Quoting::Always || needs_quotes(field);
        let encoding = self.form.encoding;
        let mut put = |text: &str| {
            let done = encoding.encode_onto(text, &mut self.row);
            done.map_err(|_| WriteError::Unencodable { column, encoding })
        };
        if !is_quoted {
            put(guard)?;
            return put(field);
        }
        put("\"")?;
        put(guard)?;
        if field.contains('"') {
            put(&field.replace('"', "\"\""))?
        } else {
            put(field)?
        }
        put("\"")
    }

    /// The end of the file.
    ///
    /// # Errors
    /// [`WriteError::File`].
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.out.flush()?;
        Ok(self.out)
    }
}

fn needs_quotes(field: &str) -> bool {
    field.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'))
        || field.starts_with(char::is_whitespace)
        || field.ends_with(char::is_whitespace)
}

/// Whether a spreadsheet would run it: it begins, after blanks, with a sign that begins a formula, of either width.
#[must_use]
pub fn is_formula(field: &str) -> bool {
    let begins = field.trim_start_matches(char::is_whitespace);
    begins.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\u{2212}'])
        || field.starts_with(['\t', '\r', '\n'])
}
