//! 列名: which column of a file is which, by the names in its first row.
//!
//! Must not: go by a column's place, or take one of two that mean the same.

use super::{
    faults::{FileFault, HeaderFault},
    fields::narrow,
};

/// A column that a file may have.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// What it is called in first rows; the first of them in sentences.
    pub names: Vec<String>,
    /// Whether a file without it is refused.
    #[serde(default)]
    pub required: bool,
}

/// What becomes of a column that no name fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownColumns {
    /// The file is refused.
    Refuse,
    /// The column is passed over.
    Ignore,
}

/// A name as it is compared: of narrow letters, without blanks.
fn compared(name: &str) -> String {
    narrow(name).chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase()
}

/// For each of `columns`, where it stands in the first row (from 0).
///
/// # Errors
/// [`FileFault::Header`] with everything that is wrong.
pub fn places<'a>(
    columns: impl IntoIterator<Item = &'a Column>,
    ignored: &[String],
    unknown: UnknownColumns,
    header: &[String],
) -> Result<Vec<Option<usize>>, FileFault> {
    let columns: Vec<&Column> = columns.into_iter().collect();
    let ignored: Vec<String> = ignored.iter().map(|name| compared(name)).collect();
    let mut places = vec![None; columns.len()];
    let mut faults = Vec::new();
    let which = |name: &str| -> Option<usize> {
        let found = compared(name);
        columns.iter().position(|column| column.names.iter().any(|known| compared(known) == found))
    };
    // Where a file has no header, its first row is a person's: then nothing of it is shown.
    let is_header = header.iter().any(|name| which(name).is_some());
    let shown = |name: &str| if is_header { shown(name) } else { HIDDEN.to_owned() };
    for (at, name) in header.iter().enumerate() {
        let found = compared(name);
        match which(name) {
            Some(which) => match places[which] {
                None => places[which] = Some(at),
                Some(first) => {
                    let (first, second) = (first + 1, at + 1);
                    faults.push(HeaderFault::Doubled { first, second, name: shown(name) });
                }
            },
            None if unknown == UnknownColumns::Ignore || ignored.contains(&found) => {}
            None => faults.push(HeaderFault::Unknown { column: at + 1, name: shown(name) }),
        }
    }
    for (column, place) in columns.iter().zip(&places) {
        if column.required && place.is_none() {
            faults.insert(0, HeaderFault::Missing(column.names.clone()));
        }
    }
    // A file of something else has many unknown columns; the first few say enough.
    faults.truncate(MOST_FAULTS);
    if faults.is_empty() { Ok(places) } else { Err(FileFault::Header(faults)) }
}

const MOST_FAULTS: usize = 10;

const HIDDEN: &str = "…";

/// A name as it is shown: nothing that is long or looks like a number.
fn shown(name: &str) -> String {
    let narrow = narrow(name);
    let is_heading = narrow.chars().count() <= 20 && !narrow.chars().any(|letter| letter.is_ascii_digit());
    if is_heading {
        narrow.chars().filter(|letter| !letter.is_control()).collect()
    } else {
        HIDDEN.to_owned()
    }
}
