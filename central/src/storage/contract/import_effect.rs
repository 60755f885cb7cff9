//! Imports of people that take effect or are undone: told of, stopped, and whole or not at all. Marks of names that are added
//! later.
//!
//! Must not: open a sealed row; storage never does.

use std::{
    ops::ControlFlow,
    sync::{Arc, Mutex},
};

use super::people::{at, chiyoda, effective, held, mark, row, shibuya, undo, waiting};
use crate::storage::{
    ImportState, LineQuestion, NamedPerson, PersonMark, Storage, TookEffect, Undone, VersionRow, Watch,
};

/// What a change was told of: rows done, and of how many.
type Told = Arc<Mutex<Vec<(u64, u64)>>>;

/// Stops at the so manieth time that it is told of, and keeps what it was told.
fn stops_at(tellings: usize) -> (Watch, Told) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let watch: Watch = Arc::new(move |done, of| {
        let mut heard = heard.lock().unwrap();
        heard.push((done, of));
        if heard.len() >= tellings { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (watch, told)
}

/// Rows of that many people; the second content of the first of them where `again`.
fn many(people: u32, again: bool) -> Vec<VersionRow> {
    let content = |one: u32| if again { one + 10_000 } else { one };
    (1..=people).map(|one| row(u64::from(one) + 1, one, one, content(one))).collect()
}

pub(crate) async fn an_import_is_told_of_as_it_takes_effect_and_stopped_it_leaves_nothing(
    storage: &dyn Storage,
) {
    let first = effective(storage, many(30, false)).await;
    let mut rows = many(30, true);
    rows.extend((31..=40).map(|one| row(u64::from(one) + 1, one, one, one)));
    let (second, _) = waiting(storage, rows).await;
    let by = || "officer-2".to_owned();
    let audited = || async {
        let asked = LineQuestion {
            municipality: shibuya(),
            kinds: Vec::new(),
            account: None,
            person: None,
            before: None,
            most: 99,
        };
        storage.lines(asked).await.unwrap().len()
    };
    let before = audited().await;
    for tellings in 1..=4 {
        let (watch, told) = stops_at(tellings);
        let took = storage.take_effect(shibuya(), second, by(), at(2), watch).await.unwrap();
        assert_eq!(took, TookEffect::Stopped, "at {tellings}");
        let told = told.lock().unwrap().clone();
        assert!(told.len() == tellings && told.iter().all(|(done, of)| done <= of && *of == 40), "{told:?}");
        assert_eq!((held(storage, 1).await, held(storage, 31).await), (Some(mark(4, 1)), None));
        assert_eq!(storage.count_people(shibuya()).await.unwrap(), 30);
        assert!(storage.person(shibuya(), PersonMark::Coupon(mark(2, 31))).await.unwrap().is_none());
        assert!(storage.people_named(shibuya(), mark(5, 1), 99).await.unwrap().len() == 3);
        assert_eq!(storage.imports(shibuya(), 1).await.unwrap()[0].state, ImportState::Waiting);
    }
    assert_eq!(audited().await, before, "nothing happened, so nothing is told of");
    let (watch, told) = stops_at(usize::MAX);
    let took = storage.take_effect(shibuya(), second, by(), at(2), watch).await.unwrap();
    assert_eq!((took, told.lock().unwrap().last().copied()), (TookEffect::Done, Some((40, 40))));
    assert_eq!(storage.count_people(shibuya()).await.unwrap(), 40);

    for tellings in [1, 64, 200, 320] {
        let (watch, _) = stops_at(tellings);
        let undone = storage.undo_import(shibuya(), second, by(), at(3), watch).await.unwrap();
        assert_eq!(undone, Undone::Stopped, "at {tellings}");
        assert_eq!(
            (held(storage, 1).await, held(storage, 31).await),
            (Some(mark(4, 10_001)), Some(mark(4, 31)))
        );
        assert_eq!(storage.count_people(shibuya()).await.unwrap(), 40);
        assert!(storage.person(shibuya(), PersonMark::Coupon(mark(2, 31))).await.unwrap().is_some());
        assert_eq!(storage.imports(shibuya(), 1).await.unwrap()[0].state, ImportState::Effective);
    }
    assert_eq!(undo(storage, second).await, Undone::Done);
    for one in 1..=30 {
        assert_eq!(held(storage, one).await, Some(mark(4, one)), "as it was before");
    }
    assert_eq!(storage.count_people(shibuya()).await.unwrap(), 30);
    assert_eq!(undo(storage, first).await, Undone::Done);
    assert_eq!(storage.count_people(shibuya()).await.unwrap(), 0);
}

pub(crate) async fn who_was_taken_in_without_a_mark_is_given_it_once(storage: &dyn Storage) {
    let mut unnamed = row(2, 1, 1, 1);
    unnamed.named = None;
    let import = effective(storage, vec![unnamed, row(3, 2, 2, 2)]).await;
    let named = |person: u32, named: u32, import: u32| NamedPerson {
        named: mark(5, named),
        person: mark(1, person),
        import,
    };
    let wanted = || vec![named(1, 7, import), named(2, 2, import)];
    assert!(storage.people_named(shibuya(), mark(5, 7), 9).await.unwrap().is_empty());
    assert_eq!(storage.count_missing_names(shibuya(), wanted()).await.unwrap(), 1);
    assert_eq!(storage.add_names(shibuya(), wanted()).await.unwrap(), 1);
    assert_eq!(storage.add_names(shibuya(), wanted()).await.unwrap(), 0, "once more changes nothing");
    assert_eq!(storage.count_missing_names(shibuya(), wanted()).await.unwrap(), 0);
    assert_eq!(storage.people_named(shibuya(), mark(5, 7), 9).await.unwrap().len(), 1);
    // Somebody who is not registered, or whom another import touched meanwhile, gets none.
    let late = vec![named(9, 7, import), named(1, 8, import + 1)];
    assert_eq!(storage.add_names(shibuya(), late).await.unwrap(), 0);
    assert!(storage.people_named(chiyoda(), mark(5, 7), 9).await.unwrap().is_empty());
    assert_eq!(undo(storage, import).await, Undone::Done);
    assert!(storage.people_named(shibuya(), mark(5, 7), 9).await.unwrap().is_empty());
}
