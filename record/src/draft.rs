//! What staff see before they confirm: a settled number and the day's settings.
//!
//! Must not: be kept or sent; only an [`Entry`] is.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    coupon::{CouponKind, OcrLine},
    day::DaySettings,
    entry::{Entry, EntryContent, ScreenedOnly, VERSION, Vaccination},
    identity::{EntryId, StaffId},
    moment::Moment,
    municipality::MunicipalityCode,
    rules::CheckName,
    witness::Witnessing,
};

/// 下書き: one person's number, settled, with the day it will be recorded under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The coupon's number.
    pub coupon: OcrLine,
    /// How each of its digits was witnessed.
    pub witnessed: Witnessing,
    /// 本日の設定.
    pub day: DaySettings,
    /// Rules that found something, and that a person set aside.
    pub despite: BTreeSet<CheckName>,
}

/// What a 券種 digit means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CouponMeaning {
    /// 接種.
    Vaccination,
    /// 予診のみ.
    ScreenedOnly,
}

/// 券種の表: what each digit means; configuration, because the paper's own key is unpublished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CouponKindTable(BTreeMap<CouponKind, CouponMeaning>);

impl Default for CouponKindTable {
    /// 2 is vaccination, 1 is screening only; any other is held for a person.
    fn default() -> Self {
        let pairs = [("2", CouponMeaning::Vaccination), ("1", CouponMeaning::ScreenedOnly)];
        Self(pairs.into_iter().filter_map(|(digit, meaning)| Some((digit.parse().ok()?, meaning))).collect())
    }
}

impl CouponKindTable {
    /// What the digit means; none where the table does not say.
    #[must_use]
    pub fn meaning(&self, kind: CouponKind) -> Option<CouponMeaning> {
        self.0.get(&kind).copied()
    }
}

/// Who, when and under which number an entry is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// A fresh random id.
    pub entry_id: EntryId,
    /// The municipality that owns the tablet.
    pub municipality: MunicipalityCode,
    /// Who confirmed.
    pub staff_id: StaffId,
    /// What the clocks said.
    pub moment: Moment,
}

impl Stamp {
    /// The entry that says `content` under this stamp.
    #[must_use]
    pub fn entry(self, content: EntryContent) -> Entry {
        Entry {
            version: VERSION,
            entry_id: self.entry_id,
            municipality: self.municipality,
            staff_id: self.staff_id,
            recorded_at: self.moment.wall,
            monotonic_ms: self.moment.monotonic_ms,
            content,
        }
    }
}

impl Draft {
    /// What an entry of this draft says, by what its 券種 means.
    #[must_use]
    pub fn content(&self, meaning: CouponMeaning) -> EntryContent {
        match meaning {
            CouponMeaning::Vaccination => EntryContent::Vaccination(Vaccination {
                coupon: self.coupon,
                witnessed: self.witnessed,
                day: self.day.clone(),
                despite: self.despite.clone(),
            }),
            CouponMeaning::ScreenedOnly => EntryContent::ScreenedOnly(ScreenedOnly {
                coupon: self.coupon,
                witnessed: self.witnessed,
                screened_on: self.day.vaccinated_on,
                site: self.day.site.clone(),
                physician: self.day.physician.clone(),
                despite: self.despite.clone(),
            }),
        }
    }
}
