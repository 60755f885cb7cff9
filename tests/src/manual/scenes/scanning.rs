//! Papers under the camera, and numbers without one.
//!
//! Must not: be in a hurry: each paper has its receipt before the next picture is taken.

use app::workflow::{
    confirm::Compared,
    open::{Open, Page},
    scan::Card,
};

use crate::manual::{player::Player, stage};

/// Between two people, in milliseconds.
const NEXT_PERSON_MS: i64 = 60_000;

fn shows(is: impl Fn(&Card) -> bool) -> impl Fn(&Open) -> bool {
    move |open| matches!(open.page, Page::Scan) && is(&open.scan.card)
}

fn is_preview(label: &str) -> bool {
    ["カメラの映像", "Camera picture"].contains(&label)
}

fn is_crop(label: &str) -> bool {
    ["読み取った紙の切り抜き", "Cut-out of the paper that was read"].contains(&label)
}

pub(super) fn one_person(player: &mut Player) {
    let paper = player.papers.take();
    player.begin("one-person");
    player.step_look("the camera's picture", is_preview);
    player.lay(&paper, paper.accepted());
    player.wait_open("the paper to be read", shows(|card| matches!(card, Card::Ready(_))));
    player.step_look("the cut-out", is_crop);
    player.step_tap("記録する", "Record");
    player.wait_open("the entry", shows(|card| matches!(card, Card::Done(_))));
    player.wait_until_sent();
    player.step_look("that it is recorded", |label| label == "記録しました" || label == "Recorded");
    player.clear();
    player.step_look("the line about the one before", |label| {
        label.starts_with("直前") || label.starts_with("Before")
    });
    stage::later(NEXT_PERSON_MS);
}

pub(super) fn automatic(player: &mut Player) {
    const ONE_BY_ONE: [&str; 2] = [
        "記録方法: 1件ずつ。押すと自動に切り替わります。",
        "Recording: one by one. Press to switch to automatic.",
    ];
    const AUTOMATIC: [&str; 2] = [
        "記録方法: 自動。押すと1件ずつに切り替わります。",
        "Recording: automatic. Press to switch to one by one.",
    ];
    let paper = player.papers.take();
    player.begin("automatic");
    player.step_tap(ONE_BY_ONE[0], ONE_BY_ONE[1]);
    player.step_look("the way of recording", |label| AUTOMATIC.contains(&label));
    player.lay(&paper, paper.accepted());
    player.wait_open("the entry", shows(|card| matches!(card, Card::Done(_))));
    player.wait_until_sent();
    player.step_tap("取り消し", "Take back");
    player.wait_open("the cancellation", shows(|card| matches!(card, Card::TakenBack(_))));
    player.wait_until_sent();
    player.step_look("that it was taken back", |label| {
        label.starts_with("取り消しました") || label.starts_with("Taken back")
    });
    player.clear();
    player.step_tap(AUTOMATIC[0], AUTOMATIC[1]);
    stage::later(NEXT_PERSON_MS);
}

pub(super) fn person_needed(player: &mut Player) {
    let paper = player.papers.take();
    player.lay(&paper, paper.disputed());
    player.wait_open("the dispute", shows(|card| matches!(card, Card::ForPerson(_))));
    player.begin("person-needed");
    player.step_tap("確認する", "Check");
    player.wait_open("the comparison", |open| matches!(open.page, Page::Confirm(_)));
    player.step_look("the cut-out", is_crop);
    player.step_tap_label(&paper.number()[17..]);
    player.wait_open("the digit", |open| {
        matches!(&open.page, Page::Confirm(confirm) if confirm.digits.iter().all(|digit: &Compared| digit.digit().is_some()))
    });
    player.step_tap("券番号", "Coupon");
    player.step_tap("記録する", "Record");
    recorded(player);
}

pub(super) fn type_number(player: &mut Player) {
    let paper = player.papers.take();
    let number = paper.number();
    let (first, rest) = number.split_at(7);
    player.screen.show_on_preview(&paper.frame);
    player.begin("type-number");
    player.step_tap("手入力", "Type it");
    player.screen.type_keys(first);
    player.step_point(&rest[..1]);
    player.screen.type_keys(rest);
    player.step_tap("次へ", "Next");
    player.screen.type_keys(first);
    player.step_point(&rest[..1]);
    player.screen.type_keys(rest);
    player.step_tap("2回の番号を比べる", "Compare both");
    player.wait_open("the comparison", |open| matches!(open.page, Page::Confirm(_)));
    player.step_tap("記録する", "Record");
    recorded(player);
}

/// Back on the scan page, and the notice that it was recorded is closed.
fn recorded(player: &mut Player) {
    player.wait_open("the entry", |open| matches!(open.page, Page::Scan));
    player.wait_until_sent();
    player.tap("閉じる", "Close");
    player.clear();
    stage::later(NEXT_PERSON_MS);
}
