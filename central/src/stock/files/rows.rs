//! Rows of such a file, whichever its form: texts under the names of columns, and what is wrong with one in a sentence.
//!
//! Must not: know what a column means.

use std::{fmt, io::Read, io::Write};

use serde_json::{Map, Value};

use crate::csv::{
    encoding::Encoding,
    faults::FileFault,
    header::{Column, UnknownColumns, places},
    rows::LineEnd,
    table::Table,
    writer::{Form, Quoting, Reader, RowWriter, WriteError},
};

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileForm {
    /// CSV with a first row of names.
    Csv,
    /// A JSON array of objects.
    Json,
}

/// A column: its Japanese name, its English one, which JSON has too, and whether a file must have it.
#[derive(Debug, Clone, Copy)]
pub struct Named(pub &'static str, pub &'static str, pub bool);

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// As a spreadsheet counts, names being row 1; of JSON which object, from 1.
    pub number: u64,
    /// A text for each column, empty where it has none.
    pub texts: Vec<String>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Which row.
    pub row: u64,
    /// The column's Japanese name.
    pub column: &'static str,
    /// The sentence and the next step, in Japanese and English.
    pub sentence: (&'static str, &'static str),
}

impl fmt::Display for RowFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, column, sentence: (japanese, english) } = self;
        write!(formatter, "{row}行目「{column}」: {japanese} / Row {row} \"{column}\": {english}")
    }
}

/// Why nothing of a file was taken.
#[derive(Debug)]
pub enum FileRefused {
    /// It cannot be read, or its names are wrong.
    File(FileFault),
    /// It is not a JSON array of objects with these names.
    NotJson,
    /// More than [`MOST_ROWS`].
    TooMany,
    /// Rows are wrong; the first [`MOST_FAULTS`].
    Rows(Vec<RowFault>),
}

/// The most rows of a file: more than there are facilities.
pub const MOST_ROWS: usize = 200_000;
/// Faults that are named.
pub const MOST_FAULTS: usize = 100;
/// The most bytes of a JSON file, which is read whole.
const MOST_JSON_BYTES: u64 = 256 * 1024 * 1024;

impl fmt::Display for FileRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(fault) => {
                let said = fault.sentence();
                write!(formatter, "{} / {}", said.japanese, said.english)
            }
            Self::NotJson => formatter.write_str(
                "JSONを読めません。決められた項目名のオブジェクトの配列にしてください。 / It is not a JSON array of objects with the known names: mend it.",
            ),
            Self::TooMany => formatter
                .write_str("行が多すぎます(20万行まで)。分けてください。 / There are more than 200,000 rows: split the file."),
            Self::Rows(faults) => {
                writeln!(formatter, "直す行があるため、何も取り込んでいません。 / Nothing was taken in, because rows are wrong:")?;
                faults.iter().try_for_each(|fault| writeln!(formatter, "{fault}"))
            }
        }
    }
}

impl std::error::Error for FileRefused {}

/// Reads a file whole.
///
/// # Errors
/// [`FileRefused`], but not of rows.
pub fn read(input: impl Read, form: FileForm, columns: &[Named]) -> Result<Vec<FileRow>, FileRefused> {
    match form {
        FileForm::Csv => read_csv(input, columns),
        FileForm::Json => read_json(input, columns),
    }
}

fn read_csv(input: impl Read, columns: &[Named]) -> Result<Vec<FileRow>, FileRefused> {
    let known: Vec<Column> = columns
        .iter()
        .map(|Named(japanese, english, required)| Column {
            names: vec![(*japanese).to_owned(), (*english).to_owned()],
            required: *required,
        })
        .collect();
    let mut table = Table::open(input, None).map_err(FileRefused::File)?;
    let places = places(&known, &[], UnknownColumns::Refuse, &table.header).map_err(FileRefused::File)?;
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    while let Some(row) = table.next_row().map_err(FileRefused::File)? {
        let number = row.number();
        let text = |place: &Option<usize>| place.map_or(Ok(String::new()), |at| row.text(at).map(Into::into));
        let texts: Result<Vec<String>, _> = places.iter().map(text).collect();
        match (row.misshapen(), texts) {
            (None, Ok(texts)) => rows.push(FileRow { number, texts }),
            _ => faults.push(RowFault { row: number, column: "行", sentence: MISSHAPEN }),
        }
        if rows.len() > MOST_ROWS {
            return Err(FileRefused::TooMany);
        }
    }
    faults.truncate(MOST_FAULTS);
    if faults.is_empty() { Ok(rows) } else { Err(FileRefused::Rows(faults)) }
}

const MISSHAPEN: (&str, &str) = (
    "列の数、引用符、文字コードのどれかが違います。確認してください。",
    "columns, quotes or encoding are wrong. Check them.",
);

fn read_json(input: impl Read, columns: &[Named]) -> Result<Vec<FileRow>, FileRefused> {
    let objects: Vec<Map<String, Value>> =
        serde_json::from_reader(input.take(MOST_JSON_BYTES)).map_err(|_| FileRefused::NotJson)?;
    if objects.len() > MOST_ROWS {
        return Err(FileRefused::TooMany);
    }
    let row = |(number, object): (u64, Map<String, Value>)| {
        if object.keys().any(|name| columns.iter().all(|Named(_, english, _)| english != name)) {
            return Err(FileRefused::NotJson);
        }
        let text = |Named(_, english, required): &Named| match object.get(*english) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) => Ok(number.to_string()),
            Some(Value::Null) | None if !required => Ok(String::new()),
            _ => Err(FileRefused::NotJson),
        };
        Ok(FileRow { number, texts: columns.iter().map(text).collect::<Result<_, _>>()? })
    };
    (1..).zip(objects).map(row).collect()
}

/// Writes a file.
///
/// # Errors
/// [`WriteError`].
pub fn write(
    mut out: impl Write,
    form: FileForm,
    columns: &[Named],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<(), WriteError> {
    if form == FileForm::Json {
        let named = |texts: Vec<String>| -> Map<String, Value> {
            let names = columns.iter().map(|Named(_, english, _)| (*english).to_owned());
            names.zip(texts.into_iter().map(Value::String)).collect()
        };
        let all: Vec<Map<String, Value>> = rows.into_iter().map(named).collect();
        serde_json::to_writer_pretty(&mut out, &all).map_err(std::io::Error::from)?;
        return Ok(writeln!(out)?);
    }
    let form = Form {
        encoding: Encoding::Utf8,
        byte_order_mark: true,
        quoting: Quoting::Needed,
        line_end: LineEnd::CrLf,
        header: true,
    };
    let mut writer = RowWriter::begin(out, form, Reader::Program)?;
    writer.header(columns.iter().map(|Named(japanese, ..)| *japanese))?;
    for row in rows {
        writer.row(row.iter().map(String::as_str))?;
    }
    writer.finish().map(drop)
}

/// Reads each row with `each`; every fault of every row, or all of them.
///
/// # Errors
/// [`FileRefused::Rows`].
pub(in crate::stock) fn each<T>(
    rows: &[FileRow],
    each: impl Fn(&FileRow) -> Result<T, Vec<RowFault>>,
) -> Result<Vec<T>, FileRefused> {
    let (mut read, mut faults) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        match each(row) {
            Ok(one) => read.push(one),
            Err(found) => faults.extend(found),
        }
        if faults.len() > MOST_FAULTS {
            break;
        }
    }
    faults.truncate(MOST_FAULTS);
    if faults.is_empty() { Ok(read) } else { Err(FileRefused::Rows(faults)) }
}

/// One field, read, or what is wrong with it.
pub(in crate::stock) fn field<T>(
    row: &FileRow,
    columns: &[Named],
    at: usize,
    faults: &mut Vec<RowFault>,
    sentence: (&'static str, &'static str),
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let found = row.texts.get(at).and_then(|text| read(text.trim()));
    if found.is_none() {
        faults.push(RowFault {
            row: row.number,
            column: columns.get(at).map_or("", |named| named.0),
            sentence,
        });
    }
    found
}

/// A whole number from 0.
pub(in crate::stock) fn count(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|count| is_number && *count <= vsys::Amount::MOST)
}

pub(in crate::stock) const NOT_A_CODE: (&str, &str) = (
    "施設コードは数字10桁です。表計算ソフトで先頭の0が失われていないか確認してください。",
    "a facility code has ten digits. A spreadsheet may have dropped leading zeros.",
);
pub(in crate::stock) const NOT_A_COUNT: (&str, &str) =
    ("0以上の整数で入力してください。", "enter a whole number from 0.");
pub(super) const NOT_A_TEXT: (&str, &str) = (
    "空欄か、長すぎます。1行の短い文字で入力してください。",
    "it is empty or too long. Enter one short line.",
);
