//! 使い方 over a page: what is half done stays as it is, and nothing is kept while nobody sees the page.

use app::{
    display::Language,
    manual::{HelpFor, task_for, tasks},
    workflow::{Effect, Event, Phase, Press, event::Place, leave::LOCKS_AFTER_MS, open::Page, scan::Card},
};
use scanner::Cause;

use crate::hands::*;

/// Where help opens.
fn opened(hands: &mut Hands) -> usize {
    hands.press(Press::Help);
    assert!(hands.asked.is_empty());
    let task = hands.state.help.as_ref().expect("help").task;
    hands.press(Press::CloseHelp);
    task
}

/// In continuous mode, with help open.
fn reading_help() -> Hands {
    let mut hands = Hands::scanning();
    hands.press(Press::SwitchMode).press(Press::Help);
    hands
}

fn looks_up(hands: &Hands, number: &str) -> bool {
    hands.asked.iter().any(|effect| matches!(effect, Effect::LookUp(asked) if *asked == line(number)))
}

#[test]
fn it_opens_at_the_task_of_the_page() {
    assert_eq!(opened(&mut Hands::fresh()), task_for(HelpFor::Setup));
    assert_eq!(opened(&mut Hands::locked()), task_for(HelpFor::Unlock));
    let mut hands = Hands::scanning();
    assert_eq!(opened(&mut hands), task_for(HelpFor::Scan));
    hands.press(Press::SwitchMode);
    assert_eq!(opened(&mut hands), task_for(HelpFor::ScanAutomatic));
    hands.disputed(LINE, Cause::Disagreement);
    assert_eq!(opened(&mut hands), task_for(HelpFor::ScanPerson));
    hands.press(Press::Settle);
    assert_eq!(opened(&mut hands), task_for(HelpFor::Confirm));
    hands.press(Press::Keypad);
    assert_eq!(opened(&mut hands), task_for(HelpFor::Keypad));
    for (place, page) in [
        (Place::Records, HelpFor::Records),
        (Place::Closing, HelpFor::Closing),
        (Place::Sending, HelpFor::Sending),
        (Place::About, HelpFor::Settings),
    ] {
        hands.press(Press::Go(place));
        assert_eq!(opened(&mut hands), task_for(page), "{page:?}");
    }
}

#[test]
fn closing_it_leads_back_to_what_was_half_done() {
    let mut hands = Hands::scanning();
    hands.press(Press::Keypad).type_number("23131");
    hands.press(Press::Help).type_number("999").press(Press::Done).press(Press::Back);
    hands.press(Press::Go(Place::About)).press(Press::Lock).press(Press::CloseHelp);
    assert!(hands.asked.is_empty());
    assert!(matches!(&hands.open().page, Page::Keypad(keypad) if keypad.typed == "23131"));
}

#[test]
fn a_paper_ready_to_be_recorded_is_still_there() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).nothing_earlier();
    hands.press(Press::Help).press(Press::Record);
    assert!(hands.to_keep().is_none(), "nobody saw that button");
    hands.press(Press::CloseHelp);
    assert!(matches!(hands.card(), Card::Ready(_)));
    hands.press(Press::Record);
    assert!(hands.to_keep().is_some());
}

#[test]
fn a_paper_seen_meanwhile_is_looked_at_once_help_is_closed() {
    let mut hands = reading_help();
    hands.accepted(LINE);
    assert!(hands.asked.is_empty());
    hands.press(Press::CloseHelp);
    assert!(looks_up(&hands, LINE));
    hands.nothing_earlier();
    assert!(hands.to_keep().is_some(), "it lies there, and papers are kept at once");
}

#[test]
fn a_paper_that_came_and_went_meanwhile_is_not_recorded() {
    let mut hands = reading_help();
    hands.accepted(LINE).gone();
    hands.press(Press::CloseHelp);
    assert!(hands.asked.is_empty());
    assert!(matches!(hands.card(), Card::Empty));
    let mut hands = reading_help();
    hands.accepted(LINE).gone().accepted(OTHER_LINE);
    hands.press(Press::CloseHelp);
    assert!(looks_up(&hands, OTHER_LINE) && !looks_up(&hands, LINE), "only what lies there");
}

#[test]
fn an_answer_that_comes_meanwhile_keeps_nothing_until_help_is_closed() {
    let answer = || Event::LookedUp { line: line(LINE), earlier: Vec::new() };
    let mut hands = Hands::scanning();
    hands.press(Press::SwitchMode).accepted(LINE).press(Press::Help).tell(answer());
    assert!(hands.asked.is_empty());
    hands.press(Press::CloseHelp);
    assert!(hands.to_keep().is_some(), "its paper lies there still");
    let mut hands = Hands::scanning();
    hands.press(Press::SwitchMode).accepted(LINE).press(Press::Help).tell(answer()).gone();
    hands.press(Press::CloseHelp);
    assert!(hands.to_keep().is_none(), "its paper has left");
}

#[test]
fn what_was_on_its_way_to_the_disk_arrives() {
    let mut hands = Hands::scanning();
    hands.accepted(LINE).nothing_earlier().press(Press::Record);
    let kept = hands.to_keep();
    assert!(kept.is_some());
    hands.kept_under(Press::Help);
    hands.press(Press::CloseHelp);
    assert!(matches!(hands.card(), Card::Done(_)));
}

#[test]
fn a_scanner_types_into_nothing_that_is_not_seen() {
    let mut hands = reading_help();
    hands.tell(Event::Typed(format!("A{}B", &LINE[8..])));
    assert!(hands.asked.is_empty());
    assert!(hands.state.notice.is_none());
}

#[test]
fn the_tablet_locks_itself_all_the_same() {
    let mut hands = Hands::scanning();
    hands.press(Press::Help);
    hands.now.monotonic_ms += LOCKS_AFTER_MS;
    hands.tell(Event::Tick);
    assert!(matches!(hands.state.phase, Phase::Locked(_)));
    assert!(hands.state.help.is_none(), "what the lock says is seen");
}

#[test]
fn it_leads_to_every_task_in_both_languages() {
    let mut hands = Hands::locked();
    hands.press(Press::Help).press(Press::ListHelp);
    assert!(hands.state.help.as_ref().unwrap().listing);
    let last = tasks().len() - 1;
    hands.press(Press::HelpWith(last)).press(Press::SwitchLanguage).press(Press::HelpWith(last + 1));
    let help = hands.state.help.as_ref().unwrap();
    assert_eq!((help.task, help.listing), (last, false));
    assert_eq!(hands.state.display.language, Language::English);
}
