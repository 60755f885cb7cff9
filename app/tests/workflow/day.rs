//! 本日の設定: what is asked, what is kept from the day before, what is chosen for lack of choice.

use app::{
    messages::{Notice, PackageProblem},
    workflow::{
        Effect, Event, Press,
        day::{Choice, DayEdit, Field},
        open::Page,
    },
};

use std::sync::Arc;

use record::wire::reference::Replaced;

use crate::hands::*;

#[test]
fn a_new_day_asks_again_for_lot_and_physician_and_keeps_the_rest() {
    let mut yesterday = day();
    yesterday.vaccinated_on = yesterday.vaccinated_on.plus_days(-1).unwrap();
    let mut hands = Hands::locked();
    hands.unlock(Some(yesterday.clone()));
    let Page::Day(edit) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    assert_eq!(edit.date, Some(day().vaccinated_on), "today");
    assert_eq!(
        (edit.site.as_ref(), edit.vaccine.as_ref()),
        (Some(&yesterday.site), Some(&yesterday.vaccine))
    );
    assert_eq!((edit.lot.as_ref(), edit.physician.as_ref()), (None, None));
    hands.press(Press::Done);
    assert!(hands.asked.is_empty(), "incomplete");
    hands.choose(Field::Physician, 1).choose(Field::Lot, 0).press(Press::Done);
    assert!(matches!(hands.asked[..], [Effect::KeepDay(..), Effect::Watch(_)]));
    assert!(matches!(hands.open().page, Page::Scan));
}

#[test]
fn the_same_day_leads_straight_to_the_scan() {
    let hands = Hands::scanning();
    assert!(matches!(hands.asked[..], [Effect::Watch(_), Effect::CountLots]));
}

#[test]
fn another_vaccine_takes_the_lot_with_it() {
    let mut edit = DayEdit::of(&day());
    let moderna = edit.choices(Field::Vaccine, &profile(), None).swap_remove(1);
    edit.choose(moderna);
    assert_eq!(edit.lot, None);
    assert_eq!(edit.choices(Field::Lot, &profile(), None).len(), 1, "only its own lots are offered");
    assert_eq!(edit.complete(), None);
}

#[test]
fn the_list_of_lots_says_until_when_each_is_good_now() {
    let mut profile = profile();
    profile.vaccines[0].lots[0].extended_to = Some("2022-05-31".parse().unwrap());
    let choices = DayEdit::of(&day()).choices(Field::Lot, &profile, None);
    let Choice::Lot(lot, until) = &choices[0] else { panic!("{choices:?}") };
    assert_eq!((lot.as_str(), until.to_string().as_str()), ("FF3620", "2022-05-31"));
}

#[test]
fn what_leaves_no_choice_is_chosen() {
    let edit = DayEdit::from_earlier(None, Some(day().vaccinated_on), &profile());
    assert!(edit.has(Field::Site), "there is only one site");
    assert!(!edit.has(Field::Physician) && !edit.has(Field::Lot));
}

#[test]
fn changing_the_day_and_going_back_changes_nothing() {
    let mut hands = Hands::scanning();
    hands.press(Press::ChangeDay).choose(Field::Lot, 1).press(Press::Back);
    assert_eq!(hands.open().day, Some(day()));
    assert!(matches!(hands.open().page, Page::Scan));
}

fn package(text: &str) -> Event {
    match scanner::wedge::parse(text, day().vaccinated_on) {
        scanner::wedge::Typed::Package(label) => Event::PackageSeen(label),
        other => panic!("{text}: {other:?}"),
    }
}

/// The day's page with the list of lots open.
fn choosing_a_lot() -> Hands {
    let mut hands = Hands::scanning();
    hands.press(Press::ChangeDay).press(Press::OpenField(Field::Lot));
    assert!(
        matches!(&hands.asked[..], [Effect::WatchForPackage { today, lots }] if *today == day().vaccinated_on && lots.len() > 1)
    );
    hands
}

fn chosen(hands: &Hands) -> (Option<String>, Option<String>) {
    let Page::Day(edit) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    (
        edit.vaccine.as_ref().map(|vaccine| vaccine.manufacturer.to_string()),
        edit.lot.as_ref().map(ToString::to_string),
    )
}

#[test]
fn a_package_under_the_camera_chooses_vaccine_and_lot_and_a_person_begins_with_them() {
    let text = "(01)04912345678904(17)220131(10)3004734";
    for event in [package(text), Event::Typed(text.to_owned())] {
        let mut hands = choosing_a_lot();
        hands.tell(event);
        assert_eq!(chosen(&hands), (Some("武田/モデルナ".to_owned()), Some("3004734".to_owned())));
        assert!(matches!(&hands.state.notice, Some(Notice::LotTaken(lot)) if lot.as_str() == "3004734"));
        assert_eq!(hands.open().day, Some(day()), "nothing is kept before a person begins with it");
        assert!(matches!(hands.asked[..], [Effect::StopWatching]));
        hands.tell(package("(01)04912345678904(10)FL1839"));
        assert_eq!(
            chosen(&hands).1.as_deref(),
            Some("3004734"),
            "the list is closed: no other package is taken"
        );
    }
}

#[test]
fn a_package_that_the_site_has_not_received_changes_nothing() {
    for (text, problem) in [
        ("(01)04912345678904(10)ZZ9999", PackageProblem::UnknownLot("ZZ9999".parse().unwrap())),
        ("(01)04912345678904(17)220131", PackageProblem::NoLot),
    ] {
        let mut hands = choosing_a_lot();
        hands.tell(package(text));
        assert_eq!(chosen(&hands), (Some("ファイザー".to_owned()), Some("FF3620".to_owned())), "{text}");
        let Some(Notice::Package(told)) = &hands.state.notice else { panic!("{:?}", hands.state.notice) };
        assert_eq!(*told, problem);
    }
}

#[test]
fn a_sticker_points_at_its_lot_and_a_person_chooses() {
    let mut hands = choosing_a_lot();
    let lot = "3004734".parse().unwrap();
    hands.tell(Event::LotsSeen(vec![lot]));
    let Page::Day(edit) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    assert_eq!(edit.seen.iter().map(|lot| lot.as_str()).collect::<Vec<_>>(), ["3004734"]);
    assert_eq!(chosen(&hands).1.as_deref(), Some("FF3620"), "a person chooses");
    hands.press(Press::Back);
    hands.tell(Event::LotsSeen(vec!["FL1839".parse().unwrap()]));
    hands.press(Press::OpenField(Field::Lot));
    let Page::Day(edit) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    assert!(edit.seen.is_empty(), "what was seen before is forgotten");
}

#[test]
fn the_camera_looks_for_packages_only_while_lots_are_listed() {
    let mut hands = choosing_a_lot();
    hands.press(Press::Back);
    assert!(matches!(hands.asked[..], [Effect::StopWatching]));
    hands.press(Press::OpenField(Field::Site));
    assert!(matches!(hands.asked[..], [Effect::StopWatching]));
    hands.tell(Event::Typed("0000123456".to_owned()));
    assert!(matches!(hands.state.notice, Some(Notice::Package(PackageProblem::NoPackage))));
}

#[test]
fn a_day_that_begins_while_the_tablet_is_open_is_asked_for_once_no_paper_lies_there() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).nothing_earlier();
    hands.now.wall = hands.now.wall.plus_ms(24 * 3_600_000);
    hands.tell(Event::Tick);
    assert!(matches!(hands.open().page, Page::Scan), "the paper in view is finished first");
    hands.press(Press::Record);
    hands.kept();
    hands.gone().tell(Event::Tick);
    let Page::Day(edit) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    assert_eq!(edit.date, day().vaccinated_on.plus_days(1), "the new day");
    assert_eq!(edit.lot, None, "the lot is asked for again");
    assert_eq!(hands.state.notice, Some(Notice::NewDay));
    assert!(hands.open().day.is_none(), "nothing is recorded under the old day");
}

#[test]
fn a_replaced_tablet_finishes_its_day_and_begins_no_new_one() {
    let mut hands = Hands::locked();
    let by = "131130-0900".parse().unwrap();
    let mut profile = profile();
    profile.replaced = Some(Replaced { by, at: hands.now.wall });
    let mut yesterday = day();
    yesterday.vaccinated_on = yesterday.vaccinated_on.plus_days(-1).unwrap();
    hands.unlock(Some(yesterday));
    hands.tell(Event::ProfileChanged(Arc::new(profile)));
    hands.choose(Field::Physician, 1).choose(Field::Lot, 0).press(Press::Done);
    assert!(matches!(hands.open().page, Page::Scan), "papers of that day can still be entered");
    hands.now.wall = hands.now.wall.plus_ms(24 * 3_600_000);
    hands.gone().tell(Event::Tick);
    hands.choose(Field::Physician, 1).choose(Field::Lot, 0).press(Press::Done);
    assert_eq!(hands.state.notice, Some(Notice::Replaced(by)));
    assert!(matches!(hands.open().page, Page::Day(_)) && hands.open().day.is_none());
    assert!(hands.asked.is_empty(), "nothing is kept of the new day");
}
