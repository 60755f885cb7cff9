//! What the pages and the work behind them share: the office, the folder, what goes on, and how files are read and written.
//!
//! Must not: hold anything of one municipality.

use std::sync::Arc;

use record::MunicipalityCode;
use seal::random::SystemRandom;

use super::{counting::Counts, jobs::Jobs, office::CentralOffice, spool::Spool};
use crate::{
    people::{
        outgoing_profile::OutgoingProfile,
        profile::Profile,
        sealing::{MunicipalKeys, SealingError},
    },
    state::Central,
};

/// All of it.
#[derive(Debug)]
pub struct MediaRoom {
    /// The central as an office.
    pub office: Arc<CentralOffice>,
    /// The folder.
    pub spool: Spool,
    /// What goes on.
    pub jobs: Jobs,
    /// Open data that were counted.
    pub counts: Counts,
    /// How files of people are read.
    pub people: Arc<Profile>,
    /// How files that go out are written.
    pub outgoing: OutgoingProfile,
}

/// The keys of that municipality's people.
///
/// # Errors
/// [`SealingError`].
pub async fn keys(central: &Central, municipality: MunicipalityCode) -> Result<MunicipalKeys, SealingError> {
    let (now, mut random) = (central.clock.now(), SystemRandom::default());
    MunicipalKeys::of(&*central.storage, &central.keeping_key, municipality, now, &mut random).await
}
