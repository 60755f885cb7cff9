//! Files of facilities.
//!
//! Must not: keep any; whoever calls does.

use std::io::{Read, Write};

use vsys::{Facility, facility::Coordinates};

use super::rows::{
    FileForm, FileRefused, FileRow, NOT_A_CODE, NOT_A_COUNT, NOT_A_TEXT, Named, RowFault, count, each, field,
    read as read_rows, write as write_rows,
};
use crate::{csv::writer::WriteError, storage::KeptFacility};

/// The columns.
pub const COLUMNS: [Named; 8] = [
    Named("施設コード", "facility_code", true),
    Named("施設名", "name", true),
    Named("市区町村コード", "municipality", true),
    Named("冷凍庫バイアル数", "freezer_vials", true),
    Named("1日接種回数", "doses_per_day", true),
    Named("緯度", "latitude", false),
    Named("経度", "longitude", false),
    Named("元帳開始日", "books_begin_on", true),
];

/// Reads a file: every facility, or why none.
///
/// # Errors
/// [`FileRefused`].
pub fn read(input: impl Read, form: FileForm) -> Result<Vec<KeptFacility>, FileRefused> {
    each(&read_rows(input, form, &COLUMNS)?, facility)
}

fn facility(row: &FileRow) -> Result<KeptFacility, Vec<RowFault>> {
    let mut faults = Vec::new();
    let code = field(row, &COLUMNS, 0, &mut faults, NOT_A_CODE, |text| text.parse().ok());
    let name = field(row, &COLUMNS, 1, &mut faults, NOT_A_TEXT, |text| text.parse().ok());
    let municipality = field(row, &COLUMNS, 2, &mut faults, NOT_A_MUNICIPALITY, |text| text.parse().ok());
    let small = |text: &str| count(text).and_then(|count| u32::try_from(count).ok());
    let freezer_vials = field(row, &COLUMNS, 3, &mut faults, NOT_A_COUNT, small);
    let doses_per_day = field(row, &COLUMNS, 4, &mut faults, NOT_A_COUNT, small);
    let latitude = field(row, &COLUMNS, 5, &mut faults, NOT_A_POSITION, |text| degrees(text, 90_000_000));
    let longitude = field(row, &COLUMNS, 6, &mut faults, NOT_A_POSITION, |text| degrees(text, 180_000_000));
    let begins = field(row, &COLUMNS, 7, &mut faults, NOT_A_DAY, |text| text.parse().ok());
    let position = match (latitude.flatten(), longitude.flatten()) {
        (Some(latitude), Some(longitude)) => Some(Coordinates { latitude, longitude }),
        (None, None) => None,
        _ => {
            faults.push(RowFault { row: row.number, column: COLUMNS[5].0, sentence: NOT_A_POSITION });
            None
        }
    };
    match (code, name, municipality, freezer_vials, doses_per_day, begins) {
        (
            Some(code),
            Some(name),
            Some(municipality),
            Some(freezer_vials),
            Some(doses_per_day),
            Some(begins),
        ) if faults.is_empty() => {
            let facility = Facility { code, name, municipality, freezer_vials, doses_per_day, position };
            Ok(KeptFacility { facility, books_begin_on: begins })
        }
        _ => Err(faults),
    }
}

/// Nothing, or degrees in millionths; none where it is neither.
#[expect(clippy::option_option, reason = "left out is not wrong")]
fn degrees(text: &str, most: i32) -> Option<Option<i32>> {
    if text.is_empty() { Some(None) } else { crate::stock::degrees::read(text, most).map(Some) }
}

/// Writes them.
///
/// # Errors
/// [`WriteError`].
pub fn write(out: impl Write, form: FileForm, facilities: &[KeptFacility]) -> Result<(), WriteError> {
    let row = |kept: &KeptFacility| {
        let Facility { code, name, municipality, freezer_vials, doses_per_day, position } = &kept.facility;
        let degrees =
            |millionths: Option<i32>| millionths.map_or_else(String::new, crate::stock::degrees::written);
        vec![
            code.to_string(),
            name.to_string(),
            municipality.to_string(),
            freezer_vials.to_string(),
            doses_per_day.to_string(),
            degrees(position.map(|place| place.latitude)),
            degrees(position.map(|place| place.longitude)),
            kept.books_begin_on.to_string(),
        ]
    };
    write_rows(out, form, &COLUMNS, facilities.iter().map(row))
}

const NOT_A_MUNICIPALITY: (&str, &str) = (
    "市区町村コードは検査数字を含む数字6桁です。確認してください。",
    "a municipality's code has six digits, the last of which checks the others. Check it.",
);
const NOT_A_POSITION: (&str, &str) = (
    "緯度と経度は 35.681236 のような度で両方を入力するか、両方を空欄にしてください。",
    "enter both latitude and longitude in degrees like 35.681236, or neither.",
);
const NOT_A_DAY: (&str, &str) =
    ("2026-11-28 のような日付で入力してください。", "enter a day like 2026-11-28.");

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "施設コード,施設名,市区町村コード,冷凍庫バイアル数,1日接種回数,緯度,経度,元帳開始日\r\n\
        1311300001,見本診療所,131130,1000,300,35.681236,-139.5,2021-11-22\r\n\
        1311300002,\"見本,医院\",131130,0,20,,,2021-11-22\r\n";

    #[test]
    fn what_is_written_is_read_again_in_either_form() {
        let read_csv = read(FILE.as_bytes(), FileForm::Csv).unwrap();
        assert_eq!(read_csv.len(), 2);
        assert_eq!(read_csv[0].facility.position.unwrap().longitude, -139_500_000);
        for form in [FileForm::Csv, FileForm::Json] {
            let mut file = Vec::new();
            write(&mut file, form, &read_csv).unwrap();
            assert_eq!(read(&file[..], form).unwrap(), read_csv);
        }
    }

    #[test]
    fn every_fault_is_told_by_row_and_column_and_nothing_is_taken() {
        let wrong = FILE.replace("1311300002", "131130002").replace(",20,,", ",-20,35,");
        let Err(FileRefused::Rows(faults)) = read(wrong.as_bytes(), FileForm::Csv) else { panic!() };
        let places: Vec<_> = faults.iter().map(|fault| (fault.row, fault.column)).collect();
        assert_eq!(places, [(3, "施設コード"), (3, "1日接種回数"), (3, "緯度")]);
        assert!(faults[0].to_string().starts_with("3行目「施設コード」: 施設コードは数字10桁"));
        let unknown = FILE.replace("施設名", "住所");
        assert!(matches!(read(unknown.as_bytes(), FileForm::Csv), Err(FileRefused::File(_))));
        for json in ["{}", "[1]", "[{\"facility_code\": \"1311300001\"}]", "[{\"colour\": \"red\"}]", ""] {
            assert!(matches!(read(json.as_bytes(), FileForm::Json), Err(FileRefused::NotJson)), "{json}");
        }
    }
}
