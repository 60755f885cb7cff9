//! 記録: one thing that happened, complete and never changed.
//!
//! Must not: number or hash itself; its place in the chain is `store`'s, its hash `seal`'s.

use std::{borrow::Cow, collections::BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    calendar::CalendarDate,
    closing::Closing,
    coupon::OcrLine,
    day::{DaySettings, PhysicianName, Site},
    identity::{EntryId, StaffId},
    moment::WallTime,
    municipality::MunicipalityCode,
    rules::CheckName,
    stock::StockAct,
    witness::Witnessing,
};

/// The version of the envelope this program writes.
pub const VERSION: u16 = 1;
/// The greatest length of an entry's bytes.
pub const MOST_BYTES: usize = 4096;

/// 記録: the envelope and what it holds. Its bytes, once made, are what is kept, hashed and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Version of the envelope, [`VERSION`].
    pub version: u16,
    /// 記録番号.
    pub entry_id: EntryId,
    /// The municipality that owns the tablet (not the one that issued the coupon).
    pub municipality: MunicipalityCode,
    /// Who recorded it.
    pub staff_id: StaffId,
    /// The tablet's wall clock then, right or wrong.
    pub recorded_at: WallTime,
    /// The tablet's monotonic clock then, in milliseconds: orders entries where the wall clock jumps.
    pub monotonic_ms: u64,
    /// What happened.
    #[serde(flatten)]
    pub content: EntryContent,
}

/// What an entry says. Further kinds come later: whoever does not know one keeps it for later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
pub enum EntryContent {
    /// 接種.
    Vaccination(Vaccination),
    /// 予診のみ: seen by the physician, not vaccinated.
    ScreenedOnly(ScreenedOnly),
    /// 訂正.
    Correction(Correction),
    /// 取消.
    Cancellation(Cancellation),
    /// 本日の締め.
    Closing(Closing),
    /// 在庫: vaccine was received, sent, counted or discarded.
    Stock(StockAct),
}

/// 接種: one dose given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vaccination {
    /// The coupon's number.
    pub coupon: OcrLine,
    /// How each of its digits was witnessed.
    pub witnessed: Witnessing,
    /// Date, site, physician, vaccine, lot and dose.
    pub day: DaySettings,
    /// Rules that found something, and that a person set aside: sorted, each once.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub despite: BTreeSet<CheckName>,
}

/// 予診のみ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenedOnly {
    /// The coupon's number.
    pub coupon: OcrLine,
    /// How each of its digits was witnessed.
    pub witnessed: Witnessing,
    /// The day.
    pub screened_on: CalendarDate,
    /// The site.
    pub site: Site,
    /// The physician who decided.
    pub physician: PhysicianName,
    /// Rules that found something, and that a person set aside.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub despite: BTreeSet<CheckName>,
}

/// 訂正: says what an earlier entry should have said. The earlier one stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The entry it replaces.
    pub replaces: EntryId,
    /// Why.
    pub reason: ChangeReason,
    /// What is right.
    pub corrected: Corrected,
}

/// What a correction puts in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
pub enum Corrected {
    /// 接種.
    Vaccination(Vaccination),
    /// 予診のみ.
    ScreenedOnly(ScreenedOnly),
}

/// 取消: the entry it names should not have been made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// The entry it takes back.
    pub cancels: EntryId,
    /// Why.
    pub reason: ChangeReason,
}

/// 訂正・取消の理由.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeReason {
    /// The number was read or typed wrongly.
    WrongNumber,
    /// The day's settings were wrong (date, site, physician, vaccine, lot or dose).
    WrongDaySettings,
    /// The same dose was recorded twice.
    RecordedTwice,
    /// The person was not vaccinated after all.
    NotVaccinated,
    /// Taken back at the scan, while its paper still lay there.
    TakenBackAtOnce,
}

impl ChangeReason {
    /// The reasons that a list offers, in its order.
    pub const ALL: [Self; 4] =
        [Self::WrongNumber, Self::WrongDaySettings, Self::RecordedTwice, Self::NotVaccinated];
}

/// Bytes are not an entry this program understands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Longer than [`MOST_BYTES`].
    #[error("entry of {0} bytes is too long")]
    TooLong(usize),
    /// Not the JSON of an envelope, or a value in it does not hold. Says nothing of the value.
    #[error("entry does not hold together")]
    Malformed,
    /// An envelope of a version that is not known here.
    #[error("entry version {0} is not known")]
    UnknownVersion(u16),
    /// A kind of entry that is not known here.
    #[error("kind of entry is not known")]
    UnknownKind,
}

/// An envelope of today, read once: what it holds is read after its kind is known, and nothing is copied in between.
#[derive(Deserialize)]
struct Envelope<'a> {
    version: u16,
    entry_id: EntryId,
    municipality: MunicipalityCode,
    staff_id: StaffId,
    recorded_at: WallTime,
    monotonic_ms: u64,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    content: &'a RawValue,
}

/// What must be readable of every envelope, also of kinds to come.
#[derive(Deserialize)]
struct EnvelopeHead {
    version: u16,
    kind: String,
}

const KNOWN_KINDS: [&str; 6] =
    ["vaccination", "screened_only", "correction", "cancellation", "closing", "stock"];

impl Entry {
    /// The bytes that are kept, hashed and sent: one line of JSON, no line break.
    ///
    /// # Panics
    /// Never: every field serialises.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("an entry has no map with keys that are not text")
    }

    /// Reads an entry's bytes.
    ///
    /// # Errors
    /// [`EntryError`]; an unknown version or kind is told apart from what is wrong, because it may only be new.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        if bytes.len() > MOST_BYTES {
            return Err(EntryError::TooLong(bytes.len()));
        }
        match serde_json::from_slice::<Envelope<'_>>(bytes) {
            Ok(envelope) if envelope.version == VERSION => envelope.open(),
            _ => Err(Self::not_of_today(bytes)),
        }
    }

    /// Why bytes are no envelope of today.
    fn not_of_today(bytes: &[u8]) -> EntryError {
        match serde_json::from_slice::<EnvelopeHead>(bytes) {
            Ok(head) if head.version != VERSION => EntryError::UnknownVersion(head.version),
            Ok(head) if !KNOWN_KINDS.contains(&head.kind.as_str()) => EntryError::UnknownKind,
            _ => EntryError::Malformed,
        }
    }
}

impl Envelope<'_> {
    fn open(self) -> Result<Entry, EntryError> {
        let content = match &*self.kind {
            "vaccination" => EntryContent::Vaccination(content(self.content)?),
            "screened_only" => EntryContent::ScreenedOnly(content(self.content)?),
            "correction" => EntryContent::Correction(content(self.content)?),
            "cancellation" => EntryContent::Cancellation(content(self.content)?),
            "closing" => EntryContent::Closing(content(self.content)?),
            "stock" => EntryContent::Stock(content(self.content)?),
            _ => return Err(EntryError::UnknownKind),
        };
        let Self { version, entry_id, municipality, staff_id, recorded_at, monotonic_ms, .. } = self;
        Ok(Entry { version, entry_id, municipality, staff_id, recorded_at, monotonic_ms, content })
    }
}

fn content<'a, T: Deserialize<'a>>(content: &'a RawValue) -> Result<T, EntryError> {
    serde_json::from_str(content.get()).map_err(|_| EntryError::Malformed)
}

impl EntryContent {
    /// The kind's name, as in JSON.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Vaccination(_) => KNOWN_KINDS[0],
            Self::ScreenedOnly(_) => KNOWN_KINDS[1],
            Self::Correction(_) => KNOWN_KINDS[2],
            Self::Cancellation(_) => KNOWN_KINDS[3],
            Self::Closing(_) => KNOWN_KINDS[4],
            Self::Stock(_) => KNOWN_KINDS[5],
        }
    }

    /// The coupon this entry speaks of by itself; a cancellation names only the entry, a closing speaks of a day, stock of a lot.
    #[must_use]
    pub fn coupon(&self) -> Option<OcrLine> {
        match self {
            Self::Vaccination(vaccination) => Some(vaccination.coupon),
            Self::ScreenedOnly(screened) => Some(screened.coupon),
            Self::Correction(Correction { corrected: Corrected::Vaccination(right), .. }) => {
                Some(right.coupon)
            }
            Self::Correction(Correction { corrected: Corrected::ScreenedOnly(right), .. }) => {
                Some(right.coupon)
            }
            Self::Cancellation(_) | Self::Closing(_) | Self::Stock(_) => None,
        }
    }

    /// The dose that counts after this entry, where it records one.
    #[must_use]
    pub fn vaccination(&self) -> Option<&Vaccination> {
        match self {
            Self::Vaccination(vaccination)
            | Self::Correction(Correction { corrected: Corrected::Vaccination(vaccination), .. }) => {
                Some(vaccination)
            }
            _ => None,
        }
    }

    /// The earlier entry that this one replaces or takes back.
    #[must_use]
    pub fn changes(&self) -> Option<EntryId> {
        match self {
            Self::Correction(correction) => Some(correction.replaces),
            Self::Cancellation(cancellation) => Some(cancellation.cancels),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        closing::{HeldDay, LotUse},
        stock::{Deed, Storage},
    };

    pub(crate) fn sample(content: EntryContent) -> Entry {
        Entry {
            version: VERSION,
            entry_id: EntryId::from_bytes([7; 16]),
            municipality: "131130".parse().unwrap(),
            staff_id: "staff-01".parse().unwrap(),
            recorded_at: WallTime::from_unix_ms(1_637_545_200_123),
            monotonic_ms: 86_400_000,
            content,
        }
    }

    fn vaccination() -> Vaccination {
        Vaccination {
            coupon: "231310160000123456".parse().unwrap(),
            witnessed: "8EQ,10NQ".parse().unwrap(),
            day: serde_json::from_value(serde_json::json!({
                "vaccinated_on": "2021-11-22",
                "site": {"facility_code": "1311399999", "name": "見本市民体育館"},
                "physician": "見本 太郎",
                "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
                "lot": "FF3620",
                "dose": "3",
            }))
            .unwrap(),
            despite: BTreeSet::new(),
        }
    }

    fn closing() -> Closing {
        let lot = LotUse {
            lot: "FF3620".parse().unwrap(),
            vials: 2,
            doses_per_vial: 6,
            discarded: 1,
            recorded: 11,
        };
        let held = HeldDay { vaccinations: 11, screened_only: 1, delivered: 12 };
        Closing::new("2021-11-22".parse().unwrap(), vaccination().day.site, 12, vec![lot], held).unwrap()
    }

    fn stock() -> StockAct {
        let day = vaccination().day;
        StockAct {
            site: day.site,
            done_on: day.vaccinated_on,
            vaccine: day.vaccine,
            lot: day.lot,
            storage: Storage::Thawed,
            vials: 5,
            doses: 25,
            deed: Deed::Received { slip: Some("0000005724".parse().unwrap()) },
        }
    }

    #[test]
    fn each_kind_keeps_its_bytes() {
        let replaced = EntryId::from_bytes([9; 16]);
        let screened = ScreenedOnly {
            coupon: "131310160000123456".parse().unwrap(),
            witnessed: "18P".parse().unwrap(),
            screened_on: "2021-11-22".parse().unwrap(),
            site: vaccination().day.site,
            physician: vaccination().day.physician,
            despite: BTreeSet::new(),
        };
        for content in [
            EntryContent::Vaccination(vaccination()),
            EntryContent::ScreenedOnly(screened),
            EntryContent::Correction(Correction {
                replaces: replaced,
                reason: ChangeReason::WrongNumber,
                corrected: Corrected::Vaccination(vaccination()),
            }),
            EntryContent::Cancellation(Cancellation {
                cancels: replaced,
                reason: ChangeReason::NotVaccinated,
            }),
            EntryContent::Closing(closing()),
            EntryContent::Stock(stock()),
        ] {
            let name = content.kind_name();
            let entry = sample(content);
            let bytes = entry.to_bytes();
            assert!(!bytes.contains(&b'\n'));
            assert_eq!(Entry::from_bytes(&bytes).unwrap(), entry);
            insta::assert_snapshot!(format!("entry_{name}"), String::from_utf8(bytes).unwrap());
        }
    }

    #[test]
    fn what_a_person_set_aside_is_kept_and_nothing_stands_where_there_was_nothing() {
        let despite = BTreeSet::from([CheckName::TooSoon, CheckName::LotExpired]);
        let entry = sample(EntryContent::Vaccination(Vaccination { despite, ..vaccination() }));
        let text = String::from_utf8(entry.to_bytes()).unwrap();
        assert!(text.contains(r#""despite":["too_soon","lot_expired"]"#), "{text}");
        assert_eq!(Entry::from_bytes(text.as_bytes()).unwrap(), entry);
        let plain = sample(EntryContent::Vaccination(vaccination())).to_bytes();
        assert!(!String::from_utf8(plain).unwrap().contains("despite"));
    }

    #[test]
    fn what_is_only_new_is_told_apart_from_what_is_wrong() {
        let bytes = sample(EntryContent::Vaccination(vaccination())).to_bytes();
        let text = String::from_utf8(bytes).unwrap();
        let kind = text.replace("\"kind\":\"vaccination\"", "\"kind\":\"stock_move\"");
        assert_eq!(Entry::from_bytes(kind.as_bytes()), Err(EntryError::UnknownKind));
        let version = text.replace("\"version\":1", "\"version\":2");
        assert_eq!(Entry::from_bytes(version.as_bytes()), Err(EntryError::UnknownVersion(2)));
        let unsettled = text.replace("8EQ,10NQ", "8EQ,10Q");
        assert_eq!(Entry::from_bytes(unsettled.as_bytes()), Err(EntryError::Malformed));
        assert_eq!(Entry::from_bytes(&vec![b' '; 5000]), Err(EntryError::TooLong(5000)));
    }

    #[test]
    fn an_entry_shows_no_person_in_debug() {
        let shown = format!("{:?}", sample(EntryContent::Vaccination(vaccination())));
        for personal in ["0000123456", "見本", "太郎"] {
            assert!(!shown.contains(personal), "{shown}");
        }
    }
}
