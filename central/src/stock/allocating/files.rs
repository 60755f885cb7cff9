//! Files of allocation: populations and orders read, results written, in CSV or JSON. Nothing in them belongs to a person.
//!
//! Must not: keep anything, or take half a file.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
};

use record::MunicipalityCode;

use super::{
    figures::{KeptOrder, OrderLine},
    lines::AllocationLine,
};
use crate::{
    csv::writer::WriteError,
    stock::files::rows::{
        FileForm, FileRefused, FileRow, NOT_A_CODE, NOT_A_COUNT, Named, RowFault, count, each, field,
        read as read_rows, write as write_rows,
    },
};

/// The columns of populations.
pub const POPULATION_COLUMNS: [Named; 2] =
    [Named("市区町村コード", "municipality", true), Named("12歳以上人口", "people", true)];

/// The columns of orders.
pub const ORDER_COLUMNS: [Named; 4] = [
    Named("市区町村コード", "municipality", true),
    Named("施設コード", "facility_code", false),
    Named("箱数", "boxes", true),
    Named("12歳以上人口", "people", false),
];

/// The columns of a result.
pub const RESULT_COLUMNS: [Named; 14] = [
    Named("市区町村コード", "municipality", true),
    Named("施設コード", "facility_code", true),
    Named("要望箱数", "ordered_boxes", true),
    Named("12歳以上人口", "people", true),
    Named("納入回数", "delivered_doses", true),
    Named("記録済み回数", "recorded_doses", true),
    Named("人口割箱数", "boxes_by_population", true),
    Named("在庫率割箱数", "boxes_by_stock_rate", true),
    Named("調整箱数", "boxes_moved", true),
    Named("配分箱数", "boxes", true),
    Named("配分回数", "doses", true),
    Named("配分前在庫率(千分率)", "rate_before_per_mille", true),
    Named("配分後在庫率(千分率)", "rate_after_per_mille", true),
    Named("調整理由", "reasons", true),
];

/// Reads a file of populations: one row a municipality.
///
/// # Errors
/// [`FileRefused`].
pub fn populations(input: impl Read, form: FileForm) -> Result<BTreeMap<MunicipalityCode, u64>, FileRefused> {
    let rows = read_rows(input, form, &POPULATION_COLUMNS)?;
    let read = each(&rows, |row| {
        let mut faults = Vec::new();
        let municipality = municipality(row, &POPULATION_COLUMNS, &mut faults);
        let people = field(row, &POPULATION_COLUMNS, 1, &mut faults, NOT_A_COUNT, count);
        municipality.zip(people).ok_or(faults)
    })?;
    once(&rows, &POPULATION_COLUMNS, read.iter().map(|(municipality, _)| municipality.to_string()))?;
    Ok(read.into_iter().collect())
}

/// Reads a file of orders: one row for a municipality or one of its facilities. Rows of another than `own` are faults,
/// where one is given.
///
/// # Errors
/// [`FileRefused`].
pub fn orders(
    input: impl Read,
    form: FileForm,
    own: Option<MunicipalityCode>,
) -> Result<BTreeMap<MunicipalityCode, Vec<OrderLine>>, FileRefused> {
    let rows = read_rows(input, form, &ORDER_COLUMNS)?;
    let read = each(&rows, |row| order(row, own))?;
    let name = |(municipality, line): &(MunicipalityCode, OrderLine)| {
        let facility = line.facility.map(|code| code.to_string()).unwrap_or_default();
        format!("{municipality} {facility}")
    };
    once(&rows, &ORDER_COLUMNS, read.iter().map(name))?;
    let mut orders: BTreeMap<MunicipalityCode, Vec<OrderLine>> = BTreeMap::new();
    for (municipality, line) in read {
        orders.entry(municipality).or_default().push(line);
    }
    Ok(orders)
}

fn order(
    row: &FileRow,
    own: Option<MunicipalityCode>,
) -> Result<(MunicipalityCode, OrderLine), Vec<RowFault>> {
    let mut faults = Vec::new();
    let municipality = municipality(row, &ORDER_COLUMNS, &mut faults);
    if municipality.is_some_and(|code| own.is_some_and(|own| own != code)) {
        faults.push(RowFault { row: row.number, column: ORDER_COLUMNS[0].0, sentence: ANOTHERS });
    }
    let facility = field(row, &ORDER_COLUMNS, 1, &mut faults, NOT_A_CODE, |text| {
        left_out(text, |text| text.parse().ok())
    });
    let boxes = field(row, &ORDER_COLUMNS, 2, &mut faults, NOT_A_COUNT, count);
    let people = field(row, &ORDER_COLUMNS, 3, &mut faults, NOT_A_COUNT, |text| left_out(text, count));
    if matches!((facility, boxes, people), (Some(Some(_)), Some(1..), Some(None))) {
        faults.push(RowFault { row: row.number, column: ORDER_COLUMNS[3].0, sentence: NO_PEOPLE });
    }
    match (municipality, facility, boxes, people) {
        (Some(municipality), Some(facility), Some(boxes), Some(people)) if faults.is_empty() => {
            Ok((municipality, OrderLine { facility, boxes, people }))
        }
        _ => Err(faults),
    }
}

fn municipality(row: &FileRow, columns: &[Named], faults: &mut Vec<RowFault>) -> Option<MunicipalityCode> {
    field(row, columns, 0, faults, NOT_A_MUNICIPALITY, |text| text.parse().ok())
}

/// Nothing, or what it says; none where it is neither.
#[expect(clippy::option_option, reason = "left out is not wrong")]
fn left_out<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { read(text).map(Some) }
}

/// Whether each stands in one row alone.
fn once(rows: &[FileRow], columns: &[Named], names: impl Iterator<Item = String>) -> Result<(), FileRefused> {
    let mut seen = BTreeSet::new();
    let again = rows.iter().zip(names).filter(|(_, name)| !seen.insert(name.clone()));
    let faults: Vec<RowFault> =
        again.map(|(row, _)| RowFault { row: row.number, column: columns[0].0, sentence: TWICE }).collect();
    if faults.is_empty() { Ok(()) } else { Err(FileRefused::Rows(faults)) }
}

/// Writes orders, so that [`orders`] reads them.
///
/// # Errors
/// [`WriteError`].
pub fn write_orders(out: impl Write, form: FileForm, orders: &[&KeptOrder]) -> Result<(), WriteError> {
    let row = |order: &&KeptOrder| {
        let OrderLine { facility, boxes, people } = order.line;
        vec![
            order.municipality.to_string(),
            facility.map(|code| code.to_string()).unwrap_or_default(),
            boxes.to_string(),
            people.map(|people| people.to_string()).unwrap_or_default(),
        ]
    };
    write_rows(out, form, &ORDER_COLUMNS, orders.iter().map(row))
}

/// Writes a result.
///
/// # Errors
/// [`WriteError`].
pub fn write_result(out: impl Write, form: FileForm, lines: &[AllocationLine<'_>]) -> Result<(), WriteError> {
    let row = |line: &AllocationLine<'_>| {
        let order = &line.share.order;
        let moved: i64 = line.moved.iter().map(|(boxes, _)| boxes).sum();
        let rate = |rate: vsys::allocation::StockRate| {
            rate.per_mille().map_or_else(String::new, |rate| rate.to_string())
        };
        let reasons: Vec<&str> = line.moved.iter().map(|(_, reason)| reason.as_str()).collect();
        vec![
            order.party.municipality.to_string(),
            order.party.facility.map(|code| code.to_string()).unwrap_or_default(),
            order.boxes.to_string(),
            order.people.to_string(),
            order.delivered.to_string(),
            order.recorded.to_string(),
            line.share.by_population.boxes.to_string(),
            line.share.by_stock_rate.to_string(),
            moved.to_string(),
            line.boxes().to_string(),
            line.doses().to_string(),
            rate(line.share.rate_before),
            rate(line.rate_after()),
            reasons.join(" / "),
        ]
    };
    write_rows(out, form, &RESULT_COLUMNS, lines.iter().map(row))
}

const NOT_A_MUNICIPALITY: (&str, &str) = (
    "市区町村コードは検査数字を含む数字6桁です。確認してください。",
    "a municipality's code has six digits, the last of which checks the others. Check it.",
);
const ANOTHERS: (&str, &str) = (
    "ほかの市区町村の行です。自分の市区町村の行だけにしてください。",
    "the row is another municipality's. Leave only your own.",
);
const TWICE: (&str, &str) = (
    "同じ配分先の行が前にもあります。1行にしてください。",
    "the same one stands in a row above. Leave one of them.",
);
const NO_PEOPLE: (&str, &str) = (
    "施設の行には、その施設で接種する12歳以上の人口が要ります。入力してください。",
    "a facility's row needs the people of 12 and over who are vaccinated there. Enter them.",
);

#[cfg(test)]
mod tests {
    use super::*;

    const ORDERS: &str = "市区町村コード,施設コード,箱数,12歳以上人口\r\n131130,,12,\r\n131130,1311300001,2,3000\r\n131016,,5,60000\r\n";

    #[test]
    fn orders_are_read_by_municipality_and_a_wrong_row_is_told_by_row_and_column() {
        let read = orders(ORDERS.as_bytes(), FileForm::Csv, None).unwrap();
        let boxes: Vec<Vec<u64>> =
            read.values().map(|lines| lines.iter().map(|line| line.boxes).collect()).collect();
        assert_eq!(boxes, [vec![5], vec![12, 2]]);
        let wrong = ORDERS.replace(",2,3000", ",2,").replace(",,5,", ",,-5,");
        let Err(FileRefused::Rows(faults)) = orders(wrong.as_bytes(), FileForm::Csv, None) else { panic!() };
        let places: Vec<_> = faults.iter().map(|fault| (fault.row, fault.column)).collect();
        assert_eq!(places, [(3, "12歳以上人口"), (4, "箱数")]);
        let own = Some("131130".parse().unwrap());
        let Err(FileRefused::Rows(faults)) = orders(ORDERS.as_bytes(), FileForm::Csv, own) else { panic!() };
        assert_eq!((faults.len(), faults[0].row, faults[0].sentence), (1, 4, ANOTHERS));
    }

    #[test]
    fn whoever_stands_in_two_rows_is_refused() {
        let twice = "市区町村コード,12歳以上人口\r\n131130,10\r\n131016,5\r\n131130,11\r\n";
        let Err(FileRefused::Rows(faults)) = populations(twice.as_bytes(), FileForm::Csv) else { panic!() };
        assert_eq!((faults.len(), faults[0].row, faults[0].sentence), (1, 4, TWICE));
        let json = r#"[{"municipality": "131130", "people": 10}]"#;
        let read = populations(json.as_bytes(), FileForm::Json).unwrap();
        assert_eq!(read.into_values().collect::<Vec<_>>(), [10]);
    }
}
