//! The tasks as they are played, one after the other on one tablet, from setting it up to the end of the day.
//!
//! Must not: say what `assets/manual/tasks.json` says; a scene shows it.

mod after;
mod scanning;

use app::{
    display::Language,
    workflow::{Event, Phase, event::FoundBundle, open::Page},
};

use super::{Played, player::Player};
use crate::site::{self, PIN};

/// What is seen of a set-up code: each central makes others.
const SHOWN_DIGITS: &str = "1234";
/// Papers that the scenes take.
const PAPERS: usize = 5;

/// Plays everything.
pub(super) fn play(language: Language) -> Vec<Played> {
    let mut player = Player::new(language, PAPERS);
    spare_tablet(&mut player);
    unlock(&mut player);
    day(&mut player);
    scanning::one_person(&mut player);
    scanning::automatic(&mut player);
    scanning::person_needed(&mut player);
    scanning::type_number(&mut player);
    after::records(&mut player);
    after::sending(&mut player);
    after::closing(&mut player);
    after::stock(&mut player);
    after::settings(&mut player);
    after::training(&mut player);
    player.finish()
}

fn is_bundle(label: &str) -> bool {
    label.contains(".vrsbundle")
}

/// What is shown names a central as it would be named; what is used has the one of this process.
fn spare_tablet(player: &mut Player) {
    let found = |path: std::path::PathBuf| Event::BundlesFound(vec![FoundBundle { path }]);
    player.begin("spare-tablet");
    player.screen.wait_for(
        "the list of bundle files",
        |state| matches!(&state.phase, Phase::Setup(setup) if !setup.files.is_empty()),
    );
    player.screen.tell(found("/media/usb/17号機.vrsbundle".into()));
    let label = player.screen.label_where(is_bundle).unwrap();
    player.step_point(&label);
    player.screen.tell(found(player.stage.shown_bundle()));
    player.screen.tap_where("the bundle file", is_bundle);
    type_code(player, true);
    wait_for_facts(player);
    player.step_look("the tablet", |label| {
        label.starts_with("この端末は ") || label.starts_with("This tablet becomes ")
    });
    player.step_look("the check number", |label| {
        label.starts_with("確認番号") || label.starts_with("Check number")
    });
    let label = player.say("番号は同じ。この設定を使う", "The number is the same: use it");
    player.step_point(label);
    player.tap("ほかのファイルを選ぶ", "Choose another file");
    player.screen.tell(found(player.stage.bundle()));
    player.screen.tap_where("the bundle file", is_bundle);
    type_code(player, false);
    wait_for_facts(player);
    player.screen.tap(label);
    player.screen.wait_for("the locked screen", |state| matches!(state.phase, Phase::Locked(_)));
    player.step_point("見本 花子");
}

/// The sixteen digits from the paper.
fn type_code(player: &mut Player, is_shown: bool) {
    player.screen.wait_for(
        "the question for the code",
        |state| matches!(&state.phase, Phase::Setup(setup) if setup.typing.is_some()),
    );
    if is_shown {
        player.screen.type_keys(SHOWN_DIGITS);
        player.step_point("5");
        SHOWN_DIGITS.chars().for_each(|_| player.screen.type_keys("\u{8}"));
    }
    site::type_code(&player.screen);
}

fn wait_for_facts(player: &Player) {
    player.screen.wait_for(
        "the facts of the bundle",
        |state| matches!(&state.phase, Phase::Setup(setup) if setup.chosen.is_some()),
    );
}

fn unlock(player: &mut Player) {
    let (first, rest) = PIN.split_at(2);
    player.begin("unlock");
    player.step_tap_label("見本 花子");
    player.screen.type_keys(first);
    player.step_point(&rest[..1]);
    player.screen.type_keys(rest);
    player.step_tap("ロックを解除", "Unlock");
    player.wait_open("the day", |open| matches!(open.page, Page::Day(_)));
    player.wait_until_sent();
    player.step_tap("ロック", "Lock");
    player.screen.wait_for("the lock", |state| matches!(state.phase, Phase::Locked(_)));
    player.step_point("見本 次郎");
    player.unlock();
}

fn day(player: &mut Player) {
    player.begin("day");
    player.step_tap_row("会場 ", "Site ");
    player.step_tap_row("見本市民体育館", "見本市民体育館");
    for (japanese, english, choice) in
        [("医師 ", "Physician ", "見本 太郎"), ("ワクチン ", "Vaccine ", "ファイザー")]
    {
        player.tap_row(japanese, english);
        player.tap_row(choice, choice);
    }
    player.step_tap_row("ロット番号 ", "Lot ");
    player.step_look("what the camera is for", |label| {
        label.starts_with("箱のコード") || label.starts_with("Hold the code")
    });
    player.screen.tell(Event::LotsSeen(vec!["FF3620".parse().unwrap()]));
    player.step_tap_row("FF3620", "FF3620");
    player.step_tap_row("接種回数 ", "Dose ");
    player.tap_row("3回目", "dose 3");
    player.step_tap("この設定で始める", "Start with these settings");
    player.wait_open("the scan page", |open| matches!(open.page, Page::Scan));
    player.clear();
}
