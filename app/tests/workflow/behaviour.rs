//! What a person at the tablet can rely on.

use app::{
    messages::{KeepProblem, Notice, NumberProblem, SetupProblem, UnlockProblem},
    workflow::{
        Effect, Event, Phase, Press,
        confirm::GROUPS,
        event::Place,
        open::{Mode, Page},
        scan::{Card, Stop},
    },
};
use record::{EntryContent, Witness, WitnessSet, entry::ChangeReason, rules::Found};
use scanner::{Cause, Verdict};
use store::{HistoryRow, StoreError, UploadState};

use crate::hands::*;

#[test]
fn an_accepted_paper_is_kept_by_one_tap_with_its_witnesses() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE);
    assert!(matches!(hands.card(), Card::Checking(_)), "the database is asked first");
    hands.nothing_earlier();
    assert!(matches!(hands.card(), Card::Ready(_)));
    assert_eq!(hands.to_keep(), None, "nothing is kept without the tap");
    hands.press(Press::Record);
    let (coupon, witnessed) = vaccination(&hands.kept());
    assert_eq!((coupon.as_str(), witnessed.to_string().as_str()), (LINE, "8EQ,10NQ"));
    assert!(matches!(hands.card(), Card::Done(_)));
    assert!(matches!(hands.asked[..], [Effect::NextPaper]));
    assert_eq!(hands.open().last.as_ref().unwrap().last_four.as_deref(), Some("3456"));
}

#[test]
fn a_second_tap_keeps_nothing_twice() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).nothing_earlier().press(Press::Record);
    assert!(hands.to_keep().is_some());
    hands.press(Press::Record);
    assert_eq!(hands.to_keep(), None);
}

#[test]
fn when_the_paper_leaves_the_number_leaves() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).nothing_earlier();
    hands.gone();
    assert!(matches!(hands.card(), Card::Empty));
    hands.press(Press::Record);
    assert_eq!(hands.to_keep(), None, "nobody can record what is no longer shown");
}

#[test]
fn the_next_paper_replaces_the_one_before_and_is_what_is_kept() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).nothing_earlier();
    hands.accepted(OTHER_LINE).nothing_earlier();
    hands.press(Press::Record);
    assert_eq!(vaccination(&hands.kept()).0, OTHER_LINE);
}

#[test]
fn a_paper_seen_while_one_is_being_kept_is_shown_afterwards() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).nothing_earlier().press(Press::Record);
    let content = hands.to_keep().unwrap();
    hands.accepted(OTHER_LINE);
    assert!(matches!(hands.card(), Card::Keeping(found) if found.draft.coupon == line(LINE)));
    hands.asked = vec![Effect::Keep {
        content: Box::new(content),
        staff_id: "staff-01".parse().unwrap(),
        capture: None,
    }];
    assert_eq!(vaccination(&hands.kept()).0, LINE);
    assert!(matches!(hands.card(), Card::Checking(found) if found.draft.coupon == line(OTHER_LINE)));
}

#[test]
fn a_crop_of_another_frame_is_never_shown() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE);
    let Card::Checking(found) = hands.card() else { panic!("{:?}", hands.card()) };
    assert_eq!(found.crop.as_ref().unwrap().capture(), found.capture);
    let stale = hands.capture();
    let capture = hands.capture();
    let acceptance = scanner::Acceptance {
        capture,
        line: line(OTHER_LINE),
        witnessed: "8EQ,10NQ".parse().unwrap(),
        sightings: Vec::new(),
    };
    let seen =
        app::workflow::event::Seen { verdict: Verdict::Accepted(acceptance), crop: Some(Hands::crop(stale)) };
    hands.tell(Event::Seen(seen));
    assert!(matches!(hands.card(), Card::Checking(found) if found.crop.is_none()));
}

#[test]
fn the_same_coupon_and_dose_are_not_recorded_again() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).earlier(Some("3"));
    assert!(matches!(hands.card(), Card::Stopped(Stop::Rule(Found::RecordedBefore { .. }))));
    hands.press(Press::Record);
    assert_eq!(hands.to_keep(), None);
    hands.press(Press::Discard);
    hands.accepted(LINE).earlier(Some("2"));
    assert!(matches!(hands.card(), Card::Ready(_)), "the dose before is no obstacle");
}

#[test]
fn in_continuous_mode_accepted_papers_are_kept_at_once_and_disputed_ones_never() {
    let mut hands = Hands::scanning();
    hands.press(Press::SwitchMode);
    assert_eq!(hands.open().mode, Mode::Continuous);
    hands.accepted(LINE).nothing_earlier();
    assert_eq!(vaccination(&hands.kept()).0, LINE);
    hands.disputed(OTHER_LINE, Cause::OneWitness);
    assert_eq!(hands.to_keep(), None);
    assert!(matches!(hands.card(), Card::ForPerson(_)));
}

#[test]
fn a_screening_coupon_makes_a_screened_only_entry() {
    let mut hands = Hands::scanning();
    hands.accepted("131311300000123456").nothing_earlier().press(Press::Record);
    assert!(matches!(hands.kept(), EntryContent::ScreenedOnly(_)));
}

#[test]
fn a_kind_nobody_knows_stops() {
    let mut hands = Hands::scanning();
    hands.accepted("731311300000123456");
    assert!(matches!(hands.card(), Card::Stopped(Stop::UnknownKind)));
    hands.disputed("731311300000123456", Cause::UnexpectedKind);
    assert!(matches!(hands.card(), Card::Stopped(Stop::UnknownKind)));
}

#[test]
fn one_witness_alone_is_kept_only_after_every_group_was_compared() {
    let mut hands = Hands::scanning();
    hands.disputed(LINE, Cause::OneWitness).press(Press::Settle);
    for group in 0..GROUPS.len() {
        hands.press(Press::Done);
        assert!(hands.asked.is_empty(), "group {group} is not compared yet");
        hands.press(Press::Tick(group));
    }
    hands.press(Press::Done);
    hands.nothing_earlier();
    let (coupon, witnessed) = vaccination(&hands.kept());
    assert_eq!((coupon.as_str(), witnessed.to_string().as_str()), (LINE, "18PQ"));
    assert!(matches!(hands.open().page, Page::Scan));
    assert_eq!(hands.state.notice, Some(Notice::Kept));
}

#[test]
fn where_readings_differ_only_that_digit_is_asked() {
    let mut hands = Hands::scanning();
    hands.disputed(LINE, Cause::Disagreement).press(Press::Settle);
    let Page::Confirm(confirm) = &hands.open().page else { panic!() };
    assert_eq!((confirm.asked(), confirm.candidates(17)), (Some(17), vec![b'6', b'0']));
    assert!((0..4).all(|group| !confirm.needs_tick(group)), "all else is locked");
    hands.press(Press::Done);
    assert!(hands.asked.is_empty());
    hands.press(Press::Choose(0)).press(Press::Done);
    hands.nothing_earlier();
    let (coupon, witnessed) = vaccination(&hands.kept());
    assert_eq!(coupon, LINE);
    assert_eq!(witnessed.sets()[17], WitnessSet::of(&[Witness::Qr, Witness::Person]));
    assert_eq!(witnessed.sets()[16], WitnessSet::of(&[Witness::Qr, Witness::Nw7]));
}

#[test]
fn a_typed_number_of_no_municipality_goes_no_further() {
    let mut hands = Hands::scanning();
    hands.press(Press::Keypad).type_number("231311310000123456");
    let Page::Keypad(keypad) = &hands.open().page else { panic!() };
    assert!(matches!(keypad.line(), Some(Err(NumberProblem::Line(_)))));
    hands.press(Press::Done);
    assert!(matches!(hands.open().page, Page::Keypad(_)));
    hands.press(Press::TakeBack).press(Press::Back);
    assert!(matches!(hands.open().page, Page::Scan));
}

#[test]
fn another_dose_than_todays_is_recorded_only_after_it_was_compared() {
    let mut hands = Hands::scanning();
    hands.disputed("221311300000123456", Cause::UnexpectedDose).press(Press::Settle);
    for group in 0..4 {
        hands.press(Press::Tick(group));
    }
    hands.press(Press::Done);
    hands.nothing_earlier();
    let EntryContent::Vaccination(vaccination) = hands.kept() else { panic!() };
    assert_eq!(vaccination.day.dose.number(), 2, "the paper's dose");
    assert_eq!(hands.open().day.as_ref().unwrap().dose.number(), 3, "the day stays as it was set");
}

#[test]
fn what_could_not_be_kept_says_so_and_can_be_tried_again() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).nothing_earlier().press(Press::Record);
    let full = KeepProblem::Store(StoreError::Full);
    hands.tell(Event::Kept(Err(full.clone())));
    assert_eq!(hands.state.notice, Some(Notice::Keep(full)));
    assert!(matches!(hands.card(), Card::Ready(_)));
    hands.press(Press::Record);
    assert_eq!(vaccination(&hands.kept()).0, LINE);
    assert_eq!(hands.state.notice, None);
}

fn history(hands: &mut Hands, content: EntryContent) -> record::EntryId {
    let stamp = record::draft::Stamp {
        entry_id: record::EntryId::from_bytes([9; 16]),
        municipality: "131130".parse().unwrap(),
        staff_id: "staff-01".parse().unwrap(),
        moment: NOON,
    };
    let entry = stamp.entry(content);
    let entry_id = entry.entry_id;
    hands.press(Press::Go(Place::Records)).press(Press::OpenRecord(entry_id));
    let row = HistoryRow {
        entry,
        position: record::Position::FIRST,
        state: UploadState::Delivered,
        received_at: None,
    };
    hands.tell(Event::History(vec![row]));
    entry_id
}

fn recorded() -> EntryContent {
    let draft = record::Draft {
        coupon: line(LINE),
        witnessed: "8EQ,10NQ".parse().unwrap(),
        day: day(),
        despite: Default::default(),
    };
    draft.content(record::draft::CouponMeaning::Vaccination)
}

#[test]
fn a_correction_names_what_it_replaces_and_needs_a_change_and_a_reason() {
    let mut hands = Hands::scanning();
    let entry_id = history(&mut hands, recorded());
    hands.press(Press::Correct).press(Press::Reason(1)).press(Press::Done);
    assert_eq!(hands.to_keep(), None, "nothing was changed yet");
    hands.choose(app::workflow::day::Field::Lot, 1).press(Press::Done);
    let EntryContent::Correction(correction) = hands.kept() else { panic!() };
    assert_eq!((correction.replaces, correction.reason), (entry_id, ChangeReason::WrongDaySettings));
    assert_eq!(hands.state.notice, Some(Notice::Corrected));
}

#[test]
fn a_corrected_number_is_compared_like_any_other() {
    let mut hands = Hands::scanning();
    history(&mut hands, recorded());
    hands.press(Press::Correct).press(Press::ChangeNumber).type_number(OTHER_LINE).press(Press::Done);
    hands.type_number(OTHER_LINE).press(Press::Done).press(Press::Done);
    assert!(matches!(hands.open().page, Page::Change(_)));
    hands.press(Press::Reason(0)).press(Press::Done);
    let content = hands.kept();
    assert_eq!(content.coupon(), Some(line(OTHER_LINE)));
    assert_eq!(content.vaccination().unwrap().witnessed.to_string(), "18AK");
}

#[test]
fn a_cancellation_needs_a_reason_and_deletes_nothing() {
    let mut hands = Hands::scanning();
    let entry_id = history(&mut hands, recorded());
    hands.press(Press::Cancel).press(Press::Done);
    assert_eq!(hands.to_keep(), None);
    hands.press(Press::Reason(3)).press(Press::Done);
    let EntryContent::Cancellation(cancellation) = hands.kept() else { panic!() };
    assert_eq!((cancellation.cancels, cancellation.reason), (entry_id, ChangeReason::NotVaccinated));
}

#[test]
fn locking_stops_the_camera_and_shows_nobodys_number() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).nothing_earlier();
    hands.press(Press::Lock);
    assert!(matches!(hands.asked[..], [Effect::StopWatching, Effect::NoteLocked(_)]));
    assert!(matches!(hands.state.phase, Phase::Locked(_)));
    assert!(!format!("{:?}", hands.state).contains("3456"));
    hands.unlock(Some(day()));
    assert!(matches!(hands.card(), Card::Empty));
}

#[test]
fn a_wrong_pin_is_told_and_the_next_waits() {
    let mut hands = Hands::locked();
    hands.press(Press::ChooseStaff(0)).type_number("1234").press(Press::Done);
    hands.tell(Event::Unlocked(Err(UnlockProblem::WrongPin { wait_ms: 5_000 })));
    hands.type_number("1234").press(Press::Done);
    assert!(hands.asked.is_empty(), "no PIN is taken while waiting");
    hands.now.monotonic_ms += 5_000;
    hands.type_number("1234").press(Press::Done);
    assert!(matches!(hands.asked[..], [Effect::Unlock { .. }]));
}

#[test]
fn a_file_that_cannot_be_used_is_told_and_the_next_can_be_chosen() {
    let mut hands = Hands::fresh();
    assert!(matches!(hands.asked[..], [Effect::LookForBundles]));
    let path = std::path::PathBuf::from("17.vrsbundle");
    hands.tell(Event::BundlesFound(vec![app::workflow::event::FoundBundle { path: path.clone() }]));
    hands.press(Press::ChooseBundle(0));
    assert!(matches!(&hands.asked[..], [Effect::LookAtBox(file)] if *file == path));
    hands.tell(Event::BoxOffered(Err(SetupProblem::Bundle(seal::Error::BundleTruncated))));
    assert!(matches!(hands.state.notice, Some(Notice::Setup(_))));
    hands.press(Press::ApplyBundle);
    assert!(hands.asked.is_empty(), "nothing that was not verified can be applied");
    hands.press(Press::ChooseBundle(0));
    assert_eq!(hands.state.notice, None);
}
