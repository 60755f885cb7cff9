//! A dose that stands, as a row of a table.
//!
//! Must not: say more of it than the municipality that issued the coupon may see.

use super::phrases;
use crate::{console::language::Language, lookups::AnsweredDose, storage::StandingDose};

/// A row.
pub(super) struct DoseRow {
    pub(super) dose: String,
    pub(super) vaccinated_on: String,
    pub(super) manufacturer: String,
    pub(super) product: String,
    pub(super) lot: String,
    /// Empty where another municipality answered.
    pub(super) site: String,
}

/// Of a dose of one's own coupons.
pub(super) fn own_dose(language: Language, dose: &StandingDose) -> DoseRow {
    let day = &dose.vaccination.day;
    DoseRow {
        dose: phrases::dose(language, day.dose),
        vaccinated_on: day.vaccinated_on.to_string().replace('-', "/"),
        manufacturer: day.vaccine.manufacturer.to_string(),
        product: day.vaccine.product.to_string(),
        lot: day.lot.to_string(),
        site: day.site.name.to_string(),
    }
}

/// Of a dose that another municipality told.
pub(super) fn answered_dose(language: Language, dose: &AnsweredDose) -> DoseRow {
    DoseRow {
        dose: phrases::dose(language, dose.dose),
        vaccinated_on: dose.vaccinated_on.to_string().replace('-', "/"),
        manufacturer: dose.manufacturer.clone(),
        product: dose.product.clone(),
        lot: dose.lot.clone(),
        site: String::new(),
    }
}
