//! What pages ask over many lines, and over the doses of a lot.
//!
//! Must not: write. The expressions over `line` are those of the indexes, word for word.

use std::collections::BTreeMap;

use record::{
    DoseNumber, MunicipalityCode,
    day::{FacilityCode, LotNumber, Product},
};
use rusqlite::{Connection, Row, params};
use vsys::{Line, wastage::Use};

use super::{read_json, rows};
use crate::storage::{
    CouponKey, Days, KeptLine, LotDose, LotDoses, Place, PublicationKind, StorageError, UsedAt,
};

fn read_line(row: &Row<'_>) -> Result<KeptLine, StorageError> {
    Ok(KeptLine {
        number: rows::number(row, "number")?,
        recorded_at: rows::wall_time(row, "recorded_at")?,
        line: read_json(row, "line")?,
    })
}

pub(in super::super) fn lot_lines(
    connection: &Connection,
    municipality: MunicipalityCode,
    product: &Product,
    lot: &LotNumber,
) -> Result<Vec<KeptLine>, StorageError> {
    rows::all(
        connection,
        // Left alone it reads the whole municipality, in the order that is asked for.
        "SELECT number, recorded_at, line FROM stock_lines INDEXED BY stock_lines_of_lots
         WHERE municipality = ?1 AND json_extract(line, '$.key.product') = ?2
             AND json_extract(line, '$.key.lot') = ?3
         ORDER BY facility_code, number",
        params![municipality.to_string(), product.to_string(), lot.to_string()],
        read_line,
    )
}

pub(in super::super) fn lines_of_days(
    connection: &Connection,
    at: Place,
    days: Days,
) -> Result<Vec<KeptLine>, StorageError> {
    let (from, to) = days.instants();
    rows::all(
        connection,
        "SELECT number, recorded_at, line FROM stock_lines
         WHERE municipality = ?1 AND facility_code = ?2
             AND json_extract(line, '$.at') >= ?3 AND json_extract(line, '$.at') < ?4
         ORDER BY json_extract(line, '$.at'), number",
        params![at.municipality.to_string(), at.facility.to_string(), from.unix_ms(), to.unix_ms()],
        read_line,
    )
}

pub(in super::super) fn lines_after(
    connection: &Connection,
    at: Place,
    after: u64,
    most: u32,
) -> Result<Vec<KeptLine>, StorageError> {
    rows::all(
        connection,
        "SELECT number, recorded_at, line FROM stock_lines
         WHERE municipality = ?1 AND facility_code = ?2 AND number > ?3 ORDER BY number LIMIT ?4",
        params![at.municipality.to_string(), at.facility.to_string(), rows::signed(after), most],
        read_line,
    )
}

pub(in super::super) fn used_on(
    connection: &Connection,
    municipality: MunicipalityCode,
    days: Days,
) -> Result<Vec<UsedAt>, StorageError> {
    let (from, to) = days.instants();
    let mut statement = connection.prepare_cached(
        "SELECT stock_lines.line FROM facilities CROSS JOIN stock_lines
             ON stock_lines.municipality = facilities.municipality
             AND stock_lines.facility_code = facilities.facility_code
             AND json_extract(stock_lines.line, '$.at') >= ?2 AND json_extract(stock_lines.line, '$.at') < ?3
         WHERE facilities.municipality = ?1
         ORDER BY facilities.facility_code, json_extract(stock_lines.line, '$.at'), stock_lines.number",
    )?;
    let given = params![municipality.to_string(), from.unix_ms(), to.unix_ms()];
    let mut all: BTreeMap<(FacilityCode, Product), Use> = BTreeMap::new();
    for line in statement.query_and_then(given, |row| read_json::<Line>(row, "line"))? {
        let Line { key, event, .. } = line?;
        all.entry((key.facility, key.product)).or_default().take(&event);
    }
    Ok(all.into_iter().collect())
}

pub(in super::super) fn doses_of_lot(
    connection: &Connection,
    municipality: MunicipalityCode,
    lot: &LotNumber,
    skipped: u32,
    most: u32,
) -> Result<LotDoses, StorageError> {
    let given = params![municipality.to_string(), lot.to_string()];
    let all = rows::one(
        connection,
        "SELECT count(*) AS doses FROM stock_doses WHERE coupon_municipality = ?1 AND lot = ?2",
        given,
        |row| rows::number(row, "doses"),
    )?;
    let some = rows::all(
        connection,
        "SELECT coupon_municipality, coupon_number, dose, facility_code, product, given_on FROM stock_doses
         WHERE coupon_municipality = ?1 AND lot = ?2
         ORDER BY given_on DESC, coupon_number, dose LIMIT ?3 OFFSET ?4",
        params![municipality.to_string(), lot.to_string(), most, skipped],
        |row| {
            let dose = DoseNumber::try_from(rows::raw::<u8>(row, "dose")?);
            Ok(LotDose {
                coupon: CouponKey {
                    municipality: rows::text(row, "coupon_municipality")?,
                    number: rows::text(row, "coupon_number")?,
                },
                dose: dose.map_err(|_| StorageError::Inconsistent("dose"))?,
                facility: rows::text(row, "facility_code")?,
                product: rows::text(row, "product")?,
                given_on: rows::text(row, "given_on")?,
            })
        },
    )?;
    Ok(LotDoses { all: all.unwrap_or(0), some })
}

pub(in super::super) fn published_last(
    connection: &Connection,
    kind: PublicationKind,
    municipality: Option<MunicipalityCode>,
) -> Result<Option<Vec<u8>>, StorageError> {
    rows::one(
        connection,
        "SELECT bytes FROM publications WHERE kind = ?1 AND municipality = ?2 ORDER BY version DESC LIMIT 1",
        params![kind.code(), crate::storage::reference::whose(municipality)],
        |row| rows::raw(row, "bytes"),
    )
}
