//! Closings as tablets told them, the last of each tablet, site and day.
//!
//! Must not: take one into the books; `taking` does.

mod taking;

use record::{Entry, EntryContent, MunicipalityCode, TabletId, day::FacilityCode};
use rusqlite::{Connection, Row, params};

pub(in super::super) use taking::take_in;

use super::{ledger, rows, rules};
use crate::storage::{ClosingKey, Days, KeptClosing, StorageError, closing_state as state};

const CLOSING: &str = "stock_closings.municipality, stock_closings.facility_code, stock_closings.closed_on,
    stock_closings.tablet_number, stock_closings.epoch, stock_closings.position, stock_closings.state,
    stock_closings.entry";

/// Notes what an entry tells of a closing, where it does and none that stands later in the tablet's chain was noted before.
pub(in super::super) fn note(
    transaction: &Connection,
    municipality: &str,
    tablet_number: u32,
    (epoch, position): (i64, i64),
    bytes: &[u8],
) -> Result<(), StorageError> {
    let Ok(entry) = Entry::from_bytes(bytes) else { return Ok(()) };
    let EntryContent::Closing(closing) = &entry.content else { return Ok(()) };
    rows::run(
        transaction,
        "INSERT INTO stock_closings
             (municipality, facility_code, closed_on, tablet_number, epoch, position, state, entry)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET epoch = excluded.epoch, position = excluded.position, state = excluded.state,
             entry = excluded.entry
         WHERE (stock_closings.epoch, stock_closings.position) < (excluded.epoch, excluded.position)",
        params![
            municipality,
            closing.site.facility_code.to_string(),
            closing.closed_on.to_string(),
            tablet_number,
            epoch,
            position,
            state::WAITING,
            bytes
        ],
    )
    .map(drop)
}

fn read(row: &Row<'_>) -> Result<KeptClosing, StorageError> {
    let municipality = rows::text(row, "municipality")?;
    let tablet_number = rows::raw(row, "tablet_number")?;
    let bytes: Vec<u8> = rows::raw(row, "entry")?;
    let entry = Entry::from_bytes(&bytes).map_err(|_| StorageError::Inconsistent("entry"))?;
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
pub(in super::super) fn closings(
    connection: &Connection,
    municipality: MunicipalityCode,
    facility: Option<FacilityCode>,
    days: Days,
) -> Result<Vec<KeptClosing>, StorageError> {
    let sql = format!(
        "SELECT {CLOSING} FROM stock_closings JOIN facilities
             ON facilities.municipality = stock_closings.municipality
             AND facilities.facility_code = stock_closings.facility_code
         WHERE stock_closings.municipality = ?1 AND (?2 IS NULL OR stock_closings.facility_code = ?2)
             AND stock_closings.closed_on BETWEEN ?3 AND ?4
         ORDER BY stock_closings.closed_on DESC, stock_closings.facility_code, stock_closings.tablet_number"
    );
    let given = params![
        municipality.to_string(),
        facility.map(|code| code.to_string()),
        days.first.to_string(),
        days.last.to_string()
    ];
    rows::all(connection, &sql, given, read)
}
