//! What the central published since the bundle was made, laid over the profile: recalls, extensions, lots received since,
//! rules.
//!
//! Must not: be written to the disk; what was published lies in the encrypted database, and the bundle's profile beside it
//! stays as its signer made it.

use record::supply::{ReceivedLot, VaccineSupply};
use store::Published;

use crate::profile::Profile;

/// The profile as it holds with that. Of two recalls of a lot the earlier counts, of two extensions the later.
#[must_use]
pub fn with(bundle: &Profile, published: &Published) -> Profile {
    let mut profile = bundle.clone();
    if let Some(rules) = &published.rules {
        profile.rules = rules.clone();
    }
    for supply in &published.received {
        receive(&mut profile.vaccines, supply);
    }
    for supply in &published.lots {
        let own = profile.vaccines.iter_mut().filter(|own| own.vaccine == supply.vaccine);
        for lot in own.flat_map(|own| &mut own.lots) {
            if let Some(told) = supply.lots.iter().find(|told| told.lot == lot.lot) {
                learn(lot, told);
            }
        }
    }
    profile.known_lots = published.lots.clone();
    profile.replaced = published.replaced;
    profile
}

/// Lots that the municipality passed on are lots that the site has received.
fn receive(vaccines: &mut Vec<VaccineSupply>, told: &VaccineSupply) {
    let Some(own) = vaccines.iter_mut().find(|own| own.vaccine == told.vaccine) else {
        vaccines.push(told.clone());
        return;
    };
    for lot in &told.lots {
        match own.lots.iter_mut().find(|own| own.lot == lot.lot) {
            Some(own) => {
                learn(own, lot);
                own.doses = lot.doses.or(own.doses);
            }
            None => own.lots.push(lot.clone()),
        }
    }
}

fn learn(own: &mut ReceivedLot, told: &ReceivedLot) {
    own.recalled_at = own.recalled_at.into_iter().chain(told.recalled_at).min();
    own.extended_to = own.extended_to.max(told.extended_to);
}
