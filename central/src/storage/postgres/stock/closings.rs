//! Closings as tablets told them, the last of each tablet, site and day.
//!
//! Must not: take one into the books; `taking` does.

mod taking;

use deadpool_postgres::Client;
use record::{Entry, EntryContent, MunicipalityCode, TabletId, day::FacilityCode};
use tokio_postgres::Row;

pub(in super::super) use taking::take_in;

use super::{Call, hold, ledger, rows, rules, run, run_one, values};
use crate::storage::{ClosingKey, Days, KeptClosing, StorageError, closing_state as state};

const CLOSING: &str = "stock_closings.municipality, stock_closings.facility_code, stock_closings.closed_on,
    stock_closings.tablet_number, stock_closings.epoch, stock_closings.position, stock_closings.state,
    stock_closings.entry";

/// Notes what an entry tells of a closing, where it does and none that stands later in the tablet's chain was noted before.
pub(in super::super) fn note(
    municipality: &str,
    tablet_number: i64,
    (epoch, position): (i64, i64),
    bytes: &[u8],
) -> Option<Call<'static>> {
    let entry = Entry::from_bytes(bytes).ok()?;
    let EntryContent::Closing(closing) = &entry.content else { return None };
    Some(Call::new(
        "INSERT INTO stock_closings
             (municipality, facility_code, closed_on, tablet_number, epoch, position, state, entry)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (municipality, facility_code, closed_on, tablet_number) DO UPDATE
         SET epoch = excluded.epoch, position = excluded.position, state = excluded.state, entry = excluded.entry
         WHERE (stock_closings.epoch, stock_closings.position) < (excluded.epoch, excluded.position)",
        values![
            municipality.to_owned(),
            closing.site.facility_code.to_string(),
            closing.closed_on.to_string(),
            tablet_number,
            epoch,
            position,
            state::WAITING,
            bytes.to_vec()
        ],
    ))
}

fn read(row: &Row) -> Result<KeptClosing, StorageError> {
    let municipality: MunicipalityCode = rows::text(row, "municipality")?;
    let number = u32::try_from(rows::number(row, "tablet_number")?);
    let tablet_number = number.map_err(|_| StorageError::Inconsistent("tablet_number"))?;
    let bytes: &[u8] = rows::raw(row, "entry")?;
    let entry = Entry::from_bytes(bytes).map_err(|_| StorageError::Inconsistent("entry"))?;
    let EntryContent::Closing(closing) = entry.content else {
        return Err(StorageError::Inconsistent("entry"));
    };
    Ok(KeptClosing {
        key: ClosingKey {
            municipality,
            facility: rows::text(row, "facility_code")?,
            on: rows::text(row, "closed_on")?,
            tablet_number,
        },
        tablet: TabletId::new(municipality, tablet_number)
            .map_err(|_| StorageError::Inconsistent("tablet_number"))?,
        by: entry.staff_id,
        recorded_at: entry.recorded_at,
        closing,
        is_booked: rows::raw::<i64>(row, "state")? != state::WAITING,
    })
}

/// See [`crate::storage::Closings::closings`].
pub(in super::super) async fn closings(
    client: &Client,
    municipality: MunicipalityCode,
    facility: Option<FacilityCode>,
    days: Days,
) -> Result<Vec<KeptClosing>, StorageError> {
    let sql = format!(
        "SELECT {CLOSING} FROM stock_closings JOIN facilities
             ON facilities.municipality = stock_closings.municipality
             AND facilities.facility_code = stock_closings.facility_code
         WHERE stock_closings.municipality = $1 AND ($2::text IS NULL OR stock_closings.facility_code = $2)
             AND stock_closings.closed_on BETWEEN $3 AND $4
         ORDER BY stock_closings.closed_on DESC, stock_closings.facility_code, stock_closings.tablet_number"
    );
    let given = values![
        rows::code(municipality),
        facility.map(|code| code.to_string()),
        days.first.to_string(),
        days.last.to_string()
    ];
    run_one(client, Call::made(sql, given)).await?.iter().map(read).collect()
}
