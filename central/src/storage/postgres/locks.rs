//! Who waits for whom: two batches that could contradict each other are judged one after the other, whichever process
//! they came to. On one machine each dose that a batch tells of is locked by itself; where the tables are distributed
//! the rows of whole municipalities are, because those locks lie with the data.
//!
//! Must not: lock in any order but the one of the keys: nobody waits for each other in a circle.

use std::collections::BTreeSet;

use super::{
    call::{Call, values},
    columns::Layout,
    rows,
};
use crate::intake::{Lookups, ReadBatch};

/// Held together by all who keep, and alone by whoever derives the register.
const KEEPING: &str = "vrs keeping";

/// Holds what these batches bear on, until the transaction ends: the municipalities whose tablets sent them – their
/// ids and their chains – and every dose they tell of.
pub(super) fn hold(layout: Layout, batches: &[&ReadBatch]) -> Vec<Call<'static>> {
    match layout {
        Layout::Single => vec![
            Call::new("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", values![KEEPING]),
            // A subquery that sorts is never flattened, so the locks are taken in the order of their keys.
            Call::new(
                "SELECT count(pg_advisory_xact_lock(key)) FROM (
                     SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) AS name
                     ORDER BY key) AS sorted",
                values![names(batches)],
            ),
        ],
        Layout::Distributed => municipalities(batches)
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

fn names(batches: &[&ReadBatch]) -> Vec<String> {
    let mut names = BTreeSet::new();
    for batch in batches {
        names.insert(rows::code(batch.tablet_id.municipality()));
        for (coupon, dose) in Lookups::of(batch).doses {
            names.insert(format!("{}/{}/{}", coupon.municipality, coupon.number, dose.number()));
        }
    }
    names.into_iter().collect()
}

fn municipalities(batches: &[&ReadBatch]) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for batch in batches {
        codes.insert(rows::code(batch.tablet_id.municipality()));
        codes.extend(Lookups::of(batch).doses.iter().map(|(coupon, _)| rows::code(coupon.municipality)));
    }
    codes
}
