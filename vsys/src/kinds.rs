//! 型の履歴: of which kind a facility is, for a product and an instant. Changes are only added, and none reaches back before
//! it was made, so that whatever was moved before is read as it was then.
//!
//! Must not: ask whether there is stock: a kind can be changed with stock on hand and without.

use record::{WallTime, day::Product};
use serde::{Deserialize, Serialize};

use crate::facility::{FacilityKind, OfficerName, Reason};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindChange {
    /// Of this product alone.
    pub product: Product,
    /// What it is from then on.
    pub kind: FacilityKind,
    /// From this instant on.
    pub effective_from: WallTime,
    /// When it was decided.
    pub decided_at: WallTime,
    /// Who decided.
    pub by: OfficerName,
    /// Why.
    pub reason: Reason,
}

/// All changes of one facility, in the order in which they were decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KindHistory(Vec<KindChange>);

/// A change cannot be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KindError {
    /// It would be effective before it was decided.
    #[error("a change cannot be effective before it is decided")]
    BeforeItsDecision,
    /// It was decided before another that is there.
    #[error("a change was decided later")]
    OutOfOrder,
}

impl KindHistory {
    /// The changes, in the order in which they were decided.
    #[must_use]
    pub fn changes(&self) -> &[KindChange] {
        &self.0
    }

    /// Adds a change. Later decisions for the same time go before earlier ones.
    ///
    /// # Errors
    /// [`KindError`]; nothing is added.
    pub fn add(&mut self, change: KindChange) -> Result<(), KindError> {
        if change.effective_from < change.decided_at {
            return Err(KindError::BeforeItsDecision);
        }
        if self.0.last().is_some_and(|last| last.decided_at > change.decided_at) {
            return Err(KindError::OutOfOrder);
        }
        self.0.push(change);
        Ok(())
    }

    /// The kind for that product at that instant; none before the first.
    #[must_use]
    pub fn kind_at(&self, product: &Product, at: WallTime) -> Option<FacilityKind> {
        let holding = |change: &&KindChange| change.product == *product && change.effective_from <= at;
        // Of changes for the same instant the last that was decided.
        self.0.iter().filter(holding).max_by_key(|change| change.effective_from).map(|change| change.kind)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn change(product: &str, kind: FacilityKind, decided_at: i64, effective_from: i64) -> KindChange {
        KindChange {
            product: product.parse().unwrap(),
            kind,
            effective_from: WallTime::from_unix_ms(effective_from),
            decided_at: WallTime::from_unix_ms(decided_at),
            by: "officer-1".parse().unwrap(),
            reason: "供給の見込みが変わったため".parse().unwrap(),
        }
    }

    #[test]
    fn a_kind_holds_for_its_product_from_its_instant_on() {
        let mut history = KindHistory::default();
        history.add(change("見本一号", FacilityKind::Core, 1, 10)).unwrap();
        history.add(change("見本一号", FacilityKind::Linked, 12, 20)).unwrap();
        let at = |product: &str, at| history.kind_at(&product.parse().unwrap(), WallTime::from_unix_ms(at));
        assert_eq!(
            [9, 10, 19, 20].map(|instant| at("見本一号", instant)),
            [None, Some(FacilityKind::Core), Some(FacilityKind::Core), Some(FacilityKind::Linked)]
        );
        assert_eq!(at("見本二号", 20), None);
        let mut history = history.clone();
        let late = history.add(change("見本一号", FacilityKind::Core, 30, 29));
        assert_eq!(late, Err(KindError::BeforeItsDecision));
        let earlier = history.add(change("見本一号", FacilityKind::Core, 11, 40));
        assert_eq!(earlier, Err(KindError::OutOfOrder));
    }

    proptest! {
        #[test]
        fn whatever_is_decided_later_what_was_before_reads_as_it_did(
            steps in prop::collection::vec((0_usize..3, 0_i64..20, 0_i64..30), 1..12),
        ) {
            let (mut history, mut now) = (KindHistory::default(), 0);
            for (kind, pause, ahead) in steps {
                now += pause;
                let product = "見本一号".parse().unwrap();
                let read = |history: &KindHistory| -> Vec<_> {
                    (-1..now).map(|at| history.kind_at(&product, WallTime::from_unix_ms(at))).collect()
                };
                let before = read(&history);
                history.add(change("見本一号", FacilityKind::ALL[kind], now, now + ahead)).unwrap();
                prop_assert_eq!(read(&history), before);
            }
        }
    }
}
