//! Every person of a municipality with the doses that stand of all their coupons, then the doses of coupons that are
//! nobody's: page by page, at one moment.
//!
//! Must not: hold more than a page; leave a dose out because nobody is registered for it.

use std::{collections::HashMap, ops::ControlFlow};

use record::CouponNumber;

use super::{
    person::Person,
    sealing::{MunicipalKeys, SealingError},
};
use crate::storage::{PeopleMoment, StandingDose, Storage, Version};

/// People or coupons of one page.
const AT_ONCE: u32 = 2_000;

/// A person, or nobody, and doses.
pub struct Walked {
    /// Who; none where nobody is registered for the coupon.
    pub person: Option<Person>,
    /// The doses that stand, by dose number, then by the day they were given.
    pub doses: Vec<StandingDose>,
}

/// Walking ended early.
#[derive(Debug, thiserror::Error)]
pub enum WalkError<E> {
    /// Rows cannot be read.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// Whoever takes them cannot go on.
    #[error(transparent)]
    Taker(E),
    /// Somebody stopped it.
    #[error("stopped")]
    Stopped,
}

/// Hands everything to `take`, and the count so far to `progress`, which may stop it.
///
/// # Errors
/// [`WalkError`].
pub async fn walk<E: Send>(
    storage: &dyn Storage,
    keys: &MunicipalKeys,
    take: &mut (dyn FnMut(Walked) -> Result<(), E> + Send),
    progress: &mut (dyn FnMut(u64) -> ControlFlow<()> + Send),
) -> Result<u64, WalkError<E>> {
    let mut moment = storage.people_moment(keys.municipality()).await.map_err(SealingError::from)?;
    let mut walked = 0;
    let mut give = |page: Vec<Walked>| -> Result<(), WalkError<E>> {
        for one in page {
            walked += 1;
            take(one).map_err(WalkError::Taker)?;
        }
        if progress(walked).is_break() { Err(WalkError::Stopped) } else { Ok(()) }
    };
    let mut after = (0, 0);
    loop {
        let page = moment.people(after, AT_ONCE).await.map_err(SealingError::from)?;
        let Some(last) = page.last() else { break };
        after = (last.import, last.row.row);
        give(with_doses(&mut *moment, keys, page).await?)?;
    }
    let mut after = None;
    loop {
        let page = moment.coupons(after, AT_ONCE).await.map_err(SealingError::from)?;
        let Some(last) = page.last() else { break };
        after = Some(*last);
        give(nobodys(&mut *moment, keys, page).await?)?;
    }
    Ok(walked)
}

/// The doses that stand of one person, of all the coupons they ever had, by dose number.
///
/// # Errors
/// [`SealingError`].
pub async fn of_person(
    storage: &dyn Storage,
    keys: &MunicipalKeys,
    version: Version,
) -> Result<Vec<StandingDose>, SealingError> {
    let mut moment = storage.people_moment(keys.municipality()).await?;
    let walked = with_doses(&mut *moment, keys, vec![version]).await?;
    Ok(walked.into_iter().flat_map(|one| one.doses).collect())
}

async fn with_doses(
    moment: &mut dyn PeopleMoment,
    keys: &MunicipalKeys,
    page: Vec<Version>,
) -> Result<Vec<Walked>, SealingError> {
    let mut whose: HashMap<CouponNumber, usize> = HashMap::new();
    let mut walked = Vec::with_capacity(page.len());
    // Earlier versions of a person may have had other coupons.
    let mut earlier: Vec<((u32, u64), usize)> = Vec::new();
    for version in &page {
        let person = keys.open(version)?;
        let place = walked.len();
        whose.insert(person.coupon, place);
        earlier.extend(version.replaces.map(|replaced| (replaced, place)));
        walked.push(Walked { person: Some(person), doses: Vec::new() });
    }
    while !earlier.is_empty() {
        let places: HashMap<(u32, u64), usize> = earlier.drain(..).collect();
        for version in moment.versions(places.keys().copied().collect()).await? {
            let Some(place) = places.get(&(version.import, version.row.row)) else { continue };
            whose.insert(keys.open(&version)?.coupon, *place);
            earlier.extend(version.replaces.map(|replaced| (replaced, *place)));
        }
    }
    let mut coupons: Vec<CouponNumber> = whose.keys().copied().collect();
    coupons.sort_unstable();
    for dose in moment.standing(coupons).await? {
        if let Some(place) = whose.get(&dose.vaccination.coupon.number()) {
            walked[*place].doses.push(dose);
        }
    }
    walked.iter_mut().for_each(|one| in_order(&mut one.doses));
    Ok(walked)
}

async fn nobodys(
    moment: &mut dyn PeopleMoment,
    keys: &MunicipalKeys,
    page: Vec<CouponNumber>,
) -> Result<Vec<Walked>, SealingError> {
    let marks = page.iter().map(|number| keys.coupon_mark(*number)).collect();
    let known = moment.are_somebodys(marks).await?;
    let unknown: Vec<CouponNumber> =
        page.into_iter().zip(known).filter(|(_, is_known)| !is_known).map(|(number, _)| number).collect();
    if unknown.is_empty() {
        return Ok(Vec::new());
    }
    let mut of: HashMap<CouponNumber, Vec<StandingDose>> = HashMap::new();
    for dose in moment.standing(unknown.clone()).await? {
        of.entry(dose.vaccination.coupon.number()).or_default().push(dose);
    }
    let walked = unknown.into_iter().filter_map(|number| {
        let mut doses = of.remove(&number)?;
        in_order(&mut doses);
        Some(Walked { person: None, doses })
    });
    Ok(walked.collect())
}

fn in_order(doses: &mut [StandingDose]) {
    doses.sort_by_key(|dose| (dose.vaccination.day.dose, dose.vaccination.day.vaccinated_on, dose.entry_id));
}
