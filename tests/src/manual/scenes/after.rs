//! What is done beside scanning: records, sending, the end of the day, settings, training.
//!
//! Must not: depend on how long the network takes.

use std::{sync::Arc, time::Duration};

use app::{
    profile::Profile,
    workflow::{
        Event, Phase,
        closing::ClosingEdit,
        open::{Open, Page},
        scan::Card,
    },
};
use store::UploadState;
use sync::{
    exchange::NetworkError,
    status::{Activity, SendProblem, SendStatus},
};

use crate::{
    manual::{player::Player, stage},
    network::Mood,
};

/// Whether a record of that many entries is shown, and that each of them has its receipt.
fn has_history(entries: usize) -> impl Fn(&Open) -> bool {
    move |open| match &open.page {
        Page::Entry(entry) => {
            entry.history.len() == entries
                && entry.history.iter().all(|row| matches!(row.state, UploadState::Delivered))
        }
        _ => false,
    }
}

pub(super) fn records(player: &mut Player) {
    let last_four = player.screen.open(|open| open.last.clone()).flatten().unwrap().last_four.unwrap();
    let (first, last) = last_four.split_at(3);
    player.begin("records");
    player.step_tap("記録", "Records");
    player.wait_open("the list", |open| matches!(&open.page, Page::Records(list) if list.loaded));
    player.step_tap("番号でさがす", "Search by number");
    player.screen.type_keys(first);
    player.step_point(last);
    player.screen.type_keys(last);
    player.wait_open(
        "the record",
        |open| matches!(&open.page, Page::Records(list) if list.loaded && list.rows.len() == 1),
    );
    let row = player.screen.label_where(|label| label.contains(&format!(" …{last_four} "))).unwrap();
    player.step_tap_label(&row);
    player.wait_open("its history", has_history(1));
    player.step_tap("この記録を訂正する", "Correct this record");
    player.step_tap_row("医師 ", "Physician ");
    player.tap_row("例示 一郎", "例示 一郎");
    player.step_tap("会場・ロットなどの設定の間違い", "The site, lot or another setting was wrong");
    player.step_tap("訂正を記録する", "Save the correction");
    player.wait_open("the correction and its receipt", has_history(2));
    player.wait_until_sent();
    player.step_tap("この記録を取り消す", "Cancel this record");
    player.tap("接種しなかった", "The person was not vaccinated");
    player.step_point(player.say("取消を記録する", "Save the cancellation"));
    player.tap("戻る", "Back");
    player.tap("読取", "Scan");
    player.wait_open("the scan page", |open| matches!(open.page, Page::Scan));
}

pub(super) fn sending(player: &mut Player) {
    player.stage.network.become_(Mood::Cut);
    let paper = player.papers.take();
    player.lay(&paper, paper.accepted());
    player.wait_open("the paper to be read", |open| matches!(open.scan.card, Card::Ready(_)));
    player.tap("記録する", "Record");
    player.wait_open("the record without its receipt", |open| {
        open.counts.pending == 1
            && open.sending.is_some_and(|status| matches!(status.activity, Activity::WaitingUntil { .. }))
    });
    player.clear();
    let now = stage::clock();
    player.sending = Some(SendStatus {
        activity: Activity::WaitingUntil { monotonic_ms: now.monotonic_ms + 40_000 },
        problem: Some(SendProblem::Network(NetworkError::Unreachable)),
        last_contact_at: Some(now.wall.plus_ms(-60_000)),
        clock_offset_ms: Some(0),
        later: 0,
        reference: Default::default(),
    });
    player.begin("sending");
    player.step_tap("送信待ち", "Unsent");
    player.wait_open("the page", |open| matches!(open.page, Page::Sending));
    player.step_look("that it waits", |label| {
        label.starts_with("ネットワークに") || label.starts_with("There is no way to the central")
    });
    player.step_point(player.say("今すぐ送る", "Send now"));
    player.sending = None;
    player.stage.network.become_(Mood::Open);
    player.tap("今すぐ送る", "Send now");
    player.wait_until_sent();
    player.step_look("that all is delivered", |label| {
        label.starts_with("すべて送信済み") || label.starts_with("Everything is delivered")
    });
}

fn closing_of(open: &Open) -> Option<&ClosingEdit> {
    open.closing.as_ref().filter(|_| matches!(open.page, Page::Closing))
}

pub(super) fn closing(player: &mut Player) {
    player.begin("closing");
    player.step_tap("締め", "Closing");
    player.wait_open("the day to be counted", |open| {
        closing_of(open).is_some_and(|edit| edit.entries.is_some())
    });
    player.step_tap_row("予診票", "Paper forms");
    let held = player.screen.open(|open| closing_of(open).unwrap().held().entries()).unwrap();
    let paper = (held + 1).to_string();
    player.step_point(&paper[..1]);
    player.screen.type_keys(&paper);
    player.step_tap("次へ", "Next");
    player.screen.type_keys("1");
    player.tap("次へ", "Next");
    player.step_tap("違いがあるまま締める", "Close the day although it differs");
    player.step_tap("この内容で締める", "Close the day like this");
    player.wait_open("the closing", |open| closing_of(open).is_some_and(|edit| edit.kept));
    player.wait_until_sent();
    player.step_look("that it is closed", |label| label == "締めました" || label == "Closed");
    player.tap("閉じる", "Close");
}

pub(super) fn stock(player: &mut Player) {
    let profile = player.screen.open(|open| Arc::clone(&open.profile)).unwrap();
    let keeping = Profile { keeps_stock: true, ..(*profile).clone() };
    player.screen.tell(Event::ProfileChanged(Arc::new(keeping)));
    player.begin("stock");
    player.step_tap("在庫", "Stock");
    player.wait_open("the page", |open| matches!(open.page, Page::Stock(_)));
    player.step_tap_row("内容 ", "What was done ");
    player.tap_row("受け取り ", "Received ");
    let lot = player.screen.label_where(|label| label.starts_with("FF3620")).unwrap();
    player.step_tap_label(&lot);
    player.tap("解凍・冷蔵", "Thawed, refrigerated");
    // Read from a slip: the number of no transfer, with the check digit that it would have.
    player.screen.type_keys("0000005724");
    player.step_tap("次へ", "Next");
    player.screen.type_keys("5");
    player.step_tap("次へ", "Next");
    if player.screen.open(|open| matches!(&open.page, Page::Stock(edit) if edit.at.is_some())).unwrap() {
        player.screen.type_keys("30");
        player.tap("次へ", "Next");
    }
    player.step_tap("在庫を記録する", "Record it");
    player.wait_open("the record", |open| matches!(&open.page, Page::Stock(edit) if edit.deed.is_none()));
    player.wait_until_sent();
    player.tap("閉じる", "Close");
    player.screen.tell(Event::ProfileChanged(profile));
    player.tap("読取", "Scan");
}

pub(super) fn settings(player: &mut Player) {
    /// Longer than the camera is looked through.
    const LOOKED_MS: i64 = 5_000;
    player.begin("settings");
    player.step_tap("設定", "Settings");
    player.step_point("150 %");
    player.step_tap("この端末を点検する", "Test this tablet");
    player.wait_open("the self-test", |open| matches!(open.page, Page::SelfTest(_)));
    // Whether this machine has a speaker is not shown.
    for _ in 0..50 {
        player.screen.look();
        std::thread::sleep(Duration::from_millis(10));
    }
    player.wait_until_sent();
    player.screen.tell(Event::Played(Ok(())));
    player.screen.tell(Event::Camera(app::camera::CameraState::Running));
    stage::later(LOOKED_MS);
    player
        .wait_open("its result", |open| matches!(&open.page, Page::SelfTest(test) if test.result.is_some()));
    let code = player.screen.open(|open| match &open.page {
        Page::SelfTest(test) => test.result.as_ref().map(|tested| tested.code.to_string()),
        _ => None,
    });
    let code = code.flatten().unwrap();
    player.step_look("the code", |label| label == code);
}

pub(super) fn training(player: &mut Player) {
    player.tap("ロック", "Lock");
    player.screen.wait_for("the lock", |state| matches!(state.phase, Phase::Locked(_)));
    player.begin("training");
    player.step_tap("見本の予診票で練習する", "Practise with sample papers");
    player.wait_open("training", |open| open.profile.is_training());
    player.step_look("that it is training", |label| {
        label.starts_with("練習中") || label.starts_with("Training:")
    });
    player.step_tap("練習を終える", "End training");
    player.screen.wait_for("the tablet's own lock", |state| matches!(state.phase, Phase::Locked(_)));
}
