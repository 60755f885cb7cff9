//! 在庫: what is received, sent, counted and discarded, row by row, and the entry that keeps it.

use app::{
    messages::Notice,
    workflow::{
        Effect, Event, Press,
        event::Place,
        open::Page,
        stock::{DeedKind, Row, Slip, StockEdit},
    },
};
use record::{
    EntryContent,
    stock::{Deed, DiscardReason, StockAct, Storage},
};

use crate::hands::*;

const SLIP: &str = "0000005724";

/// On the page of a tablet that records stock.
fn at_stock() -> Hands {
    let mut hands = Hands::locked();
    hands.change_profile(|profile| {
        profile.keeps_stock = true;
        profile.vaccines[0].doses_per_vial = Some(6);
    });
    hands.unlock(Some(day())).press(Press::Go(Place::Stock));
    hands
}

fn edit(hands: &Hands) -> &StockEdit {
    match &hands.open().page {
        Page::Stock(edit) => edit,
        other => panic!("{other:?}"),
    }
}

fn row(hands: &Hands) -> Option<Row> {
    edit(hands).at.as_ref().map(|(row, _)| *row)
}

fn choose_deed(hands: &mut Hands, deed: DeedKind) {
    let place = DeedKind::ALL.iter().position(|each| *each == deed).unwrap();
    hands.press(Press::OpenRow(0)).press(Press::Choose(place));
}

/// What was done, the first lot, thawed.
fn begun(deed: DeedKind) -> Hands {
    let mut hands = at_stock();
    choose_deed(&mut hands, deed);
    assert_eq!(row(&hands), Some(Row::Lot), "on to what is missing");
    hands.press(Press::Choose(0)).press(Press::Choose(0));
    hands
}

fn kept(hands: &mut Hands) -> StockAct {
    match hands.press(Press::Done).kept() {
        EntryContent::Stock(act) => act,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_arrived_is_recorded_with_the_doses_that_its_vials_are_expected_to_give() {
    let mut hands = begun(DeedKind::Received);
    assert_eq!(row(&hands), Some(Row::Slip));
    hands.type_number(SLIP).press(Press::Done);
    hands.type_number("5").press(Press::Done);
    assert_eq!(row(&hands), None, "nothing is missing");
    let act = kept(&mut hands);
    let slip = Some(SLIP.parse().unwrap());
    assert_eq!((act.vials, act.doses, act.deed), (5, 30, Deed::Received { slip }));
    assert_eq!((act.site, act.done_on, act.storage), (day().site, day().vaccinated_on, Storage::Thawed));
    assert_eq!(hands.state.notice, Some(Notice::StockKept));
    assert!(edit(&hands).deed.is_none(), "the page begins anew");
    hands.press(Press::Done);
    assert_eq!(hands.to_keep(), None, "once");
}

#[test]
fn what_the_maker_delivered_has_no_slip_and_what_is_sent_has_one() {
    let mut hands = begun(DeedKind::Received);
    hands.press(Press::Choose(0));
    assert_eq!(edit(&hands).slip, Some(Slip::Direct));
    let mut hands = begun(DeedKind::Sent);
    hands.press(Press::Choose(0));
    assert_eq!((edit(&hands).slip, row(&hands)), (None, Some(Row::Slip)));
}

#[test]
fn a_slip_number_that_is_none_is_not_taken_and_what_was_typed_stays() {
    let mut hands = begun(DeedKind::Sent);
    hands.type_number("0000005723").press(Press::Done);
    assert_eq!(hands.state.notice, Some(Notice::NoSlip));
    assert_eq!(edit(&hands).at, Some((Row::Slip, "0000005723".to_owned())));
    hands.press(Press::TakeBack).type_number("4").press(Press::Done);
    assert_eq!((hands.state.notice.clone(), row(&hands)), (None, Some(Row::Vials)));
}

#[test]
fn a_count_may_find_nothing_and_a_discard_says_why() {
    let mut hands = begun(DeedKind::Counted);
    hands.type_number("0").press(Press::Done);
    assert_eq!(kept(&mut hands).deed, Deed::Counted {});
    let mut hands = begun(DeedKind::Discarded);
    assert_eq!(row(&hands), Some(Row::Reason));
    hands.press(Press::Choose(3));
    hands.type_number("0").press(Press::Done).press(Press::Done);
    assert_eq!(hands.to_keep(), None, "nothing cannot be discarded");
    let doses = edit(&hands).rows().iter().position(|row| *row == Row::Doses).unwrap();
    hands.press(Press::OpenRow(doses)).type_number("3").press(Press::Done);
    let act = kept(&mut hands);
    assert_eq!((act.vials, act.doses), (0, 3));
    assert_eq!(act.deed, Deed::Discarded { reason: DiscardReason::LeftOver });
}

#[test]
fn doses_that_a_person_typed_hold_until_the_vials_are_others() {
    let mut hands = begun(DeedKind::Counted);
    hands.type_number("5").press(Press::Done);
    let place = |row: Row, hands: &Hands| edit(hands).rows().iter().position(|it| *it == row).unwrap();
    let doses = place(Row::Doses, &hands);
    hands.press(Press::OpenRow(doses)).type_number("28").press(Press::Done);
    assert_eq!(edit(&hands).doses(&hands.open().profile), Some(28));
    let vials = place(Row::Vials, &hands);
    hands.press(Press::OpenRow(vials)).type_number("6").press(Press::Done);
    assert_eq!(edit(&hands).doses(&hands.open().profile), Some(36));
}

#[test]
fn another_deed_asks_for_its_own_numbers() {
    let mut hands = begun(DeedKind::Received);
    hands.type_number(SLIP).press(Press::Done).type_number("5").press(Press::Done);
    choose_deed(&mut hands, DeedKind::Counted);
    assert_eq!((edit(&hands).vials, edit(&hands).slip), (None, None));
    assert!(edit(&hands).lot.is_some());
}

#[test]
fn what_could_not_be_kept_can_be_tried_again() {
    let mut hands = begun(DeedKind::Counted);
    hands.type_number("5").press(Press::Done).press(Press::Done);
    assert!(hands.to_keep().is_some() && edit(&hands).keeping);
    hands.tell(Event::Kept(Err(app::messages::KeepProblem::Randomness)));
    assert!(!edit(&hands).keeping && edit(&hands).vials == Some(5));
}

#[test]
fn there_is_no_stock_on_a_tablet_that_does_not_record_it_and_the_day_comes_first() {
    let mut hands = Hands::locked();
    hands.unlock(Some(day())).press(Press::Go(Place::Stock));
    assert!(!matches!(hands.open().page, Page::Stock(_)));
    let mut hands = Hands::locked();
    hands.change_profile(|profile| profile.keeps_stock = true);
    hands.unlock(None).press(Press::Go(Place::Stock));
    assert!(matches!(hands.open().page, Page::Day(_)), "site and date are the day's");
    assert!(!hands.asked.iter().any(|effect| matches!(effect, Effect::Keep { .. })));
}
