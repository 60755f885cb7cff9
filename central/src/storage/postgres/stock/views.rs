//! What pages ask over many lines, and over the doses of a lot.
//!
//! Must not: write. The expressions over `line` are those of the indexes.

use std::collections::BTreeMap;

use deadpool_postgres::Client;
use record::{
    DoseNumber, MunicipalityCode,
    day::{FacilityCode, LotNumber, Product},
};
use tokio_postgres::Row;
use vsys::{Line, wastage::Use};

use super::{Call, read_json, rows, run, run_one, values};
use crate::storage::{
    CouponKey, Days, KeptLine, LotDose, LotDoses, Place, PublicationKind, StorageError, UsedAt,
};

/// Lines that are read at once where they may be many.
const AT_ONCE: i64 = 5_000;

fn read_line(row: &Row) -> Result<KeptLine, StorageError> {
    Ok(KeptLine {
        number: rows::number(row, "number")?,
        recorded_at: rows::wall_time(row, "recorded_at")?,
        line: read_json(row, "line")?,
    })
}

pub(in super::super) async fn lot_lines(
    client: &Client,
    municipality: MunicipalityCode,
    product: Product,
    lot: LotNumber,
) -> Result<Vec<KeptLine>, StorageError> {
    let call = Call::new(
        "SELECT number, recorded_at, line FROM stock_lines
         WHERE municipality = $1 AND (line::jsonb -> 'key' ->> 'product') = $2
             AND (line::jsonb -> 'key' ->> 'lot') = $3
         ORDER BY facility_code, number",
        values![rows::code(municipality), product.to_string(), lot.to_string()],
    );
    run_one(client, call).await?.iter().map(read_line).collect()
}

pub(in super::super) async fn lines_of_days(
    client: &Client,
    at: Place,
    days: Days,
) -> Result<Vec<KeptLine>, StorageError> {
    let (from, to) = days.instants();
    let call = Call::new(
        "SELECT number, recorded_at, line FROM stock_lines
         WHERE municipality = $1 AND facility_code = $2
             AND ((line::jsonb ->> 'at')::bigint) >= $3 AND ((line::jsonb ->> 'at')::bigint) < $4
         ORDER BY ((line::jsonb ->> 'at')::bigint), number",
        values![rows::code(at.municipality), at.facility.to_string(), from.unix_ms(), to.unix_ms()],
    );
    run_one(client, call).await?.iter().map(read_line).collect()
}

pub(in super::super) async fn lines_after(
    client: &Client,
    at: Place,
    after: u64,
    most: u32,
) -> Result<Vec<KeptLine>, StorageError> {
    let call = Call::new(
        "SELECT number, recorded_at, line FROM stock_lines
         WHERE municipality = $1 AND facility_code = $2 AND number > $3 ORDER BY number LIMIT $4",
        values![rows::code(at.municipality), at.facility.to_string(), rows::signed(after), i64::from(most)],
    );
    run_one(client, call).await?.iter().map(read_line).collect()
}

/// Facility by facility, some thousand lines at a time: never a municipality's year in memory at once.
pub(in super::super) async fn used_on(
    client: &Client,
    municipality: MunicipalityCode,
    days: Days,
) -> Result<Vec<UsedAt>, StorageError> {
    let (from, to) = days.instants();
    let mut all: BTreeMap<(FacilityCode, Product), Use> = BTreeMap::new();
    let facilities = Call::new(
        "SELECT facility_code FROM facilities WHERE municipality = $1 ORDER BY facility_code",
        values![rows::code(municipality)],
    );
    for facility in run_one(client, facilities).await? {
        let facility: String = rows::raw(&facility, "facility_code")?;
        let mut after = (from.unix_ms(), 0_i64);
        loop {
            let call = Call::new(
                "SELECT ((line::jsonb ->> 'at')::bigint) AS at, number, line FROM stock_lines
                 WHERE municipality = $1 AND facility_code = $2
                     AND ((line::jsonb ->> 'at')::bigint) >= $3 AND ((line::jsonb ->> 'at')::bigint) < $4
                     AND (((line::jsonb ->> 'at')::bigint) > $3 OR number > $5)
                 ORDER BY ((line::jsonb ->> 'at')::bigint), number LIMIT $6",
                values![rows::code(municipality), facility.clone(), after.0, to.unix_ms(), after.1, AT_ONCE],
            );
            let found = run_one(client, call).await?;
            for row in &found {
                let Line { key, event, .. } = read_json(row, "line")?;
                all.entry((key.facility, key.product)).or_default().take(&event);
            }
            match found.last() {
                Some(last) if found.len() as i64 == AT_ONCE => {
                    after = (rows::raw(last, "at")?, rows::raw(last, "number")?);
                }
                _ => break,
            }
        }
    }
    Ok(all.into_iter().collect())
}

pub(in super::super) async fn doses_of_lot(
    client: &Client,
    municipality: MunicipalityCode,
    lot: LotNumber,
    skipped: u32,
    most: u32,
) -> Result<LotDoses, StorageError> {
    let (owner, lot) = (rows::code(municipality), lot.to_string());
    let calls = [
        Call::new(
            "SELECT count(*) AS doses FROM stock_doses WHERE coupon_municipality = $1 AND lot = $2",
            values![owner.clone(), lot.clone()],
        ),
        Call::new(
            "SELECT coupon_municipality, coupon_number, dose, facility_code, product, given_on FROM stock_doses
             WHERE coupon_municipality = $1 AND lot = $2
             ORDER BY given_on DESC, coupon_number, dose LIMIT $3 OFFSET $4",
            values![owner, lot, i64::from(most), i64::from(skipped)],
        ),
    ];
    let mut found = run(client, &calls).await?;
    let (some, count) = (found.pop().unwrap_or_default(), found.pop().unwrap_or_default());
    let read = |row: &Row| {
        let number = u8::try_from(rows::raw::<i16>(row, "dose")?).ok();
        let dose = number.and_then(|number| DoseNumber::try_from(number).ok());
        Ok(LotDose {
            coupon: CouponKey {
                municipality: rows::text(row, "coupon_municipality")?,
                number: rows::text(row, "coupon_number")?,
            },
            dose: dose.ok_or(StorageError::Inconsistent("dose"))?,
            facility: rows::text(row, "facility_code")?,
            product: rows::text(row, "product")?,
            given_on: rows::text(row, "given_on")?,
        })
    };
    Ok(LotDoses {
        all: count.first().map(|row| rows::number(row, "doses")).transpose()?.unwrap_or(0),
        some: some.iter().map(read).collect::<Result<_, StorageError>>()?,
    })
}

pub(in super::super) async fn published_last(
    client: &Client,
    kind: PublicationKind,
    municipality: Option<MunicipalityCode>,
) -> Result<Option<Vec<u8>>, StorageError> {
    let call = Call::new(
        "SELECT bytes FROM publications WHERE kind = $1 AND municipality = $2 ORDER BY version DESC LIMIT 1",
        values![kind.code().to_owned(), crate::storage::reference::whose(municipality)],
    );
    run_one(client, call).await?.first().map(|row| rows::raw(row, "bytes")).transpose()
}
