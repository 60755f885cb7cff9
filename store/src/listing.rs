//! What the screens show of what is kept: counts, the list, one entry's history, a coupon's earlier doses.
//!
//! Must not: show more of a coupon than its last four digits in a list.

use std::{collections::BTreeMap, fmt, str::FromStr};

use record::{
    CouponNumber, DoseNumber, Entry, EntryId, Epoch, LotNumber, MunicipalityCode, Position, ReviewReason,
    WallTime, reference::Settlement, rules::EarlierDose,
};
use rusqlite::{OptionalExtension, Row, params};

use crate::{Store, error::StoreError};

/// How far an entry has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadState {
    /// 送信待ち.
    Pending,
    /// 送信済み, proven by a receipt.
    Delivered,
    /// 要確認: kept at the central, with what a person must look at.
    NeedsReview(ReviewReason),
    /// 確認済み: a person at the central has looked at it, and decided.
    Settled(Settlement),
}

/// How many entries there are, by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All on this tablet.
    pub entries: u64,
    /// Recorded on the day asked for.
    pub on_day: u64,
    /// 送信待ち.
    pub pending: u64,
    /// 送信済み, and what a person has settled since.
    pub delivered: u64,
    /// 要確認.
    pub needs_review: u64,
}

/// Which entries a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFilter {
    /// All.
    All,
    /// Only 要確認.
    NeedsReview,
    /// Only 送信待ち.
    Pending,
    /// Only those whose coupon's number ends like that, as it stands in the entry itself.
    Ending(NumberEnding),
}

/// 券番号の終わり: the last 4 to 10 digits of a coupon's number. Part of a person's number, and hidden in `{:?}`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NumberEnding {
    digits: [u8; 10],
    length: usize,
}

/// A text is not 4 to 10 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the end of a number")]
pub struct EndingError;

impl NumberEnding {
    /// The fewest digits that are looked for.
    pub const FEWEST: usize = 4;
    /// The most: a whole number.
    pub const MOST: usize = 10;

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits[..self.length]).unwrap_or_default()
    }
}

impl FromStr for NumberEnding {
    type Err = EndingError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_ending = (Self::FEWEST..=Self::MOST).contains(&text.len());
        if !is_ending || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(EndingError);
        }
        let mut digits = [0; Self::MOST];
        digits[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { digits, length: text.len() })
    }
}

impl fmt::Debug for NumberEnding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "NumberEnding({} digits)", self.length)
    }
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// Which entry.
    pub entry_id: EntryId,
    /// Its epoch.
    pub epoch: Epoch,
    /// Its position.
    pub position: Position,
    /// Kind, as in JSON.
    pub kind: String,
    /// When, by the tablet's clock.
    pub recorded_at: WallTime,
    /// The coupon's municipality and last four digits; none for a cancellation.
    pub coupon: Option<(MunicipalityCode, String)>,
    /// The dose recorded; none where none was.
    pub dose: Option<DoseNumber>,
    /// How far it has come.
    pub state: UploadState,
    /// Whether a later entry corrects or cancels it: that one's kind.
    pub changed_by: Option<String>,
}

/// One step in an entry's history, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// The entry.
    pub entry: Entry,
    /// Its position.
    pub position: Position,
    /// How far it has come.
    pub state: UploadState,
    /// When the central received it, by the central's clock.
    pub received_at: Option<WallTime>,
}

pub(crate) fn state(text: &str, reason: Option<String>) -> Result<UploadState, StoreError> {
    match (text, reason) {
        ("pending", _) => Ok(UploadState::Pending),
        ("delivered", _) => Ok(UploadState::Delivered),
        ("needs_review", Some(reason)) => {
            Ok(UploadState::NeedsReview(reason.parse().map_err(|_| StoreError::Row)?))
        }
        ("settled", Some(code)) => Ok(UploadState::Settled(Settlement::of_code(&code))),
        _ => Err(StoreError::Row),
    }
}

fn entry_id(bytes: Vec<u8>) -> Result<EntryId, StoreError> {
    bytes.try_into().map(EntryId::from_bytes).map_err(|_| StoreError::Row)
}

fn list_row(row: &Row<'_>) -> Result<ListRow, StoreError> {
    let municipality: Option<String> = row.get("coupon_municipality")?;
    let number: Option<String> = row.get("coupon_number")?;
    let coupon = match (municipality, number) {
        (Some(code), Some(number)) => {
            let number: CouponNumber = number.parse().map_err(|_| StoreError::Row)?;
            Some((code.parse().map_err(|_| StoreError::Row)?, number.last_four().to_owned()))
        }
        _ => None,
    };
    let dose: Option<u8> = row.get("dose")?;
    Ok(ListRow {
        entry_id: entry_id(row.get("entry_id")?)?,
        epoch: Epoch::new(row.get("epoch")?).ok_or(StoreError::Row)?,
        position: Position::new(row.get("position")?).ok_or(StoreError::Row)?,
        kind: row.get("kind")?,
        recorded_at: WallTime::from_unix_ms(row.get("recorded_at")?),
        coupon,
        dose: dose.map(DoseNumber::try_from).transpose().map_err(|_| StoreError::Row)?,
        state: state(&row.get::<_, String>("state")?, row.get("reason")?)?,
        changed_by: row.get("changed_by")?,
    })
}

/// Which places, and what of each is shown. The places of a page are found before anything of their entries is read.
macro_rules! list_of {
    ($places:literal) => {
        concat!(
            "WITH places AS (",
            $places,
            ")
             SELECT entries.epoch, entries.position, entries.entry_id, entries.kind, entries.recorded_at,
                 entries.coupon_municipality, entries.coupon_number, entries.dose, places.state, places.reason,
                 (SELECT later.kind FROM entries AS later WHERE later.changes = entries.entry_id) AS changed_by
             FROM places JOIN entries USING (epoch, position)
             ORDER BY places.state = 'needs_review' DESC, epoch DESC, position DESC"
        )
    };
}

const LIST_OF_STATE: &str = list_of!(
    "SELECT epoch, position, state, reason FROM uploads WHERE state = ?1
     ORDER BY epoch DESC, position DESC LIMIT ?3 OFFSET ?2"
);
const LIST_OF_OTHERS: &str = list_of!(
    "SELECT epoch, position, state, reason FROM uploads WHERE state <> ?1
     ORDER BY epoch DESC, position DESC LIMIT ?3 OFFSET ?2"
);
/// The last four digits are what the index knows.
const LIST_OF_ENDING: &str = list_of!(
    "SELECT epoch, position, state, reason FROM uploads JOIN entries USING (epoch, position)
     WHERE substr(coupon_number, -4) = substr(?1, -4) AND substr(coupon_number, -length(?1)) = ?1
     ORDER BY state = 'needs_review' DESC, epoch DESC, position DESC LIMIT ?3 OFFSET ?2"
);
const NEEDS_REVIEW: &str = "needs_review";

impl Store {
    /// How many entries there are, and how many were recorded on the day written `2021-11-22`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn counts(&self, day: &str) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        let mut statement =
            self.connection.prepare_cached("SELECT state, count(*) FROM uploads GROUP BY state")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let count: u64 = row.get(1)?;
            counts.entries += count;
            match row.get::<_, String>(0)?.as_str() {
                "pending" => counts.pending = count,
                "delivered" | "settled" => counts.delivered += count,
                _ => counts.needs_review = count,
            }
        }
        counts.on_day = self
            .connection
            .prepare_cached("SELECT count(*) FROM entries WHERE recorded_on = ?1")?
            .query_row([day], |row| row.get(0))?;
        Ok(counts)
    }

    /// A page of the list: newest first, 要確認 before all others, `most` rows from `offset`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn list(&self, filter: ListFilter, offset: usize, most: usize) -> Result<Vec<ListRow>, StoreError> {
        match &filter {
            ListFilter::All => {
                let first: u64 = self
                    .connection
                    .prepare_cached("SELECT count(*) FROM uploads WHERE state = ?1")?
                    .query_row([NEEDS_REVIEW], |row| row.get(0))?;
                let mut list = self.page(LIST_OF_STATE, NEEDS_REVIEW, offset, most)?;
                let rest = offset.saturating_sub(usize::try_from(first).unwrap_or(usize::MAX));
                list.extend(self.page(LIST_OF_OTHERS, NEEDS_REVIEW, rest, most - list.len())?);
                Ok(list)
            }
            ListFilter::NeedsReview => self.page(LIST_OF_STATE, NEEDS_REVIEW, offset, most),
            ListFilter::Pending => self.page(LIST_OF_STATE, "pending", offset, most),
            ListFilter::Ending(ending) => self.page(LIST_OF_ENDING, ending.as_str(), offset, most),
        }
    }

    fn page(&self, sql: &str, wanted: &str, offset: usize, most: usize) -> Result<Vec<ListRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![wanted, offset as i64, most as i64])?;
        let mut list = Vec::new();
        while let Some(row) = rows.next()? {
            list.push(list_row(row)?);
        }
        Ok(list)
    }

    /// The entry and everything that changed it or that it changed, oldest first; empty if it is not here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn history(&self, entry_id: EntryId) -> Result<Vec<HistoryRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "WITH RECURSIVE
                 earlier (entry_id, changes) AS (
                     SELECT entry_id, changes FROM entries WHERE entry_id = ?1
                     UNION ALL
                     SELECT entries.entry_id, entries.changes FROM entries JOIN earlier ON entries.entry_id = earlier.changes),
                 later (entry_id) AS (
                     SELECT entry_id FROM entries WHERE changes = ?1
                     UNION ALL
                     SELECT entries.entry_id FROM entries JOIN later ON entries.changes = later.entry_id)
             SELECT entries.position, entries.bytes, uploads.state, uploads.reason, receipts.received_at
             FROM entries JOIN uploads USING (epoch, position) LEFT JOIN receipts USING (receipt_id)
             WHERE entries.entry_id IN (SELECT entry_id FROM earlier UNION SELECT entry_id FROM later)
             ORDER BY entries.epoch, entries.position",
        )?;
        let mut rows = statement.query([entry_id.to_bytes()])?;
        let mut history = Vec::new();
        while let Some(row) = rows.next()? {
            history.push(HistoryRow {
                entry: Entry::from_bytes(&row.get::<_, Vec<u8>>(1)?).map_err(|_| StoreError::Row)?,
                position: Position::new(row.get(0)?).ok_or(StoreError::Row)?,
                state: state(&row.get::<_, String>(2)?, row.get(3)?)?,
                received_at: row.get::<_, Option<i64>>(4)?.map(WallTime::from_unix_ms),
            });
        }
        Ok(history)
    }

    /// What this tablet holds of that coupon and still stands (not corrected away, not cancelled), and what it knows of
    /// other tablets' doses.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn earlier_doses(
        &self,
        municipality: MunicipalityCode,
        number: CouponNumber,
    ) -> Result<Vec<EarlierDose>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT bytes FROM entries
             WHERE coupon_municipality = ?1 AND coupon_number = ?2
                 AND NOT EXISTS (SELECT 1 FROM entries AS later WHERE later.changes = entries.entry_id)
             ORDER BY epoch, position",
        )?;
        let mut rows = statement.query(params![municipality.to_string(), number.to_string()])?;
        let mut doses = Vec::new();
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            let entry = Entry::from_bytes(&bytes).map_err(|_| StoreError::Row)?;
            doses.extend(EarlierDose::of(&entry));
        }
        doses.extend(self.doses_elsewhere(municipality, number)?);
        Ok(doses)
    }

    /// 接種数 by lot: the doses that stand on this tablet, corrected and cancelled ones left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn doses_by_lot(&self) -> Result<BTreeMap<LotNumber, u32>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT lot, count(*) FROM entries
             WHERE lot IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM entries AS later WHERE later.changes = entries.entry_id)
             GROUP BY lot",
        )?;
        let mut rows = statement.query([])?;
        let mut doses = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let lot: String = row.get(0)?;
            doses.insert(lot.parse().map_err(|_| StoreError::Row)?, row.get(1)?);
        }
        Ok(doses)
    }

    /// The entry with that id, if it is here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn entry(&self, entry_id: EntryId) -> Result<Option<Entry>, StoreError> {
        let bytes: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT bytes FROM entries WHERE entry_id = ?1")?
            .query_row([entry_id.to_bytes()], |row| row.get(0))
            .optional()?;
        bytes.map(|bytes| Entry::from_bytes(&bytes).map_err(|_| StoreError::Row)).transpose()
    }
}
