//! Files of bookings and expected deliveries (予約と入荷予定).
//!
//! Must not: keep any; whoever calls does.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
};

use record::{
    CalendarDate,
    day::{FacilityCode, Product},
};

use super::rows::{
    FileForm, FileRefused, FileRow, NOT_A_CODE, NOT_A_COUNT, NOT_A_TEXT, Named, RowFault, count, each, field,
    read as read_rows, write as write_rows,
};
use crate::{csv::writer::WriteError, storage::BookedDay};

/// The columns.
pub const COLUMNS: [Named; 5] = [
    Named("施設コード", "facility_code", true),
    Named("製品名", "product", true),
    Named("日付", "day", true),
    Named("予約回数", "booked_doses", true),
    Named("入荷予定回数", "expected_doses", false),
];

/// A row before it is known whose facility it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BookingRow {
    /// Which facility.
    pub facility: FacilityCode,
    /// Of which product.
    pub product: Product,
    /// On which day.
    pub on: CalendarDate,
    /// Doses that people are booked for.
    pub doses: u64,
    /// Doses that are expected to be delivered; 0 where the column was left out.
    pub expected: u64,
}

/// Reads a file: every row, or why none. A day before `from` and what stands there twice are refused.
///
/// # Errors
/// [`FileRefused`].
pub fn read(input: impl Read, form: FileForm, from: CalendarDate) -> Result<Vec<BookingRow>, FileRefused> {
    let rows = read_rows(input, form, &COLUMNS)?;
    let read = each(&rows, |file_row| row(file_row, from))?;
    let mut known = BTreeSet::new();
    let twice = |(file_row, row): (&FileRow, &BookingRow)| {
        let is_new = known.insert((row.facility, row.product.clone(), row.on));
        (!is_new).then_some(RowFault { row: file_row.number, column: COLUMNS[2].0, sentence: TWICE })
    };
    let faults: Vec<RowFault> =
        rows.iter().zip(&read).filter_map(twice).take(super::rows::MOST_FAULTS).collect();
    if faults.is_empty() { Ok(read) } else { Err(FileRefused::Rows(faults)) }
}

fn row(row: &FileRow, from: CalendarDate) -> Result<BookingRow, Vec<RowFault>> {
    let mut faults = Vec::new();
    let day = |text: &str| text.parse().ok().filter(|day| *day >= from);
    let none_or_count = |text: &str| if text.is_empty() { Some(0) } else { count(text) };
    let facility = field(row, &COLUMNS, 0, &mut faults, NOT_A_CODE, |text| text.parse().ok());
    let product = field(row, &COLUMNS, 1, &mut faults, NOT_A_TEXT, |text| text.parse().ok());
    let on = field(row, &COLUMNS, 2, &mut faults, NOT_A_DAY, day);
    let doses = field(row, &COLUMNS, 3, &mut faults, NOT_A_COUNT, count);
    let expected = field(row, &COLUMNS, 4, &mut faults, NOT_A_COUNT, none_or_count);
    match (facility, product, on, doses, expected) {
        (Some(facility), Some(product), Some(on), Some(doses), Some(expected)) => {
            Ok(BookingRow { facility, product, on, doses, expected })
        }
        _ => Err(faults),
    }
}

impl From<&BookedDay> for BookingRow {
    fn from(day: &BookedDay) -> Self {
        Self {
            facility: day.place.facility,
            product: day.product.clone(),
            on: day.on,
            doses: day.doses,
            expected: day.expected,
        }
    }
}

/// Writes what is booked.
///
/// # Errors
/// [`WriteError`].
pub fn write(out: impl Write, form: FileForm, booked: &[BookingRow]) -> Result<(), WriteError> {
    let row = |day: &BookingRow| {
        vec![
            day.facility.to_string(),
            day.product.to_string(),
            day.on.to_string(),
            day.doses.to_string(),
            day.expected.to_string(),
        ]
    };
    write_rows(out, form, &COLUMNS, booked.iter().map(row))
}

/// For how many days of each facility and product there are rows: what a line of the audit tells.
#[must_use]
pub fn days_of(booked: &[BookedDay]) -> BTreeMap<(FacilityCode, Product), u32> {
    let mut days = BTreeMap::new();
    for day in booked {
        *days.entry((day.place.facility, day.product.clone())).or_default() += 1;
    }
    days
}

const NOT_A_DAY: (&str, &str) =
    ("今日以後の日付を 2026-11-28 のように入力してください。", "enter a day from today on like 2026-11-28.");
const TWICE: (&str, &str) = (
    "同じ施設・製品・日の行が2つあります。1つにまとめてください。",
    "the same facility, product and day stands there twice. Make it one row.",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Place;

    const FILE: &str = "施設コード,製品名,日付,予約回数,入荷予定回数\r\n\
        1311300001,見本一号,2021-11-25,1000,\r\n\
        1311300001,見本一号,2021-11-26,0,975\r\n";

    fn from() -> CalendarDate {
        "2021-11-22".parse().unwrap()
    }

    #[test]
    fn what_is_written_is_read_again_in_either_form() {
        let rows = read(FILE.as_bytes(), FileForm::Csv, from()).unwrap();
        assert_eq!(
            rows.iter().map(|row| (row.doses, row.expected)).collect::<Vec<_>>(),
            [(1_000, 0), (0, 975)]
        );
        let booked = |row: &BookingRow| BookedDay {
            place: Place { municipality: "131130".parse().unwrap(), facility: row.facility },
            product: row.product.clone(),
            on: row.on,
            doses: row.doses,
            expected: row.expected,
        };
        let booked: Vec<BookedDay> = rows.iter().map(booked).collect();
        let written: Vec<BookingRow> = booked.iter().map(BookingRow::from).collect();
        for form in [FileForm::Csv, FileForm::Json] {
            let mut file = Vec::new();
            write(&mut file, form, &written).unwrap();
            assert_eq!(read(&file[..], form, from()).unwrap(), rows);
        }
        assert_eq!(days_of(&booked).into_values().collect::<Vec<_>>(), [2]);
        let short = FILE.replace(",入荷予定回数", "").replace(",975", "").replace("1000,\r\n", "1000\r\n");
        assert_eq!(read(short.as_bytes(), FileForm::Csv, from()).unwrap()[1].expected, 0);
    }

    #[test]
    fn what_is_past_twice_or_no_figure_is_refused_by_row_and_column() {
        for (wrong, row, column) in [
            (FILE.replace("2021-11-26", "2021-11-21"), 3, "日付"),
            (FILE.replace("2021-11-26", "2021-11-25"), 3, "日付"),
            (FILE.replace("1000", "-1"), 2, "予約回数"),
            (FILE.replace("975", "多数"), 3, "入荷予定回数"),
            (FILE.replacen("1311300001", "131130001", 1), 2, "施設コード"),
        ] {
            let Err(FileRefused::Rows(faults)) = read(wrong.as_bytes(), FileForm::Csv, from()) else {
                panic!("{wrong}")
            };
            assert_eq!((faults.len(), faults[0].row, faults[0].column), (1, row, column), "{wrong}");
        }
    }
}
