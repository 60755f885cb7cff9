//! 製品ごとの規則: how a product is packed, and who may pass it on to whom. A table, never a pair of kinds in the code.
//!
//! Must not: know a product by its name.

use std::collections::BTreeSet;

use record::day::Product;
use serde::{Deserialize, Serialize};

use crate::{amount::Amount, facility::FacilityKind};

/// The smallest thing that is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A dose, in a drawn syringe or an opened vial.
    Dose,
    /// バイアル.
    Vial,
    /// トレイ.
    Tray,
    /// 箱.
    Box,
}

/// 包装. Source of the usual one: 195 vials a box, 6 doses a vial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packaging {
    /// Doses that a vial is expected to give, 1 to 99.
    pub doses_per_vial: u8,
    /// Vials of a tray, at least 1.
    pub vials_per_tray: u32,
    /// Vials of a box, a multiple of a tray's.
    pub vials_per_box: u32,
}

impl Packaging {
    /// Doses of one such unit.
    #[must_use]
    pub fn doses_of(self, unit: Unit) -> u64 {
        let vial = u64::from(self.doses_per_vial);
        match unit {
            Unit::Dose => 1,
            Unit::Vial => vial,
            Unit::Tray => vial * u64::from(self.vials_per_tray),
            Unit::Box => vial * u64::from(self.vials_per_box),
        }
    }
    /// Vials of one such unit; none of a dose, which may leave without its vial.
    #[must_use]
    pub fn vials_of(self, unit: Unit) -> u64 {
        match unit {
            Unit::Dose => 0,
            Unit::Vial => 1,
            Unit::Tray => u64::from(self.vials_per_tray),
            Unit::Box => u64::from(self.vials_per_box),
        }
    }
    /// Whether an amount is a whole number of such units, its doses those that its vials are expected to give.
    #[must_use]
    pub fn is_whole(self, amount: Amount, unit: Unit) -> bool {
        if amount.is_none() || !amount.is_within_bounds() {
            return false;
        }
        let vials = match self.vials_of(unit) {
            0 => return amount.doses > 0,
            vials => vials,
        };
        amount == Amount::of_vials(amount.vials, u64::from(self.doses_per_vial))
            && amount.vials.is_multiple_of(vials)
    }
}

/// 分配・再融通の規則 of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRule {
    /// Which.
    pub product: Product,
    /// How it is packed.
    pub packaging: Packaging,
    /// From which kind to which it may be passed on.
    pub may_pass: BTreeSet<(FacilityKind, FacilityKind)>,
    /// 再融通: whether what came by a transfer may be passed on again.
    pub may_pass_again: bool,
    /// The smallest that is moved.
    pub least: Unit,
}

/// Something may not be passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassError {
    /// Not between these kinds.
    #[error("the product's rule does not allow {from:?} to pass on to {to:?}")]
    NotBetween {
        /// The sender's.
        from: FacilityKind,
        /// The receiver's.
        to: FacilityKind,
    },
    /// It came by a transfer.
    #[error("the product's rule does not allow what was received to be passed on again")]
    NotAgain,
    /// Not a whole number of the smallest unit.
    #[error("not a whole number of {0:?}")]
    NotWhole(Unit),
    /// From a facility to itself.
    #[error("from a facility to itself")]
    ToItself,
}

impl ProductRule {
    /// Any kind to any kind, by whole vials, again and again: the default where nothing was published.
    #[must_use]
    pub fn open(product: Product, packaging: Packaging) -> Self {
        let pairs = FacilityKind::ALL.into_iter().flat_map(|from| FacilityKind::ALL.map(|to| (from, to)));
        Self { product, packaging, may_pass: pairs.collect(), may_pass_again: true, least: Unit::Vial }
    }

    /// Whether so much may be passed on between these kinds; `was_received` says that it came by a transfer.
    ///
    /// # Errors
    /// [`PassError`].
    pub fn may_pass_on(
        &self,
        from: FacilityKind,
        to: FacilityKind,
        amount: Amount,
        was_received: bool,
    ) -> Result<(), PassError> {
        if !self.may_pass.contains(&(from, to)) {
            return Err(PassError::NotBetween { from, to });
        }
        if was_received && !self.may_pass_again {
            return Err(PassError::NotAgain);
        }
        if self.packaging.is_whole(amount, self.least) {
            Ok(())
        } else {
            Err(PassError::NotWhole(self.least))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) const USUAL: Packaging =
        Packaging { doses_per_vial: 5, vials_per_tray: 195, vials_per_box: 195 };

    #[test]
    fn who_may_pass_on_is_the_table_s_to_say() {
        let open = ProductRule::open("見本一号".parse().unwrap(), USUAL);
        let five = Amount::of_vials(5, 5);
        assert_eq!(open.may_pass_on(FacilityKind::Core, FacilityKind::Core, five, true), Ok(()));
        let mut strict = open.clone();
        strict.may_pass = BTreeSet::from([(FacilityKind::Core, FacilityKind::Satellite)]);
        strict.may_pass_again = false;
        let refused = PassError::NotBetween { from: FacilityKind::Core, to: FacilityKind::Core };
        assert_eq!(strict.may_pass_on(FacilityKind::Core, FacilityKind::Core, five, false), Err(refused));
        let again = strict.may_pass_on(FacilityKind::Core, FacilityKind::Satellite, five, true);
        assert_eq!(again, Err(PassError::NotAgain));
    }

    #[test]
    fn what_is_moved_is_whole() {
        assert_eq!(USUAL.doses_of(Unit::Box), 975);
        assert!(USUAL.is_whole(Amount::of_vials(5, 5), Unit::Vial));
        assert!(!USUAL.is_whole(Amount { vials: 5, doses: 24 }, Unit::Vial), "a dose is missing");
        assert!(!USUAL.is_whole(Amount::of_vials(194, 5), Unit::Box));
        assert!(USUAL.is_whole(Amount::of_vials(390, 5), Unit::Box));
        assert!(USUAL.is_whole(Amount::of_doses(3), Unit::Dose));
        assert!(!USUAL.is_whole(Amount::default(), Unit::Dose), "nothing is moved");
    }
}
