//! What a tablet holds of one day's shots, for the closing of that day.
//!
//! Must not: judge it.

use record::{
    CalendarDate, DoseNumber, Entry, EntryContent, EntryId, LotNumber, OcrLine, WallTime, entry::Corrected,
};
use rusqlite::params;

use crate::{Store, error::StoreError, listing::UploadState};

/// An entry about one person on that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayEntry {
    /// Which.
    pub entry_id: EntryId,
    /// When it was recorded, by the tablet's clock.
    pub recorded_at: WallTime,
    /// The coupon.
    pub coupon: OcrLine,
    /// Dose and lot of a vaccination; none for 予診のみ.
    pub given: Option<(DoseNumber, LotNumber)>,
    /// How far it has come.
    pub state: UploadState,
    /// Whether it stands, or was cancelled.
    pub stands: bool,
}

impl Store {
    /// Every entry that says of itself that it happened on that day, oldest first; what was corrected is left out,
    /// because the correction stands in its place.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn entries_of(&self, day: CalendarDate) -> Result<Vec<DayEntry>, StoreError> {
        // Nothing is recorded before it happens; it may be recorded or corrected later.
        let mut statement = self.connection.prepare_cached(
            "SELECT entries.bytes, uploads.state, uploads.reason,
                 (SELECT later.kind FROM entries AS later WHERE later.changes = entries.entry_id) AS changed_by
             FROM entries JOIN uploads USING (epoch, position)
             WHERE entries.recorded_on >= ?1 AND entries.coupon_number IS NOT NULL
             ORDER BY entries.epoch, entries.position",
        )?;
        let mut rows = statement.query(params![day.to_string()])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            let changed_by: Option<String> = row.get(3)?;
            if changed_by.as_deref() == Some("correction") {
                continue;
            }
            let entry = Entry::from_bytes(&row.get::<_, Vec<u8>>(0)?).map_err(|_| StoreError::Row)?;
            let state = crate::listing::state(&row.get::<_, String>(1)?, row.get(2)?)?;
            let said = said(entry.content).filter(|(on, _, _)| *on == day);
            entries.extend(said.map(|(_, coupon, given)| DayEntry {
                entry_id: entry.entry_id,
                recorded_at: entry.recorded_at,
                coupon,
                given,
                state,
                stands: changed_by.is_none(),
            }));
        }
        Ok(entries)
    }
}

type Said = (CalendarDate, OcrLine, Option<(DoseNumber, LotNumber)>);

/// The day, the coupon and what was given, where an entry says so.
fn said(content: EntryContent) -> Option<Said> {
    match content {
        EntryContent::Vaccination(right)
        | EntryContent::Correction(record::entry::Correction {
            corrected: Corrected::Vaccination(right),
            ..
        }) => Some((right.day.vaccinated_on, right.coupon, Some((right.day.dose, right.day.lot)))),
        EntryContent::ScreenedOnly(right)
        | EntryContent::Correction(record::entry::Correction {
            corrected: Corrected::ScreenedOnly(right),
            ..
        }) => Some((right.screened_on, right.coupon, None)),
        EntryContent::Cancellation(_) | EntryContent::Closing(_) | EntryContent::Stock(_) => None,
    }
}
