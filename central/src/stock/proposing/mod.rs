//! 提案 from what is kept: everything of one product at one moment becomes a question of `vsys::proposal`, and its answer comes
//! back with what had to be left out of it.
//!
//! ```text
//! StockMoment + transfers under way + when it was thawed ─► sites ─► Question ─► vsys::propose ─► Weighed
//! ```
//!
//! Must not: keep or move anything; guess until when a lot is good.

mod lots;
mod sites;
mod thawed;

use std::collections::{BTreeMap, BTreeSet};

use record::{
    CalendarDate, MunicipalityCode, WallTime,
    day::{FacilityCode, Product},
};
use vsys::{
    TransferId,
    proposal::{Answer, Preference, Question, QuestionError, Reach, Travel, propose},
};

pub use sites::{LeftOut, Missing};

use crate::{
    stock::folded::KeptTransfer,
    storage::{KeptFacility, Storage, StorageError, Which, Whose},
};

/// Transfers under way of one municipality that are looked at.
const MOST_TRANSFERS: u32 = 10_000;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Whose facilities give and receive.
    pub whose: Whose,
    /// Of which product.
    pub product: Product,
    /// The longest way, in kilometres.
    pub most_km: u32,
    /// What is better where as much can be helped either way.
    pub wish: Wish,
}

/// 優先すること.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wish {
    /// Short ways, as [`Preference::USUAL`] weighs them.
    #[default]
    Near,
    /// What spoils first is used first, even where the way is longer.
    SpoilsFirst,
    /// Not to cross into another municipality, even where the way is longer.
    FewBorders,
    /// Nothing crosses into another municipality.
    NoBorders,
}

impl Wish {
    /// All of them, the usual one first.
    pub const ALL: [Self; 4] = [Self::Near, Self::SpoilsFirst, Self::FewBorders, Self::NoBorders];

    /// As an address writes it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Near => "near",
            Self::SpoilsFirst => "spoils_first",
            Self::FewBorders => "few_borders",
            Self::NoBorders => "no_borders",
        }
    }

    /// From an address; the usual one where it names none.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|wish| wish.code() == code).unwrap_or_default()
    }

    fn preference(self) -> Preference {
        match self {
            Self::Near | Self::NoBorders => Preference::USUAL,
            Self::SpoilsFirst => Preference { day_of_shelf_life_km: 5, ..Preference::USUAL },
            Self::FewBorders => Preference { municipality_km: 60, ..Preference::USUAL },
        }
    }
}

/// The answer, and what it rests on.
#[derive(Debug)]
pub struct Weighed {
    /// What was asked of the rules.
    pub question: Question,
    /// What they answer.
    pub answer: Answer,
    /// Every facility that was looked at, also those that could take no part.
    pub facilities: BTreeMap<FacilityCode, KeptFacility>,
    /// What was left out, and why.
    pub left_out: Vec<LeftOut>,
    /// Transfers that are planned, approved or on their way: what they move counts as moved.
    pub under_way: usize,
    /// The day on which it is asked, in Japan.
    pub today: CalendarDate,
}

/// Nothing can be proposed.
#[derive(Debug, thiserror::Error)]
pub enum WeighError {
    /// No rule was published for the product: how it is packed and who may pass it on is not known.
    #[error("no rule is published for the product")]
    NoRule,
    /// The question cannot be answered.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// It cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Reads, asks and answers; the answer is worked out on a thread of its own, so that other requests go on.
///
/// # Errors
/// [`WeighError`].
pub async fn weigh(storage: &dyn Storage, asked: Asked, now: WallTime) -> Result<Weighed, WeighError> {
    let today = CalendarDate::in_japan(now).map_err(|_| QuestionError::OutsideCalendar)?;
    let rules = storage.product_rules().await?;
    let rule = rules.into_iter().find(|rule| rule.product == asked.product).ok_or(WeighError::NoRule)?;
    let moment = storage.stock_moment(asked.whose, asked.product.clone(), today).await?;
    let owners: BTreeSet<MunicipalityCode> =
        moment.facilities.iter().map(|kept| kept.facility.municipality).collect();
    let transfers = under_way(storage, owners, &asked.product).await?;
    let travel = Travel {
        reach: if asked.wish == Wish::NoBorders { Reach::Municipality } else { Reach::Prefecture },
        most_km: asked.most_km,
        ..Travel::USUAL
    };
    let thawed = thawed::limits(storage, &moment, travel.thawed_life_ms).await?;
    let facilities = moment.facilities.iter().map(|kept| (kept.facility.code, kept.clone())).collect();
    let work = move || {
        let at = sites::At { product: &rule.product, now, today };
        let (sites, left_out) = sites::sites(&at, &moment, &transfers, &thawed);
        let preference = asked.wish.preference();
        let question = Question { now, rule, travel, preference, sites };
        let answer = propose(&question)?;
        Ok::<_, QuestionError>((question, answer, left_out, transfers.len()))
    };
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| StorageError::Stopped)?;
    let (question, answer, left_out, under_way) = done?;
    Ok(Weighed { question, answer, facilities, left_out, under_way, today })
}

/// Transfers of the product that these municipalities plan, approved or sent, each once.
async fn under_way(
    storage: &dyn Storage,
    owners: BTreeSet<MunicipalityCode>,
    product: &Product,
) -> Result<Vec<KeptTransfer>, StorageError> {
    let mut found: BTreeMap<TransferId, KeptTransfer> = BTreeMap::new();
    for owner in owners {
        for kept in storage.transfers(owner, Which::Open, None, MOST_TRANSFERS).await? {
            if kept.transfer.plan.product == *product && sites::counts(&kept) {
                found.insert(kept.transfer.plan.id, kept);
            }
        }
    }
    Ok(found.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_read_from_its_code_and_nothing_unknown_changes_the_usual() {
        for wish in Wish::ALL {
            assert_eq!(Wish::of_code(wish.code()), wish);
        }
        assert_eq!(Wish::of_code("colour"), Wish::Near);
        assert_eq!(Wish::ALL[0].preference(), Preference::USUAL);
    }
}
