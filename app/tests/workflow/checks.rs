//! 接種前の確認: what stops, what is asked about, and what a person who sets it aside leaves behind.

use std::{collections::BTreeMap, sync::Arc};

use app::{
    messages::KeepProblem,
    workflow::{
        Effect, Event, Phase, Press,
        day::Field,
        event::Unlocked,
        open::{Mode, Page},
        scan::{Card, Stop},
    },
};
use record::{
    EntryContent, LotNumber, WallTime,
    rules::{CheckName, Found},
};
use store::{Counts, StoreError};

use crate::hands::*;

const SECOND: &str = "221311300000123456";

/// At work on a day of second doses.
fn second_doses() -> Hands {
    let mut day = day();
    day.dose = "2".parse().unwrap();
    let mut hands = Hands::locked();
    hands.unlock(Some(day));
    hands
}

fn despite(hands: &Hands) -> Vec<CheckName> {
    let Some(EntryContent::Vaccination(kept)) = hands.to_keep() else { panic!("nothing is kept") };
    kept.despite.into_iter().collect()
}

#[test]
fn a_dose_too_soon_is_recorded_only_after_a_person_has_set_it_aside_and_the_record_says_so() {
    let mut hands = second_doses();
    hands.accepted(SECOND).earlier_on(Some("1"), "2021-11-08", "ファイザー");
    let Card::Ready(found) = hands.card() else { panic!("{:?}", hands.card()) };
    assert!(found.checks.asks() && found.checks.stop().is_none());
    hands.press(Press::Record);
    assert_eq!(hands.to_keep(), None, "nobody has said that it is right");
    hands.press(Press::SetAside).press(Press::SetAside).press(Press::Record);
    assert_eq!(hands.to_keep(), None, "it was taken back");
    hands.press(Press::SetAside).press(Press::Record);
    assert_eq!(despite(&hands), [CheckName::TooSoon]);
}

#[test]
fn automatic_mode_waits_for_a_person_where_something_is_asked() {
    let mut hands = second_doses();
    hands.press(Press::SwitchMode);
    assert_eq!(hands.open().mode, Mode::Continuous);
    hands.accepted(SECOND).earlier_on(Some("1"), "2021-06-01", "武田/モデルナ");
    assert_eq!(hands.to_keep(), None);
    hands.press(Press::SetAside).press(Press::Record);
    assert_eq!(despite(&hands), [CheckName::OtherManufacturer]);
}

#[test]
fn what_stops_cannot_be_set_aside() {
    let mut hands = second_doses();
    hands.accepted(SECOND).earlier_on(Some("2"), "2021-06-01", "ファイザー");
    hands.press(Press::SetAside).press(Press::Record);
    assert_eq!(hands.to_keep(), None);
    assert!(matches!(hands.card(), Card::Stopped(Stop::Rule(Found::RecordedBefore { .. }))));
}

#[test]
fn a_number_that_was_typed_is_judged_like_one_that_was_read() {
    let mut hands = second_doses();
    hands.press(Press::Keypad).type_number(SECOND).press(Press::Done);
    hands.type_number(SECOND).press(Press::Done);
    hands.press(Press::Done).earlier_on(Some("1"), "2021-11-08", "ファイザー");
    assert_eq!(hands.to_keep(), None, "asked first");
    hands.press(Press::Done);
    assert!(hands.asked.is_empty(), "still asked");
    hands.press(Press::SetAside).press(Press::Done);
    hands.earlier_on(Some("1"), "2021-11-08", "ファイザー");
    assert_eq!(despite(&hands), [CheckName::TooSoon]);
}

/// On the page of the day, with the lots as the bundle says.
fn choosing(change: impl Fn(&mut record::supply::ReceivedLot)) -> Hands {
    let mut hands = Hands::locked();
    hands.change_profile(|profile| profile.vaccines[0].lots.iter_mut().for_each(&change));
    hands.unlock(None);
    hands
        .choose(Field::Physician, 0)
        .choose(Field::Vaccine, 0)
        .choose(Field::Lot, 0)
        .choose(Field::Dose, 1)
        .press(Press::Done);
    hands
}

#[test]
fn a_recalled_lot_is_stopped_before_the_first_shot() {
    let mut hands = choosing(|lot| lot.recalled_at = Some(WallTime::from_unix_ms(0)));
    let Page::Day(edit) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    assert!(matches!(edit.checks.stop(), Some(Found::LotRecalled { .. })));
    hands.press(Press::SetAside).press(Press::Done);
    assert!(matches!(hands.open().page, Page::Day(_)), "nobody can begin with it");
}

#[test]
fn an_expired_lot_is_asked_about_once_for_the_day_and_every_record_says_so() {
    let mut hands = choosing(|lot| lot.expires_on = "2021-11-21".parse().unwrap());
    assert!(matches!(hands.open().page, Page::Day(_)));
    hands.press(Press::SetAside).press(Press::Done);
    assert!(matches!(hands.open().page, Page::Scan));
    hands.accepted(LINE).nothing_earlier();
    let Card::Ready(found) = hands.card() else { panic!("{:?}", hands.card()) };
    assert!(!found.checks.asks(), "not again for each paper");
    hands.press(Press::Record);
    assert_eq!(despite(&hands), [CheckName::LotExpired]);
}

#[test]
fn another_lot_is_judged_anew() {
    let mut hands = choosing(|lot| lot.expires_on = "2021-11-21".parse().unwrap());
    hands.press(Press::SetAside).choose(Field::Lot, 1);
    let Page::Day(edit) = &hands.open().page else { panic!() };
    assert!(edit.checks.findings.is_empty());
    hands.press(Press::Done);
    assert!(matches!(hands.open().page, Page::Day(_)), "asked about this lot too");
}

#[test]
fn the_day_is_asked_again_once_the_lot_is_used_up() {
    let mut hands = choosing(|lot| lot.doses = Some(2));
    assert!(matches!(hands.open().page, Page::Scan));
    let lot: LotNumber = "FF3620".parse().unwrap();
    hands.tell(Event::LotsCounted(BTreeMap::from([(lot, 1)])));
    hands.accepted(LINE).nothing_earlier().press(Press::Record);
    hands.kept();
    let Page::Day(edit) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    assert!(matches!(edit.checks.findings[0].found, Found::LotUsedUp { received: 2, recorded: 2 }));
    assert!(hands.asked.iter().any(|effect| matches!(effect, Effect::StopWatching)));
    hands.press(Press::SetAside).press(Press::Done);
    assert!(matches!(hands.open().page, Page::Scan), "a person says that it is right");
}

#[test]
fn a_recall_that_comes_during_the_day_stops_the_next_paper() {
    let mut hands =
        choosing(|lot| lot.recalled_at = Some(WallTime::from_unix_ms(NOON.wall.unix_ms() + 3_600_000)));
    assert!(matches!(hands.open().page, Page::Scan));
    hands.now.wall = WallTime::from_unix_ms(NOON.wall.unix_ms() + 3_600_001);
    hands.accepted(LINE).nothing_earlier();
    assert!(matches!(hands.card(), Card::Stopped(Stop::Rule(Found::LotRecalled { .. }))));
}

#[test]
fn what_the_database_could_not_be_asked_about_is_asked_again_and_not_recorded_unjudged() {
    let mut hands = second_doses();
    hands.accepted(SECOND);
    hands.tell(Event::LookUpFailed(KeepProblem::Store(StoreError::Row)));
    assert!(hands.state.notice.is_some(), "it is said");
    hands.press(Press::Record);
    assert_eq!(hands.to_keep(), None, "no rule was held against it");
    hands.earlier_on(Some("2"), "2021-06-01", "ファイザー");
    assert!(matches!(hands.card(), Card::Stopped(Stop::Rule(Found::RecordedBefore { .. }))));
}

#[test]
fn what_a_person_set_aside_of_the_day_holds_over_the_lock_for_that_person_alone() {
    let expired = |lot: &mut record::supply::ReceivedLot| lot.expires_on = "2021-10-31".parse().unwrap();
    let begun = || {
        let mut hands = choosing(expired);
        hands.press(Press::SetAside).press(Press::Done);
        assert!(matches!(hands.open().page, Page::Scan));
        let day = hands.open().day.clone();
        hands.press(Press::Lock);
        (hands, day)
    };
    let (mut hands, day) = begun();
    hands.unlock(day);
    assert!(matches!(hands.open().page, Page::Scan), "said already");
    hands.accepted(LINE).nothing_earlier().press(Press::Record);
    assert_eq!(despite(&hands), [CheckName::LotExpired], "and the record says so");

    let (mut hands, day) = begun();
    let staff_id = "admin-01".parse().unwrap();
    let unlocked = Unlocked { staff_id, day, counts: Counts::default(), set_aside: None, wrong_pins: 0 };
    hands.tell(Event::Unlocked(Ok(Box::new(unlocked))));
    assert!(matches!(hands.open().page, Page::Day(_)), "another person has not said it");
}

/// The profile as it holds once the central has told that of a lot.
fn told_of(lot: &str, recalled_at: Option<i64>) -> Event {
    let supply = serde_json::json!({
        "vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"},
        "lots": [{"lot": lot, "expires_on": "2022-02-28", "recalled_at": recalled_at}],
    });
    let lots = vec![serde_json::from_value(supply).unwrap()];
    let published = store::Published { lots, ..Default::default() };
    Event::ProfileChanged(Arc::new(app::published::with(&profile(), &published)))
}

#[test]
fn a_recall_that_comes_while_a_paper_is_in_view_stops_that_paper_at_once() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).nothing_earlier();
    assert!(matches!(hands.card(), Card::Ready(_)));
    hands.tell(told_of("FF3620", Some(0)));
    assert!(matches!(hands.card(), Card::Checking(_)), "held against the rules anew");
    hands.nothing_earlier();
    assert!(matches!(hands.card(), Card::Stopped(Stop::Rule(Found::LotRecalled { .. }))));
    hands.press(Press::Record);
    assert_eq!(hands.to_keep(), None);
    // Also the next paper, without a restart.
    hands.accepted(OTHER_LINE).nothing_earlier();
    assert!(matches!(hands.card(), Card::Stopped(Stop::Rule(Found::LotRecalled { .. }))));
}

#[test]
fn a_recall_that_comes_with_nothing_in_view_asks_for_another_lot() {
    let mut hands = Hands::scanning();
    hands.tell(told_of("FL1839", Some(0)));
    assert!(matches!(hands.open().page, Page::Scan), "another lot's recall changes nothing");
    hands.tell(told_of("FF3620", Some(0)));
    let Page::Day(edit) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    assert!(matches!(edit.checks.stop(), Some(Found::LotRecalled { .. })));
    hands.press(Press::Done);
    assert!(matches!(hands.open().page, Page::Day(_)));
    hands.tell(told_of("FF3620", None)).press(Press::Done);
    assert!(matches!(hands.open().page, Page::Scan), "the central has taken it back");
}

#[test]
fn a_recall_of_a_lot_that_the_site_never_received_stops_it_as_well() {
    let mut hands = Hands::scanning();
    let Phase::Open(open) = &mut hands.state.phase else { panic!() };
    if let Some(day) = &mut open.day {
        day.lot = "EW0203".parse().unwrap();
    }
    open.day_despite.insert(CheckName::LotNotReceived);
    hands.accepted(LINE).nothing_earlier();
    assert!(matches!(hands.card(), Card::Ready(_)));
    hands.tell(told_of("EW0203", Some(0)));
    hands.nothing_earlier();
    assert!(matches!(hands.card(), Card::Stopped(Stop::Rule(Found::LotRecalled { .. }))));
}

#[test]
fn under_help_no_page_changes_and_the_next_paper_is_stopped() {
    let mut hands = Hands::scanning();
    hands.press(Press::Help).tell(told_of("FF3620", Some(0)));
    hands.press(Press::CloseHelp);
    assert!(matches!(hands.open().page, Page::Scan));
    hands.accepted(LINE).nothing_earlier();
    assert!(matches!(hands.card(), Card::Stopped(Stop::Rule(Found::LotRecalled { .. }))));
}
