//! Who waits for whom: two batches that could contradict each other are judged one after the other, whichever process
//! they came to. On one machine each dose that a batch tells of is locked by itself; where the tables are distributed
//! the rows of whole municipalities are, because those locks lie with the data.
//!
//! Must not: lock in any order but the one of the keys: nobody waits for each other in a circle.

use std::collections::BTreeSet;

use record::MunicipalityCode;

use super::{
    call::{Call, values},
    columns::Layout,
    rows,
};
use crate::intake::DoseKey;

/// Held together by all who keep, and alone by whoever derives the register.
const KEEPING: &str = "vrs keeping";

/// Holds what batches bear on, until the transaction ends: the municipalities whose tablets sent them – their ids and
/// their chains – and every dose they tell of. Or what a decision bears on: its dose, and the municipalities whose tablets
/// could change the entries it weighs.
pub(super) fn hold(
    layout: Layout,
    owners: &BTreeSet<MunicipalityCode>,
    doses: &BTreeSet<DoseKey>,
) -> Vec<Call<'static>> {
    match layout {
        Layout::Single => vec![
            Call::new("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", values![KEEPING]),
            // A subquery that sorts is never flattened, so the locks are taken in the order of their keys.
            Call::new(
                "SELECT count(pg_advisory_xact_lock(key)) FROM (
                     SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) AS name
                     ORDER BY key) AS sorted",
                values![names(owners, doses)],
            ),
        ],
        Layout::Distributed => municipalities(owners, doses)
            .into_iter()
            .map(|code| {
                Call::new(
                    "SELECT 1 FROM municipalities WHERE municipality = $1 FOR NO KEY UPDATE",
                    values![code],
                )
            })
            .collect(),
    }
}

/// Lets nobody keep anything until the transaction ends.
pub(super) fn hold_all(layout: Layout) -> Call<'static> {
    match layout {
        Layout::Single => {
            Call::new("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", values![KEEPING])
        }
        Layout::Distributed => {
            Call::new("SELECT 1 FROM municipalities ORDER BY municipality FOR UPDATE", values![])
        }
    }
}

fn names(owners: &BTreeSet<MunicipalityCode>, doses: &BTreeSet<DoseKey>) -> Vec<String> {
    let of_dose =
        |(coupon, dose): &DoseKey| format!("{}/{}/{}", coupon.municipality, coupon.number, dose.number());
    owners.iter().map(|owner| rows::code(*owner)).chain(doses.iter().map(of_dose)).collect()
}

fn municipalities(owners: &BTreeSet<MunicipalityCode>, doses: &BTreeSet<DoseKey>) -> BTreeSet<String> {
    let issuers = doses.iter().map(|(coupon, _)| coupon.municipality);
    owners.iter().copied().chain(issuers).map(rows::code).collect()
}
