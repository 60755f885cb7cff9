//! People: an import changes nothing until it takes effect, then everything at once, and can be undone whole.
//!
//! Must not: open a sealed row; storage never does.

use std::{io::Cursor, ops::ControlFlow, sync::Arc};

use record::{MunicipalityCode, WallTime};
use seal::{kept::KeepingKey, random::SystemRandom};

use super::entries::MORNING;
use crate::{
    audit::{self, Act},
    people::{
        finding,
        importing::{Importing, preview},
        profile::Profile,
        sealing::MunicipalKeys,
    },
    storage::{
        Begun, DERIVED, ImportState, KEPT, Mark, PersonMark, Standing, Storage, TookEffect, Undone, Value,
        VersionRow, unwatched,
    },
};

/// 見本: what stands of a person, none of which a database may hold in the clear.
pub(crate) const OF_THE_PERSON: [&str; 6] =
    ["金糸雀 住民子", "カナリア ジュウミンコ", "金糸雀町一丁目", "KANARIA-ATENA", "864209753108", "19500401"];

/// Takes that person in under real keys, finds them by name and looks at them.
pub(crate) async fn take_canary_in(storage: &dyn Storage) {
    let (mut random, keeping) = (SystemRandom::default(), KeepingKey::from_bytes(&[7; 32]).unwrap());
    let keys = MunicipalKeys::of(storage, &keeping, shibuya(), at(0), &mut random).await.unwrap();
    let profile = Arc::new(Profile::shipped().unwrap());
    let importing = Importing { keys: Arc::new(keys), profile, by: "officer-1".to_owned(), now: at(0) };
    let [name, kana, address, address_number, number, born_on] = OF_THE_PERSON;
    let file = format!(
        "宛名番号,個人番号,接種券番号,氏名,氏名カナ,生年月日,性別,住所\r\n\
         {address_number},{number},8642097531,{name},{kana},{born_on},2,{address}\r\n"
    );
    let go_on = &mut |_| ControlFlow::Continue(());
    let read = preview(storage, &importing, Cursor::new(file.into_bytes()), Vec::new(), go_on).await;
    let (import, _) = read.map(|(preview, back)| (preview.import, back)).unwrap();
    storage.take_effect(shibuya(), import, "officer-2".to_owned(), at(1), unwatched()).await.unwrap();
    let born_on = crate::people::person::BirthDate::read(born_on, (9999, 12, 31)).unwrap();
    let found = finding::named(storage, &importing.keys, "ｶﾅﾘｱ ｼﾞｭｳﾐﾝｺ", born_on).await.unwrap();
    let person = importing.keys.open(&found[0]).unwrap();
    assert_eq!(person.name, name);
    let about = importing.keys.about(&person.address_number, &mut random).unwrap();
    assert_eq!(importing.keys.whom(&about).unwrap().as_str(), address_number);
    let line = Act::PersonShown.line_about(shibuya(), "officer-1", at(2), Some(about));
    audit::note(storage, line).await.unwrap();
}

pub(crate) fn shibuya() -> MunicipalityCode {
    "131130".parse().unwrap()
}
pub(crate) fn chiyoda() -> MunicipalityCode {
    "131016".parse().unwrap()
}
pub(super) fn at(minutes: i64) -> WallTime {
    MORNING.plus_ms(minutes * 60_000)
}
pub(super) fn mark(kind: u8, number: u32) -> Mark {
    let mut mark = [kind; 16];
    // As marks are: in no order.
    mark[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    mark[4..8].copy_from_slice(&number.to_be_bytes());
    mark
}

/// A row of that person, with that coupon, in that content.
pub(crate) fn row(place: u64, person: u32, coupon: u32, content: u32) -> VersionRow {
    VersionRow {
        row: place,
        person: mark(1, person),
        coupon: mark(2, coupon),
        personal_number: (person % 2 == 1).then(|| mark(3, person)),
        named: Some(mark(5, person % 10)),
        content: mark(4, content),
        sealed: content.to_be_bytes().to_vec(),
    }
}

async fn begun(storage: &dyn Storage, municipality: MunicipalityCode) -> u32 {
    match storage.begin_import(municipality, "officer-1".to_owned(), at(0)).await.unwrap() {
        Begun::Import(number) => number,
        Begun::Open(number) => panic!("import {number} is open"),
    }
}

/// Takes rows in; the import waits.
pub(super) async fn waiting(storage: &dyn Storage, rows: Vec<VersionRow>) -> (u32, Vec<Standing>) {
    let import = begun(storage, shibuya()).await;
    let standings = storage.stage(shibuya(), import, rows).await.unwrap().unwrap();
    assert!(storage.end_staging(shibuya(), import, 1, at(1)).await.unwrap());
    (import, standings)
}

/// Takes rows in and lets them take effect.
pub(crate) async fn effective(storage: &dyn Storage, rows: Vec<VersionRow>) -> u32 {
    let (import, _) = waiting(storage, rows).await;
    let took =
        storage.take_effect(shibuya(), import, "officer-2".to_owned(), at(2), unwatched()).await.unwrap();
    assert_eq!(took, TookEffect::Done);
    import
}

pub(super) async fn undo(storage: &dyn Storage, import: u32) -> Undone {
    storage.undo_import(shibuya(), import, "officer-2".to_owned(), at(3), unwatched()).await.unwrap()
}

/// The content that holds of that person.
pub(super) async fn held(storage: &dyn Storage, person: u32) -> Option<Mark> {
    let found = storage.person(shibuya(), PersonMark::AddressNumber(mark(1, person))).await.unwrap();
    found.map(|version| version.row.content)
}

pub(crate) async fn an_import_holds_once_it_takes_effect_and_not_before(storage: &dyn Storage) {
    let (import, standings) = waiting(storage, vec![row(2, 1, 1, 1), row(3, 2, 2, 2)]).await;
    assert_eq!(standings, [Standing::New; 2]);
    assert_eq!((held(storage, 1).await, storage.count_people(shibuya()).await.unwrap()), (None, 0));
    let by_coupon = PersonMark::Coupon(mark(2, 1));
    assert!(storage.person(shibuya(), by_coupon).await.unwrap().is_none());
    let took =
        storage.take_effect(shibuya(), import, "officer-2".to_owned(), at(2), unwatched()).await.unwrap();
    assert_eq!(took, TookEffect::Done);
    assert_eq!(storage.count_people(shibuya()).await.unwrap(), 2);
    for by in [PersonMark::AddressNumber(mark(1, 1)), by_coupon, PersonMark::PersonalNumber(mark(3, 1))] {
        let found = storage.person(shibuya(), by).await.unwrap().unwrap();
        assert_eq!((found.import, found.replaces), (import, None));
        assert!(found.row == row(2, 1, 1, 1));
    }
    let again =
        storage.take_effect(shibuya(), import, "officer-2".to_owned(), at(2), unwatched()).await.unwrap();
    assert_eq!(again, TookEffect::NotWaiting);
    let history = storage.imports(shibuya(), 9).await.unwrap();
    let [kept] = &history[..] else { panic!("{history:?}") };
    assert_eq!((kept.number, kept.state, kept.begun_at), (1, ImportState::Effective, at(0)));
    assert_eq!((kept.counts.new, kept.counts.changed, kept.counts.faulty), (2, 0, 1));
    assert_eq!(
        (&*kept.begun_by, kept.effective.clone()),
        ("officer-1", Some(("officer-2".to_owned(), at(2))))
    );
}

pub(crate) async fn a_row_is_new_changed_unchanged_or_has_somebody_elses_number(storage: &dyn Storage) {
    effective(storage, vec![row(2, 1, 1, 1), row(3, 2, 2, 2), row(4, 3, 3, 3)]).await;
    let mut with_anothers_number = row(6, 5, 6, 7);
    with_anothers_number.personal_number = Some(mark(3, 1));
    let rows = vec![row(2, 1, 1, 1), row(3, 2, 9, 4), row(4, 4, 4, 5), row(5, 3, 1, 6), with_anothers_number];
    let (import, standings) = waiting(storage, rows).await;
    let taken = |coupon, personal_number| Standing::Taken { coupon, personal_number };
    assert_eq!(
        standings,
        [Standing::Unchanged, Standing::Changed, Standing::New, taken(true, false), taken(false, true)]
    );
    storage.take_effect(shibuya(), import, "officer-2".to_owned(), at(2), unwatched()).await.unwrap();
    let contents = [held(storage, 1).await, held(storage, 2).await, held(storage, 3).await];
    assert_eq!(contents, [Some(mark(4, 1)), Some(mark(4, 4)), Some(mark(4, 3))]);
    // Both coupons, the earlier and the new one, are that person's for good.
    for coupon in [2, 9] {
        let found = storage.person(shibuya(), PersonMark::Coupon(mark(2, coupon))).await.unwrap().unwrap();
        assert!(found.row.person == mark(1, 2) && found.replaces == Some((1, 3)));
    }
    let counts = storage.imports(shibuya(), 1).await.unwrap()[0].counts;
    assert_eq!((counts.new, counts.changed, counts.unchanged), (1, 1, 1));
}

pub(crate) async fn an_import_can_be_undone_whole(storage: &dyn Storage) {
    let first = effective(storage, vec![row(2, 1, 1, 1), row(3, 2, 2, 2)]).await;
    let second = effective(storage, vec![row(2, 2, 8, 3), row(3, 4, 4, 4)]).await;
    assert_eq!(undo(storage, first).await, Undone::Touched { by: second, people: 1 });
    assert_eq!(storage.count_people(shibuya()).await.unwrap(), 3, "nothing was undone by halves");
    assert_eq!(undo(storage, second).await, Undone::Done);
    assert_eq!([held(storage, 2).await, held(storage, 4).await], [Some(mark(4, 2)), None]);
    assert!(storage.person(shibuya(), PersonMark::Coupon(mark(2, 8))).await.unwrap().is_none());
    assert!(storage.person(shibuya(), PersonMark::Coupon(mark(2, 2))).await.unwrap().is_some());
    assert_eq!(undo(storage, second).await, Undone::NotInEffect);
    assert_eq!(undo(storage, first).await, Undone::Done);
    assert_eq!(storage.count_people(shibuya()).await.unwrap(), 0);
    let history = storage.imports(shibuya(), 9).await.unwrap();
    assert!(history.iter().all(|import| import.state == ImportState::Undone && import.undone.is_some()));
    // What was undone can be taken in again.
    effective(storage, vec![row(2, 1, 1, 1)]).await;
    assert_eq!(held(storage, 1).await, Some(mark(4, 1)));
}

pub(crate) async fn one_import_is_open_at_a_time_and_can_be_discarded(storage: &dyn Storage) {
    let import = begun(storage, shibuya()).await;
    storage.stage(shibuya(), import, vec![row(2, 1, 1, 1)]).await.unwrap().unwrap();
    let by = || "officer-1".to_owned();
    assert_eq!(storage.begin_import(shibuya(), by(), at(1)).await.unwrap(), Begun::Open(import));
    assert_eq!(storage.begin_import(chiyoda(), by(), at(1)).await.unwrap(), Begun::Import(1));
    assert_eq!(
        storage.take_effect(shibuya(), import, by(), at(1), unwatched()).await.unwrap(),
        TookEffect::NotWaiting,
        "its file was not read to the end"
    );
    assert!(storage.discard_import(shibuya(), import, at(2)).await.unwrap());
    assert!(!storage.discard_import(shibuya(), import, at(2)).await.unwrap());
    assert!(storage.stage(shibuya(), import, vec![row(3, 2, 2, 2)]).await.unwrap().is_none());
    assert!(!storage.end_staging(shibuya(), import, 0, at(3)).await.unwrap());
    let next = begun(storage, shibuya()).await;
    assert_eq!(next, import + 1);
    let again = storage.stage(shibuya(), next, vec![row(2, 1, 1, 1)]).await.unwrap().unwrap();
    assert_eq!(again, [Standing::New]);
}

pub(crate) async fn what_was_read_before_another_import_took_effect_is_read_again(storage: &dyn Storage) {
    let first = effective(storage, vec![row(2, 1, 1, 1)]).await;
    let (second, _) = waiting(storage, vec![row(2, 1, 1, 2)]).await;
    assert_eq!(undo(storage, first).await, Undone::Done);
    let took =
        storage.take_effect(shibuya(), second, "officer-2".to_owned(), at(2), unwatched()).await.unwrap();
    assert_eq!(took, TookEffect::Outdated);
    assert_eq!(held(storage, 1).await, None);
}

pub(crate) async fn another_municipality_has_its_own_people_and_secret(storage: &dyn Storage) {
    effective(storage, vec![row(2, 1, 1, 1)]).await;
    assert_eq!(storage.count_people(chiyoda()).await.unwrap(), 0);
    for by in [PersonMark::AddressNumber(mark(1, 1)), PersonMark::Coupon(mark(2, 1))] {
        assert!(storage.person(chiyoda(), by).await.unwrap().is_none());
    }
    assert_eq!(storage.people_secret(shibuya()).await.unwrap(), None);
    assert!(!storage.has_people_secrets().await.unwrap());
    assert_eq!(storage.keep_people_secret(shibuya(), vec![1], at(0)).await.unwrap(), [1]);
    assert_eq!(storage.keep_people_secret(shibuya(), vec![2], at(0)).await.unwrap(), [1], "the first stays");
    assert_eq!(storage.people_secret(chiyoda()).await.unwrap(), None);
    assert!(storage.has_people_secrets().await.unwrap());
}

pub(crate) async fn of_two_who_let_it_take_effect_at_once_one_is_told(storage: &dyn Storage) {
    let (import, _) = waiting(storage, (1..200).map(|one| row(one.into(), one, one, one)).collect()).await;
    let take = || storage.take_effect(shibuya(), import, "officer-2".to_owned(), at(2), unwatched());
    let (one, two) = tokio::join!(take(), take());
    let took = [one.unwrap(), two.unwrap()];
    assert!(took.contains(&TookEffect::Done) && took.contains(&TookEffect::NotWaiting), "{took:?}");
    assert_eq!(storage.count_people(shibuya()).await.unwrap(), 199);
}

pub(crate) async fn somebody_is_found_by_name_until_the_import_is_undone(storage: &dyn Storage) {
    let first = effective(storage, vec![row(2, 1, 1, 1), row(3, 11, 11, 2), row(4, 2, 2, 3)]).await;
    let named = |who: u32| storage.people_named(shibuya(), mark(5, who), 9);
    let people = |found: Vec<crate::storage::Version>| -> Vec<Mark> {
        found.into_iter().map(|version| version.row.person).collect()
    };
    let mut both = vec![mark(1, 1), mark(1, 11)];
    both.sort_unstable();
    assert_eq!(people(named(1).await.unwrap()), both);
    assert_eq!(people(named(2).await.unwrap()), [mark(1, 2)]);
    assert!(named(3).await.unwrap().is_empty());
    assert!(storage.people_named(chiyoda(), mark(5, 1), 9).await.unwrap().is_empty());
    assert_eq!(storage.people_named(shibuya(), mark(5, 1), 1).await.unwrap().len(), 1);
    // Under another name they are found by both, as they are now.
    let mut renamed = row(2, 2, 2, 9);
    renamed.named = Some(mark(5, 7));
    let second = effective(storage, vec![renamed.clone()]).await;
    for who in [2, 7] {
        let found = named(who).await.unwrap();
        assert!(found.len() == 1 && found[0].row == renamed, "{who}");
    }
    assert_eq!(undo(storage, second).await, Undone::Done);
    assert!(named(7).await.unwrap().is_empty());
    assert_eq!(people(named(2).await.unwrap()), [mark(1, 2)]);
    assert_eq!(undo(storage, first).await, Undone::Done);
    assert!(named(1).await.unwrap().is_empty());
}

pub(crate) async fn no_name_and_no_number_lies_in_the_clear_in_any_table(storage: &dyn Storage) {
    take_canary_in(storage).await;
    let mut snapshot = storage.snapshot().await.unwrap();
    let (mut rows, mut sealed) = (0, 0);
    for table in KEPT.iter().chain(DERIVED) {
        for row in snapshot.page(table, Vec::new(), 1_000).await.unwrap() {
            rows += 1;
            for value in row {
                let bytes = match value {
                    Value::Text(text) => text.into_bytes(),
                    Value::Bytes(bytes) => bytes,
                    Value::Integer(number) => number.to_string().into_bytes(),
                    Value::Nothing => continue,
                };
                sealed += usize::from(bytes.len() >= 60);
                for canary in OF_THE_PERSON {
                    let holds = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
                    assert!(!holds, "{canary} in {}", table.name);
                }
            }
        }
    }
    assert!(rows >= 8 && sealed >= 2, "the person is there: {rows} {sealed}");
}
