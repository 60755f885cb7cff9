//! The pages: one module each, of the same name as its `.slint` file, with `connect` (what was pressed → event) and
//! `show` (state → properties).
//!
//! Must not: decide anything, or show one page's state on another.

pub(crate) mod about;
mod change;
mod closing;
mod confirm;
pub(crate) mod day;
mod entry;
mod frame;
mod help;
mod keypad;
mod model;
mod records;
pub(crate) mod scan;
mod selftest;
mod sending;
mod set_up_code;
mod setup;
mod stock;
mod unlock;
mod words;

use record::Moment;
use slint::ComponentHandle;
use ui::{Place, TabletWindow};

use crate::{
    shell::Post,
    workflow::{Phase, State, open::Page},
};

/// Connects every page's callbacks.
pub(crate) fn connect(window: &TabletWindow, post: &Post) {
    frame::connect(window, post);
    setup::connect(window, post);
    set_up_code::connect(window, post);
    unlock::connect(window, post);
    day::connect(window, post);
    scan::connect(window, post);
    confirm::connect(window, post);
    keypad::connect(window, post);
    records::connect(window, post);
    entry::connect(window, post);
    change::connect(window, post);
    closing::connect(window, post);
    stock::connect(window, post);
    sending::connect(window, post);
    about::connect(window, post);
    selftest::connect(window, post);
    help::connect(window, post);
}

/// Shows the page that is, with what it holds.
pub(crate) fn show(window: &TabletWindow, state: &State, now: Moment) {
    let language = state.display.language;
    let place = match &state.phase {
        Phase::Setup(setup) => match &setup.typing {
            Some(typing) if setup.chosen.is_none() => {
                set_up_code::show(window, typing, language, now);
                Place::SetUpCode
            }
            _ => {
                setup::show(window, setup, language);
                Place::Setup
            }
        },
        Phase::Locked(locked) => {
            unlock::show(window, locked, language, now);
            Place::Unlock
        }
        Phase::Open(open) => match &open.page {
            Page::Day(edit) => {
                day::show(window, open, edit, language, now);
                Place::Day
            }
            Page::Scan => {
                scan::show(window, open, language, now);
                Place::Scan
            }
            Page::Confirm(confirm) => {
                confirm::show(window, open, confirm, language, now);
                Place::Confirm
            }
            Page::Keypad(keypad) => {
                keypad::show(window, open, keypad, language, now);
                Place::Keypad
            }
            Page::Records(records) => {
                records::show(window, open, records, language, now);
                Place::Records
            }
            Page::Entry(entry) => {
                entry::show(window, open, entry, language, now);
                Place::Entry
            }
            Page::Change(change) => {
                change::show(window, open, change, language, now);
                Place::Change
            }
            Page::Closing => {
                closing::show(window, open, language, now);
                Place::Closing
            }
            Page::Stock(edit) => {
                stock::show(window, open, edit, language);
                Place::Stock
            }
            Page::Sending => {
                sending::show(window, open, language, now);
                Place::Sending
            }
            Page::About(about) => {
                about::show(window, state, open, about);
                Place::About
            }
            Page::SelfTest(test) => {
                selftest::show(window, test, language);
                Place::SelfTest
            }
        },
    };
    frame::show(window, state, now);
    help::show(window, state.help.as_ref(), language);
    // The page itself comes last: it is made with everything it needs.
    window.global::<ui::Frame>().set_place(place);
}
