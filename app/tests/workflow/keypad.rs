//! What a person types is one witness; the crop, a code, or the number typed again unseen is the second.

use app::{
    messages::Notice,
    workflow::{
        Event, Press,
        confirm::{Compared, Confirm},
        open::Page,
    },
};
use scanner::Cause;

use crate::hands::*;

fn confirm(hands: &Hands) -> &Confirm {
    let Page::Confirm(confirm) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    confirm
}

fn typed_so_far(hands: &Hands) -> (&str, bool) {
    let Page::Keypad(keypad) = &hands.open().page else { panic!("{:?}", hands.open().page) };
    (&keypad.typed, keypad.first.is_some())
}

/// All that is left is one press.
fn record(hands: &mut Hands) -> String {
    hands.press(Press::Done).nothing_earlier();
    vaccination(&hands.kept()).1.to_string()
}

#[test]
fn without_a_picture_the_number_is_typed_again_without_seeing_the_first() {
    let mut hands = Hands::scanning();
    hands.press(Press::Keypad).type_number(LINE).press(Press::Done);
    assert_eq!(typed_so_far(&hands), ("", true), "nothing of the first is shown");
    hands.type_number(LINE).press(Press::Done);
    assert!(confirm(&hands).digits.iter().all(|digit| matches!(digit, Compared::Settled(_))));
    assert_eq!(record(&mut hands), "18AK");
}

#[test]
fn two_numbers_that_differ_begin_anew_and_say_where() {
    let mut hands = Hands::scanning();
    hands.press(Press::Keypad).type_number(LINE).press(Press::Done);
    hands.type_number(OTHER_LINE).press(Press::Done);
    assert_eq!(hands.state.notice, Some(Notice::TypedDiffers(3)));
    assert_eq!(typed_so_far(&hands), ("", false));
    hands.type_number("2");
    assert_eq!(hands.state.notice, None, "what was said goes with the first digit");
}

#[test]
fn back_from_the_second_typing_shows_the_first_again() {
    let mut hands = Hands::scanning();
    hands.press(Press::Keypad).type_number(LINE).press(Press::Done).press(Press::Back);
    assert_eq!(typed_so_far(&hands), (LINE, false));
    hands.press(Press::Back);
    assert!(matches!(hands.open().page, Page::Scan));
}

/// The OCR line of the dispute is what the person reads too: no second witness. Here the QR code is.
#[test]
fn a_code_that_says_the_same_is_the_second_witness() {
    let mut hands = Hands::scanning();
    hands.disputed(LINE, Cause::OneWitness).press(Press::Keypad);
    hands.type_number(LINE).press(Press::Done);
    assert!(confirm(&hands).is_complete());
    assert_eq!(record(&mut hands), "18KQ");
}

#[test]
fn a_code_that_says_something_else_is_settled_by_the_person() {
    let mut hands = Hands::scanning();
    hands.disputed(LINE, Cause::OneWitness).press(Press::Keypad);
    hands.type_number(OTHER_LINE).press(Press::Done);
    let asked: Vec<bool> =
        confirm(&hands).digits.iter().map(|digit| matches!(digit, Compared::Asked { .. })).collect();
    assert_eq!(asked, [vec![false; 12], vec![true; 6]].concat());
    assert!(!confirm(&hands).is_complete());
    for _ in 0..6 {
        // The first candidate is what was typed, the second what the code says.
        hands.press(Press::Choose(1));
    }
    hands.press(Press::Done).nothing_earlier();
    let (coupon, witnessed) = vaccination(&hands.kept());
    assert_eq!((coupon.as_str(), witnessed.to_string().as_str()), (LINE, "12KQ,6PQ"));
}

#[test]
fn where_there_is_a_picture_what_no_code_says_is_compared_on_it() {
    let mut hands = Hands::scanning();
    hands.disputed(LINE, Cause::OneWitness).press(Press::Settle).press(Press::Keypad);
    hands.press(Press::Back);
    hands.disputed(LINE, Cause::Disagreement).press(Press::Keypad);
    hands.type_number(LINE).press(Press::Done);
    assert!(matches!(confirm(&hands).digits[17], Compared::Asked { .. }), "QR and NW-7 differ there");
    hands.press(Press::Choose(0));
    assert_eq!(record(&mut hands), "17KNQ,1KPQ");
}

#[test]
fn a_usb_scanner_at_the_keypad_is_a_code_and_never_a_persons_typing() {
    let mut hands = Hands::scanning();
    hands.press(Press::Keypad);
    // It types its digits like a keyboard, and only then is known to be a scanner.
    hands.type_number(&LINE[8..]).tell(Event::Typed(format!("A{}B", &LINE[8..])));
    assert_eq!(typed_so_far(&hands), ("", false));
    assert_eq!(hands.state.notice, Some(Notice::CodeHeard));
    hands.type_number(LINE).press(Press::Done);
    assert_eq!(typed_so_far(&hands), ("", true), "no code speaks for the first eight");
    hands.type_number(LINE).press(Press::Done);
    assert_eq!(record(&mut hands), "8AK,10AKN");
}

#[test]
fn a_scanner_that_reads_while_a_person_types_takes_back_only_its_own_digits() {
    let mut hands = Hands::scanning();
    hands.press(Press::Keypad).type_number(&LINE[..14]);
    // What a scanner says of the symbol has a digit too, and not all of its digits fit any more.
    hands.type_number("1").type_number(LINE).tell(Event::Typed(format!("]Q1{LINE}")));
    assert_eq!(typed_so_far(&hands), (&LINE[..14], false));
    hands.type_number(&LINE[14..]).press(Press::Done);
    assert_eq!(record(&mut hands), "18KQ");
}

#[test]
fn a_code_read_while_a_typed_number_is_compared_speaks_for_it() {
    let mut hands = Hands::scanning();
    hands.press(Press::Keypad).type_number(LINE).press(Press::Done).type_number(LINE).press(Press::Done);
    hands.tell(Event::Typed(format!("]Q1{OTHER_LINE}")));
    assert!(!confirm(&hands).is_complete(), "typed twice and yet another number in the code");
    assert!(matches!(confirm(&hands).digits[12], Compared::Asked { .. }));
}
