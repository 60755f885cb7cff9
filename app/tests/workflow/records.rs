//! The list, and the search for a paper's record by the end of its number.

use app::workflow::{
    Effect, Event, Press,
    event::Place,
    open::Page,
    records::{Records, Search},
};
use record::{EntryId, Epoch, Position, WallTime};
use store::{ListFilter, ListRow, UploadState};

use crate::hands::*;

fn records(hands: &Hands) -> &Records {
    let Page::Records(records) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    records
}

fn row(number: u64) -> ListRow {
    ListRow {
        entry_id: EntryId::from_bytes(u128::from(number).to_be_bytes()),
        epoch: Epoch::FIRST,
        position: Position::new(number).unwrap(),
        kind: "vaccination".to_owned(),
        recorded_at: WallTime::from_unix_ms(0),
        coupon: None,
        dose: None,
        state: UploadState::Pending,
        changed_by: None,
    }
}

fn listing() -> Hands {
    let mut hands = Hands::scanning();
    hands.press(Press::Go(Place::Records));
    hands
}

fn ending(digits: &str) -> ListFilter {
    ListFilter::Ending(digits.parse().unwrap())
}

fn asked_list(hands: &Hands) -> Option<(ListFilter, usize)> {
    hands.asked.iter().find_map(|effect| match effect {
        Effect::List { filter, offset } => Some((*filter, *offset)),
        _ => None,
    })
}

#[test]
fn a_number_is_looked_for_from_its_fourth_digit_on() {
    let mut hands = listing();
    hands.press(Press::Search).type_number("345");
    assert_eq!(asked_list(&hands), None);
    hands.press(Press::Digit('6'));
    assert_eq!(asked_list(&hands), Some((ending("3456"), 0)));
    hands.tell(Event::Listed { filter: ending("3456"), offset: 0, rows: vec![row(1)] });
    assert_eq!(records(&hands).rows.len(), 1);
    hands.press(Press::TakeBack);
    assert!(records(&hands).rows.is_empty(), "three digits list nothing");
    hands.tell(Event::Listed { filter: ListFilter::All, offset: 0, rows: vec![row(1)] });
    assert!(records(&hands).rows.is_empty(), "a late answer about all shows nothing to who searches");
    hands.press(Press::Search);
    assert_eq!(asked_list(&hands), Some((ListFilter::All, 0)));
    assert_eq!(records(&hands).search, None);
}

#[test]
fn a_late_answer_about_other_digits_is_none() {
    let mut hands = listing();
    hands.press(Press::Search).type_number("34567");
    hands.tell(Event::Listed { filter: ending("3456"), offset: 0, rows: vec![row(1)] });
    assert!(!records(&hands).loaded);
    hands.type_number("1234567890");
    assert_eq!(records(&hands).search.as_ref().map(Search::typed), Some("3456712345"), "no number is longer");
}

#[test]
fn a_usb_scanner_finds_the_record_of_the_paper_in_hand() {
    let mut hands = listing();
    hands.tell(Event::Typed(format!("]Q1{LINE}")));
    assert_eq!(asked_list(&hands), Some((ending(&LINE[8..]), 0)));
    hands.tell(Event::Typed(format!("A{}B", &OTHER_LINE[8..])));
    assert_eq!(asked_list(&hands), Some((ending(&OTHER_LINE[8..]), 0)));
    hands.tell(Event::Typed("4901234567894".to_owned()));
    assert!(hands.state.notice.is_some(), "anything else is told");
}

#[test]
fn one_comes_back_from_a_record_to_what_was_found() {
    let mut hands = listing();
    hands.press(Press::Search).type_number("3456");
    hands.tell(Event::Listed { filter: ending("3456"), offset: 0, rows: vec![row(1)] });
    let entry_id = records(&hands).rows[0].entry_id;
    hands.press(Press::OpenRecord(entry_id)).press(Press::Back);
    assert_eq!(records(&hands).search.as_ref().map(Search::typed), Some("3456"));
    assert_eq!(asked_list(&hands), Some((ending("3456"), 0)), "its state may have changed meanwhile");
}

#[test]
fn more_rows_are_asked_for_once() {
    let mut hands = listing();
    let rows = |from: u64| (from..from + 50).map(row).collect::<Vec<_>>();
    hands.tell(Event::Listed { filter: ListFilter::All, offset: 0, rows: rows(1) });
    hands.press(Press::More);
    assert_eq!(asked_list(&hands), Some((ListFilter::All, 50)));
    hands.press(Press::More);
    assert_eq!(asked_list(&hands), None, "they are on their way");
    hands.tell(Event::Listed { filter: ListFilter::All, offset: 50, rows: rows(51) });
    hands.press(Press::More);
    assert_eq!(asked_list(&hands), Some((ListFilter::All, 100)));
}
