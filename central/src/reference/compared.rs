//! 照合: whether the lists that tablets are given are what follows from the register. Pure.
//!
//! Must not: hold more than one municipality's lists, or a coupon's number.

use std::collections::{BTreeMap, BTreeSet};

use record::{
    MunicipalityCode,
    bytes::PartDigest,
    reference::doses::{DoseChanges, DoseOf},
};
use seal::{digest::Sha256, reference::part_digest};

use super::noted::{Noted, NotedDoses};
use crate::storage::ComparedLists;

/// One list as it lies in the storage: the name it has, and its pieces put together.
pub(crate) type KeptList = (PartDigest, Vec<u8>);

/// Noted doses that hold, digested by municipality as they come in order of coupon and dose.
#[derive(Default)]
pub(crate) struct NotedDigests {
    doses: u64,
    by_municipality: BTreeMap<MunicipalityCode, Sha256>,
}

impl NotedDigests {
    /// Takes one; what is gone says nothing.
    pub(crate) fn take(&mut self, municipality: MunicipalityCode, (coupon, dose): DoseOf, noted: &Noted) {
        let Some((given_on, manufacturer)) = noted else { return };
        self.doses += 1;
        let sha256 = self.by_municipality.entry(municipality).or_default();
        let maker = manufacturer.as_ref().map(ToString::to_string).unwrap_or_default();
        sha256.update(&coupon.0);
        sha256.update(format!("{} {given_on} {maker}\n", dose.number()).as_bytes());
    }

    fn finish(self) -> BTreeMap<MunicipalityCode, [u8; 32]> {
        self.by_municipality.into_iter().map(|(code, sha256)| (code, sha256.finish())).collect()
    }
}

/// What was noted and what follows anew, and whose lists do not say what was noted.
pub(crate) fn compared(
    noted: NotedDigests,
    anew: NotedDigests,
    mut unlike: BTreeSet<MunicipalityCode>,
) -> ComparedLists {
    let doses = anew.doses;
    let (noted, anew) = (noted.finish(), anew.finish());
    let codes: BTreeSet<_> = noted.keys().chain(anew.keys()).copied().collect();
    unlike.extend(codes.into_iter().filter(|code| noted.get(code) != anew.get(code)));
    ComparedLists { doses, unlike }
}

/// Whether a tablet that takes in these lists in order knows what is noted, but for what waits for the next list.
pub(crate) fn say(
    municipality: MunicipalityCode,
    lists: &[KeptList],
    noted: NotedDoses,
    waiting: &BTreeSet<DoseOf>,
) -> bool {
    let mut told = NotedDoses::new();
    for (digest, bytes) in lists {
        let Ok(changes) = DoseChanges::read(bytes) else { return false };
        if part_digest(bytes) != *digest || changes.municipality != municipality {
            return false;
        }
        for dose in changes.holds {
            told.insert((dose.coupon, dose.dose), Some((dose.given_on, dose.manufacturer)));
        }
        for gone in changes.gone {
            told.remove(&gone);
        }
    }
    let settled = |doses: NotedDoses| -> NotedDoses {
        doses.into_iter().filter(|(key, given)| given.is_some() && !waiting.contains(key)).collect()
    };
    let (told, noted) = (settled(told), settled(noted));
    // A list holds one of 255 makers; a dose of any further one is told without.
    told.len() == noted.len()
        && told.iter().zip(&noted).all(|((key, told), (noted_key, noted))| {
            let day = |given: &Noted| given.as_ref().map(|(day, _)| *day);
            let maker = |given: &Noted| given.as_ref().and_then(|(_, maker)| maker.clone());
            key == noted_key
                && day(told) == day(noted)
                && (maker(told).is_none() || maker(told) == maker(noted))
        })
}

#[cfg(test)]
mod tests {
    use record::{
        CalendarDate, DoseNumber, bytes::CouponHash, elsewhere::DoseElsewhere, reference::doses::DoseChanges,
    };

    use super::*;

    fn city() -> MunicipalityCode {
        "131130".parse().unwrap()
    }
    fn key(number: u8) -> DoseOf {
        (CouponHash([number; 16]), DoseNumber::try_from(1).unwrap())
    }
    fn on(day: &str) -> Noted {
        Some((day.parse().unwrap(), None))
    }
    fn list(holds: &[(u8, &str)], gone: &[u8]) -> KeptList {
        let holds = holds.iter().map(|(number, day)| {
            let ((coupon, dose), given_on) = (key(*number), day.parse::<CalendarDate>().unwrap());
            DoseElsewhere { coupon, dose, given_on, manufacturer: None }
        });
        let gone = gone.iter().map(|number| key(*number)).collect();
        let bytes = DoseChanges { municipality: city(), holds: holds.collect(), gone }.to_bytes();
        (part_digest(&bytes), bytes)
    }

    #[test]
    fn lists_say_what_is_noted_but_for_what_waits() {
        let lists = [list(&[(1, "2021-11-22"), (2, "2021-11-22")], &[]), list(&[(3, "2021-11-23")], &[1])];
        let noted = NotedDoses::from([(key(2), on("2021-11-22")), (key(3), on("2021-11-23"))]);
        let none = BTreeSet::new();
        assert!(say(city(), &lists, noted.clone(), &none));
        assert!(!say(city(), &lists[..1], noted.clone(), &none), "a list is missing");
        assert!(!say("131016".parse().unwrap(), &lists, noted.clone(), &none));
        let mut moved = noted.clone();
        moved.insert(key(3), on("2021-11-24"));
        assert!(!say(city(), &lists, moved.clone(), &none));
        assert!(say(city(), &lists, moved, &BTreeSet::from([key(3)])));
        let mut altered = lists.clone();
        altered[1].0 = PartDigest([0; 32]);
        assert!(!say(city(), &altered, noted.clone(), &none), "its bytes are not those of its name");
        let mut gone = noted;
        gone.insert(key(2), None);
        assert!(!say(city(), &lists, gone.clone(), &none));
        assert!(say(city(), &lists, gone, &BTreeSet::from([key(2)])));
    }

    #[test]
    fn a_municipality_is_unlike_where_what_follows_anew_is_another() {
        let digests = |doses: &[(u8, &str)]| {
            let mut digests = NotedDigests::default();
            doses.iter().for_each(|(number, day)| digests.take(city(), key(*number), &on(day)));
            digests.take(city(), key(9), &None);
            digests
        };
        let same = [(1, "2021-11-22")];
        let of = |noted, anew| compared(digests(noted), digests(anew), BTreeSet::new());
        assert_eq!(of(&same, &same), ComparedLists { doses: 1, unlike: BTreeSet::new() });
        for other in [&[][..], &[(1, "2021-11-23")], &[(2, "2021-11-22")]] {
            assert_eq!(of(&same, other).unlike, BTreeSet::from([city()]), "{other:?}");
        }
    }
}
