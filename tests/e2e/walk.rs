//! A walk through every page.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::path::Path;

use app::timing::Timing;
use central::clock::Clock;
use tests::{
    central_process::CentralProcess,
    screen::Screen,
    site::{self, Became, Person},
};

#[test]
fn walk() {
    let central = CentralProcess::start(Clock::system());
    let folder = tempfile::tempdir().unwrap();
    let bundle = central.make_bundle(&site::bundle_spec(&central.url(), 17));
    let file = folder.path().join("17号機.vrsbundle");
    std::fs::write(&file, &bundle.file).unwrap();
    let sheets = site::sheets(1);
    let screen =
        Screen::start(site::tablet(&folder.path().join("tablet"), Some(&file), &sheets, Timing::default()));
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures/walk");
    let mut number = 0;
    let mut picture = |screen: &Screen, name: &str| {
        number += 1;
        screen.picture(&pictures.join(format!("{number:02}-{name}.png")));
    };
    picture(&screen, "setup");
    site::set_up(&screen, "17号機.vrsbundle");
    picture(&screen, "unlock");
    site::unlock(&screen, "見本 花子");
    picture(&screen, "day");
    site::set_day(&screen);
    let person = Person { screen: &screen, sheets: &sheets };
    let mut all = Vec::new();
    for _ in 0..24 {
        let (sheet, became) = person.work_on_next(|screen, what| picture(screen, what));
        println!("{:?} {became:?}", sheet.flaw);
        all.push(became);
    }
    picture(&screen, "after");
    assert!(all.iter().filter(|became| **became == Became::Accepted).count() >= 12, "{all:?}");
}
