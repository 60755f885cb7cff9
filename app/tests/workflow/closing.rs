//! 本日の締め: what is typed beside what the tablet holds, what differs, and the entry that keeps it.

use app::{
    messages::Notice,
    workflow::{
        Effect, Event, Press,
        closing::{
            ClosingEdit, Row,
            candidates::{Candidate, Why, candidates},
        },
        event::Place,
        open::Page,
    },
};
use record::{EntryContent, EntryId, WallTime, closing::Closing};
use store::{DayEntry, UploadState};

use crate::hands::*;

fn entry_id(number: u64) -> EntryId {
    EntryId::from_bytes(u128::from(number).to_be_bytes())
}

/// A delivered dose of the day's lot, of another person each.
fn given(number: u64) -> DayEntry {
    DayEntry {
        entry_id: entry_id(number),
        recorded_at: WallTime::from_unix_ms(0),
        coupon: line(&format!("23131130{:010}", number * 1_111)),
        given: Some(("3".parse().unwrap(), "FF3620".parse().unwrap())),
        state: UploadState::Delivered,
        stands: true,
    }
}

fn counted(hands: &mut Hands, entries: Vec<DayEntry>) {
    let day = day().vaccinated_on;
    hands.tell(Event::DayCounted { day, entries });
}

/// On the page, with so many doses recorded and delivered.
fn closing_with(entries: Vec<DayEntry>) -> Hands {
    let mut hands = Hands::locked();
    hands.change_profile(|profile| profile.vaccines[0].doses_per_vial = Some(6));
    hands.unlock(Some(day())).press(Press::Go(Place::Closing));
    assert!(hands.asked.iter().any(|effect| matches!(effect, Effect::CountDay(_))));
    counted(&mut hands, entries);
    hands
}

fn edit(hands: &Hands) -> &ClosingEdit {
    assert!(matches!(hands.open().page, Page::Closing));
    hands.open().closing.as_ref().unwrap()
}

fn type_into(hands: &mut Hands, row: Row, digits: &str) {
    let index = edit(hands).rows().iter().position(|known| *known == row).unwrap();
    hands.press(Press::OpenRow(index)).type_number(digits).press(Press::Done);
}

fn kept_closing(hands: &mut Hands) -> Closing {
    match hands.kept() {
        EntryContent::Closing(closing) => closing,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_even_day_is_closed_by_two_numbers_and_one_press() {
    let mut hands = closing_with((1..=12).map(given).collect());
    type_into(&mut hands, Row::PaperForms, "12");
    assert_eq!(edit(&hands).typing, Some((Row::Vials(0), String::new())), "on to what is missing");
    hands.type_number("2").press(Press::Done);
    assert_eq!(edit(&hands).typing, None);
    hands.press(Press::Done);
    let closing = kept_closing(&mut hands);
    assert_eq!((closing.held.entries(), closing.drawn(), closing.differences()), (12, 12, vec![]));
    assert_eq!(hands.state.notice, Some(Notice::Closed));
    assert!(edit(&hands).kept);
    hands.press(Press::Done);
    assert_eq!(hands.to_keep(), None, "once");
}

#[test]
fn nothing_is_kept_before_every_number_is_there() {
    let mut hands = closing_with(vec![given(1)]);
    hands.press(Press::Done);
    assert_eq!(hands.to_keep(), None);
    type_into(&mut hands, Row::PaperForms, "1");
    hands.press(Press::Back).press(Press::Done);
    assert_eq!(hands.to_keep(), None, "vials are missing");
}

#[test]
fn a_day_that_differs_is_closed_only_when_a_person_says_so() {
    let mut hands = closing_with((1..=11).map(given).collect());
    type_into(&mut hands, Row::PaperForms, "11");
    type_into(&mut hands, Row::Vials(0), "2");
    hands.press(Press::Done);
    assert_eq!(hands.to_keep(), None);
    hands.press(Press::SetAside).press(Press::Done);
    let closing = kept_closing(&mut hands);
    assert_eq!(closing.differences().len(), 1);
}

#[test]
fn what_was_said_of_other_numbers_does_not_hold() {
    let mut hands = closing_with((1..=11).map(given).collect());
    type_into(&mut hands, Row::PaperForms, "12");
    type_into(&mut hands, Row::Vials(0), "2");
    hands.press(Press::SetAside);
    type_into(&mut hands, Row::Discarded(0), "1");
    assert!(!edit(&hands).set_aside, "it was said of other numbers");
    hands.press(Press::SetAside);
    counted(&mut hands, (1..=10).map(given).collect());
    assert!(!edit(&hands).set_aside, "and of other entries");
}

#[test]
fn what_was_typed_is_there_when_one_comes_back_from_a_record() {
    let mut hands = closing_with(vec![given(1)]);
    type_into(&mut hands, Row::PaperForms, "7");
    hands.press(Press::OpenRecord(entry_id(1)));
    assert!(matches!(hands.open().page, Page::Entry(_)));
    hands.press(Press::Back);
    assert_eq!(edit(&hands).paper_forms, Some(7));
    hands.press(Press::Go(Place::Scan)).press(Press::Go(Place::Closing));
    assert_eq!(edit(&hands).paper_forms, Some(7));
}

#[test]
fn lots_of_the_day_are_rows_and_a_vial_of_unknown_size_is_asked_about() {
    let mut other = given(2);
    other.given = Some(("3".parse().unwrap(), "3004734".parse().unwrap()));
    let hands = closing_with(vec![given(1), other]);
    let lots: Vec<_> =
        edit(&hands).lots.iter().map(|lot| (lot.lot.to_string(), lot.doses_per_vial)).collect();
    assert_eq!(lots, [("3004734".to_owned(), None), ("FF3620".to_owned(), Some(6))]);
}

fn found(hands: &Hands) -> Vec<Candidate> {
    let edit = edit(hands);
    let closing = edit.closing(hands.open()).unwrap();
    let entries = edit.entries.as_deref().unwrap();
    closing.differences().iter().flat_map(|difference| candidates(difference, entries)).collect()
}

#[test]
fn candidates_of_each_difference_are_named() {
    let mut cancelled = given(3);
    cancelled.stands = false;
    let mut waiting = given(2);
    waiting.state = UploadState::Pending;
    let mut hands = closing_with(vec![given(1), waiting, cancelled]);
    type_into(&mut hands, Row::PaperForms, "3");
    type_into(&mut hands, Row::Vials(0), "1");
    type_into(&mut hands, Row::Discarded(0), "3");
    let named = |number, why| Candidate { entry_id: entry_id(number), why };
    assert_eq!(found(&hands), [named(3, Why::Cancelled), named(2, Why::Waiting), named(3, Why::Cancelled)]);
}

#[test]
fn one_paper_recorded_twice_is_named() {
    let mut again = given(2);
    again.coupon = line("221311300000001111");
    let mut nearly = given(3);
    nearly.coupon = line("231311300000002221");
    let mut hands = closing_with(vec![given(1), again, nearly, given(5)]);
    type_into(&mut hands, Row::PaperForms, "2");
    type_into(&mut hands, Row::Vials(0), "1");
    type_into(&mut hands, Row::Discarded(0), "2");
    let named = |number, why| Candidate { entry_id: entry_id(number), why };
    assert_eq!(found(&hands), [named(1, Why::SameCoupon), named(2, Why::SameCoupon)]);
}

#[test]
fn without_the_days_settings_they_are_asked_for_first() {
    let mut hands = Hands::locked();
    hands.unlock(None).press(Press::Go(Place::Closing));
    assert!(matches!(hands.open().page, Page::Day(_)));
}

#[test]
fn a_lot_of_which_no_dose_was_recorded_is_added_and_goes_again_while_it_says_nothing() {
    let mut hands = closing_with((1..=12).map(given).collect());
    type_into(&mut hands, Row::PaperForms, "12");
    hands.type_number("2").press(Press::Done);
    hands.press(Press::AddLot);
    let names = |hands: &Hands| {
        let open = hands.open();
        edit(hands).other_lots(&open.profile).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(names(&hands), ["FL1839", "3004734"]);
    hands.press(Press::Choose(0));
    assert_eq!(edit(&hands).typing, Some((Row::Vials(1), String::new())));
    hands.press(Press::Back);
    assert_eq!(edit(&hands).lots.len(), 1, "nobody typed anything");

    hands.press(Press::AddLot).press(Press::Choose(0)).type_number("1").press(Press::Done);
    assert!(edit(&hands).closing(hands.open()).is_some());
    type_into(&mut hands, Row::Discarded(1), "6");
    hands.press(Press::Done);
    let closing = kept_closing(&mut hands);
    assert_eq!((closing.lots.len(), closing.differences()), (2, vec![]), "a vial dropped whole is even");
}

#[test]
fn the_lot_of_the_day_stays_though_nothing_was_typed() {
    let mut hands = closing_with(Vec::new());
    hands.press(Press::OpenRow(1)).press(Press::Back);
    assert_eq!(edit(&hands).lots.len(), 1);
}
