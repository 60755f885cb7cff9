//! What is wrong with a file or with one of its rows, in both languages, with what to do next.
//!
//! Must not: quote what stands in a field.

use std::{fmt, io};

use super::rows::{MOST_COLUMNS, MOST_FIELD_BYTES, MOST_ROW_BYTES};

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// 日本語.
    pub japanese: String,
    /// English.
    pub english: String,
}

impl Sentence {
    pub(crate) fn new(japanese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { japanese: japanese.into(), english: english.into() }
    }
}

impl fmt::Display for Sentence {
    /// Japanese, a slash, English: where both are shown at once.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} / {}", self.japanese, self.english)
    }
}

/// Why a whole file is refused. Rows count from 1 as in a spreadsheet, columns from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub enum FileFault {
    /// Reading failed.
    Unreadable(io::ErrorKind),
    /// It begins with a byte order mark of UTF-16.
    Utf16,
    /// There is no row in it.
    Empty,
    /// The first row is neither UTF-8 nor CP932.
    UnknownEncoding,
    /// Too many columns.
    TooManyColumns {
        /// Which row.
        row: u64,
    },
    /// A field beyond all size.
    FieldTooLong {
        /// Which row.
        row: u64,
        /// Which column.
        column: usize,
    },
    /// A row beyond all size.
    RowTooLong {
        /// Which row.
        row: u64,
    },
    /// The file ends while a quote is open.
    EndsInQuote {
        /// The row that the quote stands in.
        row: u64,
    },
    /// The file ends before its last row has all its columns.
    EndsInRow {
        /// Which row.
        row: u64,
    },
    /// The first row does not name the columns that are needed.
    Header(Vec<HeaderFault>),
}

/// What is wrong with the first row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderFault {
    /// A column that is needed and not there; its names.
    Missing(Vec<String>),
    /// Two columns that mean the same.
    Doubled {
        /// The first of them, from 1.
        first: usize,
        /// The other.
        second: usize,
        /// The name of the second as it stands there.
        name: String,
    },
    /// A column that the profile does not know.
    Unknown {
        /// Which, from 1.
        column: usize,
        /// Its name as it stands there.
        name: String,
    },
}

impl FileFault {
    /// The sentence, and what to do.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Unreadable(kind) => Sentence::new(
                format!("ファイルを最後まで読み取れませんでした({kind})。もう一度選び直してください。"),
                format!("The file could not be read to its end ({kind}). Choose it again."),
            ),
            Self::Utf16 => Sentence::new(
                "文字コードがUTF-16です。「CSV UTF-8」または「CSV」として保存し直してください。",
                "The file is in UTF-16. Save it again as \"CSV UTF-8\" or \"CSV\".",
            ),
            Self::Empty => Sentence::new(
                "ファイルに行がありません。正しいファイルか確認してください。",
                "There is no row in the file. Check that it is the right one.",
            ),
            Self::UnknownEncoding => Sentence::new(
                "1行目をUTF-8としてもシフトJIS(CP932)としても読めません。「CSV UTF-8」として保存し直してください。",
                "Row 1 is neither UTF-8 nor CP932. Save the file again as \"CSV UTF-8\".",
            ),
            Self::TooManyColumns { row } => Sentence::new(
                format!(
                    "{row}行目の列が{MOST_COLUMNS}を超えています。列の多すぎるファイルは取り込めません。"
                ),
                format!("Row {row} has more than {MOST_COLUMNS} columns, which cannot be taken in."),
            ),
            Self::FieldTooLong { row, column } => Sentence::new(
                format!(
                    "{row}行目の{column}列目が{MOST_FIELD_BYTES}バイトを超えています。引用符(\")が閉じているか確認してください。"
                ),
                format!(
                    "Row {row}, column {column} is longer than {MOST_FIELD_BYTES} bytes. Check that its quote (\") is closed."
                ),
            ),
            Self::RowTooLong { row } => Sentence::new(
                format!(
                    "{row}行目が{MOST_ROW_BYTES}バイトを超えています。引用符(\")が閉じているか確認してください。"
                ),
                format!(
                    "Row {row} is longer than {MOST_ROW_BYTES} bytes. Check that its quotes (\") are closed."
                ),
            ),
            Self::EndsInQuote { row } => Sentence::new(
                format!(
                    "{row}行目で始まる引用符(\")が閉じないままファイルが終わっています。途中で切れたファイルです。作成元から受け取り直してください。"
                ),
                format!(
                    "The file ends inside a quote (\") that begins in row {row}: it was cut short. Get it again from where it was made."
                ),
            ),
            Self::EndsInRow { row } => Sentence::new(
                format!("{row}行目の途中でファイルが終わっています。作成元から受け取り直してください。"),
                format!("The file ends in the middle of row {row}. Get it again from where it was made."),
            ),
            Self::Header(faults) => {
                let each: Vec<Sentence> = faults.iter().map(HeaderFault::sentence).collect();
                Sentence::new(
                    each.iter().map(|one| one.japanese.as_str()).collect::<String>(),
                    each.iter().map(|one| one.english.as_str()).collect::<Vec<_>>().join(" "),
                )
            }
        }
    }
}

impl HeaderFault {
    /// The sentence, and what to do.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Missing(names) => {
                let first = names.first().map_or("", String::as_str);
                Sentence::new(
                    format!(
                        "1行目に列「{first}」がありません。列を加えるか、取込み設定の列名を直してください。"
                    ),
                    format!("Row 1 has no column \"{first}\". Add it, or mend the names in the profile."),
                )
            }
            Self::Doubled { first, second, name } => Sentence::new(
                format!(
                    "1行目の{second}列目「{name}」は{first}列目と同じ内容の列です。どちらか一方を削除してください。"
                ),
                format!(
                    "Row 1, column {second} \"{name}\" means the same as column {first}. Remove one of them."
                ),
            ),
            Self::Unknown { column, name } => Sentence::new(
                format!(
                    "1行目の{column}列目「{name}」は取込み設定にない列です。列を削除するか、取込み設定の ignored に加えてください。"
                ),
                format!(
                    "Row 1, column {column} \"{name}\" is not in the profile. Remove it, or add it to the profile's `ignored`."
                ),
            ),
        }
    }
}

/// What is wrong with one field, or with the whole of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    /// More or fewer fields than the first row.
    Width {
        /// Fields of this row.
        found: usize,
        /// Fields of the first row.
        expected: usize,
    },
    /// Text follows a closing quote.
    Misquoted,
    /// The bytes are not in the file's encoding.
    NotText,
    /// Nothing stands there.
    Empty,
    /// Too many characters.
    TooLong {
        /// The most.
        most: usize,
    },
    /// A line break, a tab or another control character.
    Control,
    /// Not so many digits.
    NotDigits {
        /// How many there must be.
        digits: usize,
    },
    /// Fewer digits: leading zeros may be lost.
    FewerDigits {
        /// How many there must be.
        digits: usize,
    },
    /// The check digit does not fit.
    CheckDigit,
    /// No date.
    NotADate,
    /// A date that is not on the calendar.
    ImpossibleDate,
    /// A date after today.
    FutureDate,
    /// Before 1870.
    TooLongAgo,
    /// None of the words that the profile knows.
    UnknownWord,
    /// The code of another municipality.
    OtherMunicipality,
    /// The same value stands in a row before.
    Doubled,
    /// The value belongs to another person who is registered.
    Taken,
}

impl Trouble {
    /// The sentence, and what to do.
    #[must_use]
    pub fn sentence(self) -> Sentence {
        match self {
            Self::Width { found, expected } => Sentence::new(
                format!("列の数が{found}で、1行目の{expected}と違います。カンマと引用符を確認してください。"),
                format!("There are {found} columns, and {expected} in row 1. Check commas and quotes."),
            ),
            Self::Misquoted => Sentence::new(
                "閉じた引用符(\")のあとに文字があります。引用符を確認してください。",
                "Text follows a closing quote (\"). Check the quotes.",
            ),
            Self::NotText => Sentence::new(
                "ファイルの文字コードで読めない文字があります。入力し直してください。",
                "There is a character that is not in the file's encoding. Type it again.",
            ),
            Self::Empty => Sentence::new("空欄です。入力してください。", "It is empty. Fill it in."),
            Self::TooLong { most } => Sentence::new(
                format!("{most}文字を超えています。短くしてください。"),
                format!("It is longer than {most} characters. Shorten it."),
            ),
            Self::Control => Sentence::new(
                "改行や制御文字が含まれています。取り除いてください。",
                "It holds a line break or a control character. Remove it.",
            ),
            Self::NotDigits { digits } => Sentence::new(
                format!("{digits}桁の数字ではありません。数字だけで入力してください。"),
                format!("It is not {digits} digits. Enter digits only."),
            ),
            Self::FewerDigits { digits } => Sentence::new(
                format!(
                    "{digits}桁に足りません。表計算ソフトで先頭の0が失われていないか確認し、{digits}桁で入力してください。"
                ),
                format!(
                    "It has fewer than {digits} digits. A spreadsheet may have dropped leading zeros: enter all {digits}."
                ),
            ),
            Self::CheckDigit => Sentence::new(
                "検査数字が合いません。番号を確認して入力し直してください。",
                "The check digit does not fit. Check the number and enter it again.",
            ),
            Self::NotADate => Sentence::new(
                "日付ではありません。20210401 のように8桁で入力してください。",
                "It is not a date. Enter eight digits such as 20210401.",
            ),
            Self::ImpossibleDate => Sentence::new(
                "暦にない日付です。確認して入力し直してください。",
                "There is no such day. Check it and enter it again.",
            ),
            Self::FutureDate => Sentence::new(
                "今日より後の日付です。確認して入力し直してください。",
                "It lies after today. Check it and enter it again.",
            ),
            Self::TooLongAgo => Sentence::new(
                "1870年より前の日付です。確認して入力し直してください。",
                "It lies before 1870. Check it and enter it again.",
            ),
            Self::UnknownWord => Sentence::new(
                "取込み設定にない値です。値を直すか、取込み設定に加えてください。",
                "The profile does not know this value. Mend it, or add it to the profile.",
            ),
            Self::OtherMunicipality => Sentence::new(
                "ほかの市区町村のコードです。この市区町村の対象者だけを取り込めます。",
                "It is another municipality's code. Only this municipality's people can be taken in.",
            ),
            Self::Doubled => Sentence::new(
                "同じ番号が前の行にあります。どちらが正しいか確認し、一方を削除してください。",
                "The same number stands in a row before. Find out which is right and remove the other.",
            ),
            Self::Taken => Sentence::new(
                "この番号は登録済みのほかの方のものです。番号を確認してください。",
                "This number belongs to another person who is registered. Check the number.",
            ),
        }
    }
}

/// One thing that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which column, from 1; none where it is the row as a whole, or only the column's name is known.
    pub column: Option<usize>,
    /// The column's name; empty where there is none.
    pub name: String,
    /// What is wrong.
    pub trouble: Trouble,
}

impl Fault {
    /// Column and sentence.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        let said = self.trouble.sentence();
        match self.column {
            Some(column) => Sentence::new(
                format!("{column}列目「{}」: {}", self.name, said.japanese),
                format!("Column {column} \"{}\": {}", self.name, said.english),
            ),
            None if self.name.is_empty() => said,
            None => Sentence::new(
                format!("「{}」: {}", self.name, said.japanese),
                format!("\"{}\": {}", self.name, said.english),
            ),
        }
    }
}
