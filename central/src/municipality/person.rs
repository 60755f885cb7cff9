//! 接種対象者の記録: one person of the municipality – what is registered, how that came about, what was recorded of them.
//! Recorded in the audit before it is shown.
//!
//! Must not: show the 個人番号, or a person of another municipality.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use record::CouponNumber;

use super::{
    doses::{DoseRow, own_dose},
    entry_table::{self, EntryRow},
    mark_text,
    officer::{Bar, Officer},
    people::unavailable,
    people_words::{PeopleWords, people_words},
    phrases,
    words::{Words, words},
};
use crate::{
    audit::Act,
    console::{
        language::{Chosen, Language},
        page::{Frame, page},
    },
    people::{
        person::{BirthDate, Person, Sex},
        sealing::{MunicipalKeys, SealingError},
        walk,
    },
    state::Central,
    storage::{CouponKey, Import, Mark, PersonMark, StorageError, Version},
};

/// Imports that are looked through for who let a version take effect.
const MOST_IMPORTS: u32 = 10_000;

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    own: &'static Words,
    people: &'static PeopleWords,
    bar: Bar,
    mark: String,
    facts: Vec<(&'static str, String)>,
    doses: Vec<DoseRow>,
    versions: Vec<VersionShown>,
    coupons: Vec<CouponShown>,
}

#[derive(Template)]
#[template(path = "no_person.html")]
struct NoPersonPage {
    frame: Frame,
    own: &'static Words,
    people: &'static PeopleWords,
    bar: Bar,
}

struct VersionShown {
    import: String,
    effective: String,
    name: String,
    coupon: String,
    holds: bool,
}

struct CouponShown {
    number: String,
    entries: Vec<EntryRow>,
}

/// A person with all that they were registered as, the newest first.
pub(super) struct Found {
    pub(super) keys: MunicipalKeys,
    pub(super) version: Version,
    pub(super) person: Person,
}

/// The page.
pub(crate) async fn show(
    State(central): State<Central>,
    officer: Officer,
    chosen: Chosen,
    Path(person): Path<String>,
) -> Response {
    match looked(&central, &officer, chosen.language, &person).await {
        Ok(Some(template)) => page(StatusCode::OK, chosen, &template, []),
        Ok(None) => nobody(chosen, &officer),
        Err(error) => unavailable(&error),
    }
}

/// 404, with a sentence and a way on.
pub(super) fn nobody(chosen: Chosen, officer: &Officer) -> Response {
    let language = chosen.language;
    let (frame, own, bar) = (Frame::new(language), words(language), officer.bar(language));
    page(StatusCode::NOT_FOUND, chosen, &NoPersonPage { frame, own, people: people_words(language), bar }, [])
}

/// The person of that address, in the officer's own municipality.
pub(super) async fn find(
    central: &Central,
    officer: &Officer,
    person: &str,
) -> Result<Option<Found>, SealingError> {
    let Some(mark) = mark_text::read(person) else { return Ok(None) };
    let Some(keys) = officer.keys(central).await? else { return Ok(None) };
    let by = PersonMark::AddressNumber(mark);
    let Some(version) = central.storage.person(officer.municipality, by).await? else { return Ok(None) };
    let person = keys.open(&version)?;
    Ok(Some(Found { keys, version, person }))
}

async fn looked(
    central: &Central,
    officer: &Officer,
    language: Language,
    person: &str,
) -> Result<Option<PersonPage>, SealingError> {
    let Some(Found { keys, version, person }) = find(central, officer, person).await? else {
        return Ok(None);
    };
    let (storage, now) = (&*central.storage, central.clock.now());
    let mark = version.row.person;
    let registered = versions(central, &keys, version.clone(), &person).await?;
    let doses = walk::of_person(storage, &keys, version).await?;
    let imports = storage.imports(officer.municipality, MOST_IMPORTS).await?;
    let imports: BTreeMap<u32, Import> = imports.into_iter().map(|import| (import.number, import)).collect();
    let mut coupons = Vec::new();
    for number in coupons_of(&registered) {
        let key = CouponKey { municipality: officer.municipality, number };
        let entries = storage.entries_of(key).await?;
        let entries = entry_table::rows(language, &entries, &doses, now);
        coupons.push(CouponShown { number: number.to_string(), entries });
    }
    note(central, officer, &keys, &person).await?;
    let people = people_words(language);
    Ok(Some(PersonPage {
        frame: Frame::new(language),
        own: words(language),
        people,
        bar: officer.bar(language),
        mark: mark_text::text(mark),
        facts: facts(people, &person),
        doses: doses.iter().map(|dose| own_dose(language, dose)).collect(),
        versions: registered.iter().enumerate().map(|one| shown(language, people, &imports, one)).collect(),
        coupons,
    }))
}

/// Records that the person is shown.
pub(super) async fn note(
    central: &Central,
    officer: &Officer,
    keys: &MunicipalKeys,
    person: &Person,
) -> Result<(), SealingError> {
    let mut random = seal::random::SystemRandom::default();
    let about = keys.about(&person.address_number, &mut random)?;
    Ok(officer.note(central, &Act::PersonShown, Some(about)).await?)
}

/// All that a person was registered as, with the import that brought it, the newest first.
async fn versions(
    central: &Central,
    keys: &MunicipalKeys,
    version: Version,
    person: &Person,
) -> Result<Vec<(u32, Person)>, SealingError> {
    let mut moment = central.storage.people_moment(keys.municipality()).await?;
    let mut all = vec![(version.import, person.clone())];
    let mut earlier = version.replaces;
    while let Some(place) = earlier {
        let version = moment.versions(vec![place]).await?.pop();
        let version = version.ok_or(StorageError::Inconsistent("replaces_import"))?;
        all.push((version.import, keys.open(&version)?));
        earlier = version.replaces;
    }
    Ok(all)
}

/// Every coupon a person ever had, the newest first.
fn coupons_of(registered: &[(u32, Person)]) -> Vec<CouponNumber> {
    let mut coupons: Vec<CouponNumber> = Vec::new();
    for (_, person) in registered {
        if !coupons.contains(&person.coupon) {
            coupons.push(person.coupon);
        }
    }
    coupons
}

fn facts(people: &'static PeopleWords, person: &Person) -> Vec<(&'static str, String)> {
    let or_nothing = |text: &Option<String>| text.clone().unwrap_or_else(|| people.nothing_said.to_owned());
    let number = if person.personal_number.is_some() { people.has_number } else { people.has_no_number };
    vec![
        (people.address_number, person.address_number.as_str().to_owned()),
        (people.name, person.name.clone()),
        (people.kana, or_nothing(&person.kana)),
        (people.born_on, born(person.born_on)),
        (people.sex, sex(people, person.sex).to_owned()),
        (people.address, or_nothing(&person.address)),
        (people.coupon, person.coupon.to_string()),
        (people.personal_number, number.to_owned()),
    ]
}

fn born(born_on: BirthDate) -> String {
    let compact = born_on.compact();
    format!("{}/{}/{}", &compact[..4], &compact[4..6], &compact[6..])
}

fn sex(people: &PeopleWords, sex: Sex) -> &'static str {
    match sex {
        Sex::Male => people.male,
        Sex::Female => people.female,
        Sex::Unknown => people.unknown,
    }
}

fn shown(
    language: Language,
    people: &PeopleWords,
    imports: &BTreeMap<u32, Import>,
    (place, (import, person)): (usize, &(u32, Person)),
) -> VersionShown {
    let effective = imports.get(import).and_then(|import| import.effective.as_ref());
    let effective = effective
        .map_or_else(|| people.nothing_said.to_owned(), |(by, at)| format!("{} {by}", phrases::dated(*at)));
    VersionShown {
        import: phrases::import(language, *import),
        effective,
        name: person.name.clone(),
        coupon: person.coupon.to_string(),
        holds: place == 0,
    }
}

/// Of whom a mark is, for other pages' links.
pub(super) fn address(mark: Mark) -> String {
    format!("/municipality/people/{}", mark_text::text(mark))
}
