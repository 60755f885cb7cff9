//! 本日の設定: what is asked, what is kept from the day before, what is chosen for lack of choice.

use app::workflow::{
    Effect, Press,
    day::{DayEdit, Field},
    open::Page,
};

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
    assert!(matches!(hands.asked[..], [Effect::Watch(_)]));
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
