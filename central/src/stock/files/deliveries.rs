//! Files of deliveries (納入): lines of the ledger, in and out.
//!
//! Must not: keep any; whoever calls does.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
};

use record::{WallTime, day::FacilityCode};
use vsys::{Amount, Event, Line, OfficerName, StockKey, Storage};

use super::rows::{
    FileForm, FileRefused, FileRow, NOT_A_CODE, NOT_A_COUNT, NOT_A_TEXT, Named, RowFault, count, each, field,
    read as read_rows, write as write_rows,
};
use crate::{csv::writer::WriteError, stock::accounts};

/// The columns.
pub const COLUMNS: [Named; 7] = [
    Named("施設コード", "facility_code", true),
    Named("製品名", "product", true),
    Named("ロット番号", "lot", true),
    Named("保管", "storage", true),
    Named("バイアル数", "vials", true),
    Named("回数", "doses", true),
    Named("納入日時", "delivered_at", true),
];

/// Reads a file: every delivery, or why none.
///
/// # Errors
/// [`FileRefused`].
pub fn read(
    input: impl Read,
    form: FileForm,
    by: &OfficerName,
    now: WallTime,
) -> Result<Vec<Line>, FileRefused> {
    each(&read_rows(input, form, &COLUMNS)?, |row| line(row, by, now))
}

fn line(row: &FileRow, by: &OfficerName, now: WallTime) -> Result<Line, Vec<RowFault>> {
    let mut faults = Vec::new();
    let facility = field(row, &COLUMNS, 0, &mut faults, NOT_A_CODE, |text| text.parse().ok());
    let product = field(row, &COLUMNS, 1, &mut faults, NOT_A_TEXT, |text| text.parse().ok());
    let lot = field(row, &COLUMNS, 2, &mut faults, NOT_A_LOT, |text| text.parse().ok());
    let storage = field(row, &COLUMNS, 3, &mut faults, NOT_A_STORAGE, storage);
    let vials = field(row, &COLUMNS, 4, &mut faults, NOT_A_COUNT, count);
    let doses = field(row, &COLUMNS, 5, &mut faults, NOT_A_COUNT, count);
    let past = |text: &str| crate::stock::moments::read(text).filter(|at| *at <= now);
    let at = field(row, &COLUMNS, 6, &mut faults, NOT_A_MOMENT, past);
    match (facility, product, lot, storage, vials, doses, at) {
        (Some(facility), Some(product), Some(lot), Some(storage), Some(vials), Some(doses), Some(at)) => {
            let amount = Amount { vials, doses };
            if amount.is_none() {
                return Err(vec![RowFault { row: row.number, column: COLUMNS[4].0, sentence: NOTHING }]);
            }
            let key = StockKey { facility, product, lot, storage };
            Ok(Line { key, event: Event::Delivered { amount }, at, by: by.clone(), reason: None })
        }
        _ => Err(faults),
    }
}

fn storage(text: &str) -> Option<Storage> {
    match text {
        "冷凍" => Some(Storage::Frozen),
        "解凍後" => Some(Storage::Thawed),
        word => accounts::storage(word),
    }
}

/// Writes those of these lines that are deliveries.
///
/// # Errors
/// [`WriteError`].
pub fn write<'a>(
    out: impl Write,
    form: FileForm,
    lines: impl IntoIterator<Item = &'a Line>,
) -> Result<(), WriteError> {
    let row = |line: &Line| {
        let Event::Delivered { amount } = &line.event else { return None };
        Some(vec![
            line.key.facility.to_string(),
            line.key.product.to_string(),
            line.key.lot.to_string(),
            accounts::storage_word(line.key.storage).to_owned(),
            amount.vials.to_string(),
            amount.doses.to_string(),
            crate::stock::moments::written(line.at),
        ])
    };
    write_rows(out, form, &COLUMNS, lines.into_iter().filter_map(row))
}

/// Those that are not among the lines that a facility has already: a file that is taken in twice counts once. Two rows that
/// say the same are two deliveries.
#[must_use]
pub fn not_there(read: Vec<Line>, there: &BTreeMap<FacilityCode, Vec<Line>>) -> Vec<Line> {
    let mut left: Vec<&Line> = there.values().flatten().collect();
    let mut fresh = Vec::new();
    for line in read {
        let is_it = |known: &&Line| (&known.key, &known.event, known.at) == (&line.key, &line.event, line.at);
        match left.iter().position(is_it) {
            Some(at) => drop(left.swap_remove(at)),
            None => fresh.push(line),
        }
    }
    fresh
}

const NOT_A_LOT: (&str, &str) =
    ("ロット番号は英数字とハイフンで20文字までです。", "a lot has letters, digits and hyphens, 20 at most.");
const NOT_A_STORAGE: (&str, &str) =
    ("「冷凍」か「解凍後」と入力してください。", "enter 冷凍 (frozen) or 解凍後 (thawed).");
const NOT_A_MOMENT: (&str, &str) = (
    "2026-11-28T14:30 のような日時(今より前)で入力してください。",
    "enter a time before now like 2026-11-28T14:30.",
);
const NOTHING: (&str, &str) =
    ("バイアル数か回数は1以上を入力してください。", "vials or doses have to be at least 1.");

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "施設コード,製品名,ロット番号,保管,バイアル数,回数,納入日時\r\n\
        1311300001,見本一号,FF3620,冷凍,195,1170,2021-11-22T09:00\r\n\
        1311300001,見本一号,FF3620,thawed,1,6,2021-11-22T09:30\r\n";
    const NOW: WallTime = WallTime::from_unix_ms(1_700_000_000_000);

    fn by() -> OfficerName {
        "(vrs-central)".parse().unwrap()
    }

    #[test]
    fn what_is_written_is_read_again_and_what_is_there_is_not_taken_twice() {
        let lines = read(FILE.as_bytes(), FileForm::Csv, &by(), NOW).unwrap();
        for form in [FileForm::Csv, FileForm::Json] {
            let mut file = Vec::new();
            write(&mut file, form, &lines).unwrap();
            assert_eq!(read(&file[..], form, &by(), NOW).unwrap(), lines);
        }
        let there = BTreeMap::from([(lines[0].key.facility, vec![lines[1].clone()])]);
        assert_eq!(not_there(lines.clone(), &there), [lines[0].clone()]);
        let twice = vec![lines[1].clone(), lines[1].clone()];
        assert_eq!(not_there(twice, &there).len(), 1);
    }

    #[test]
    fn what_is_nothing_unknown_or_still_to_come_is_refused_by_row_and_column() {
        for (from, to, column) in [
            ("冷凍", "常温", "保管"),
            ("195,1170", "0,0", "バイアル数"),
            ("2021-11-22T09:00", "2031-11-22T09:00", "納入日時"),
            ("FF3620,冷凍", "ロット,冷凍", "ロット番号"),
        ] {
            let wrong = FILE.replacen(from, to, 1);
            let Err(FileRefused::Rows(faults)) = read(wrong.as_bytes(), FileForm::Csv, &by(), NOW) else {
                panic!("{to}")
            };
            assert_eq!((faults[0].row, faults[0].column, faults.len()), (2, column, 1), "{to}");
        }
    }
}
