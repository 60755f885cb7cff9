//! The whole way: from the device to the entry on the real screen, and every fault as staff read it.

use std::path::Path;

use app::{
    camera::{CameraState, Source},
    timing::Timing,
    workflow::{State, scan::Card},
};
use central::clock::Clock;
use fakecam::{Device, Mode, NAME, Offer, Picture, PixelFormat, Size, plug};
use tests::{
    central_process::CentralProcess,
    screen::{Screen, on_screen_thread},
    site::{self, Became, Person},
};

use super::{desk::Desk, watching::source};

/// A tablet that was set up, unlocked and given its day, with the camera in user space.
fn at_work(folder: &Path) -> Screen {
    let central = CentralProcess::start(Clock::system());
    let bundle = folder.join("17号機.vrsbundle");
    site::hand_out(&bundle, &central.make_bundle(&site::bundle_spec(&central.url(), 17)));
    let mut config = site::tablet(folder, Some(&bundle), &site::sheets(1), Timing::default());
    config.source = source();
    let screen = Screen::start(config);
    site::set_up(&screen, "17号機.vrsbundle");
    site::unlock(&screen, "見本 花子");
    site::set_day(&screen);
    screen
}

fn camera_is(state: &State, camera: CameraState) -> bool {
    matches!(&state.phase, app::workflow::Phase::Open(open) if open.camera == camera)
}

#[test]
fn sheets_under_the_camera_become_entries_with_the_digits_of_the_paper() {
    on_screen_thread(|| {
        let folder = tempfile::tempdir().unwrap();
        // The first three of a stack are sound.
        let stack = site::sheets(5);
        let desk = Desk::new(&stack, PixelFormat::Yuyv);
        let screen = at_work(folder.path());
        let person = Person { screen: &screen, sheets: &stack };
        for sheet in 0..3 {
            desk.lay(sheet);
            let truth = stack.sheets().sheets()[sheet].digits;
            let (paper, became) = person.work_on_next(|screen, card| {
                assert_eq!(card, "ready");
                let [kind, dose, municipality, coupon] =
                    [0..1, 1..2, 2..8, 8..18].map(|range| truth.as_str()[range].to_owned());
                assert!(screen.shows(&format!("{kind}-{dose}-{municipality}-{coupon}")), "as on the paper");
            });
            assert_eq!((paper.digits, became), (truth, Became::Accepted));
            let last = screen.open(|open| open.last.clone()).flatten().unwrap();
            assert_eq!(last.last_four.as_deref(), Some(&truth.as_str()[14..]));
            desk.clear();
            screen.wait_for("the desk to be clear", |state| {
                matches!(&state.phase, app::workflow::Phase::Open(open) if matches!(open.scan.card, Card::Empty))
            });
        }
        assert_eq!(screen.open(|open| open.counts.entries), Some(3));
    });
}

/// On which page a language is chosen, and how to come back to the camera.
fn switch(screen: &Screen, settings: &str, language: &str, scan: &str) {
    screen.tap(settings);
    screen.tap(language);
    screen.tap(scan);
}

fn says_in_both_languages(screen: &Screen, state: CameraState, japanese: &str, english: &str) {
    screen.wait_for(japanese, |now| camera_is(now, state));
    assert!(screen.shows(japanese), "{japanese}: {:?}", screen.texts());
    switch(screen, "設定", "English", "Scan");
    assert!(screen.shows(english), "{english}: {:?}", screen.texts());
    assert!(screen.can_tap("Type it"), "work goes on without a camera");
    switch(screen, "Settings", "日本語", "読取");
}

#[test]
fn every_fault_of_a_camera_is_a_clear_sentence_in_both_languages() {
    on_screen_thread(|| {
        let folder = tempfile::tempdir().unwrap();
        let offer = |form| Offer { form, size: Size { width: 640, height: 360 }, fps: 15 };
        let camera = |form| {
            let table = |_, size: Size| Picture { size, luma: vec![90; size.pixels()] };
            Device::drawn(offer(form), table)
        };
        let plugged = plug(camera(PixelFormat::Yuyv));
        let screen = at_work(folder.path());
        screen.wait_for("the camera", |state| camera_is(state, CameraState::Running));
        assert!(screen.shows("接種券を枠に合わせてください"));

        plugged.set(Mode::Stall);
        says_in_both_languages(
            &screen,
            CameraState::NotAnswering,
            "カメラが応答しません。",
            "The camera does not answer.",
        );
        plugged.set(Mode::Unplugged);
        says_in_both_languages(
            &screen,
            CameraState::Missing,
            "カメラが見つかりません。",
            "No camera was found.",
        );
        for others in [Mode::Taken, Mode::Locked] {
            plugged.set(others);
            says_in_both_languages(
                &screen,
                CameraState::Busy,
                "ほかのプログラムがカメラを使っています。",
                "Another program uses the camera.",
            );
            plugged.set(Mode::Unplugged);
            screen.wait_for("the camera to be gone", |state| camera_is(state, CameraState::Missing));
        }
        drop(plugged);
        let plugged = plug(camera(PixelFormat::Grey));
        says_in_both_languages(
            &screen,
            CameraState::Unusable,
            "このカメラの映像の形式は使えません。",
            "This camera gives pictures that cannot be used.",
        );
        drop(plugged);
        let _plugged = plug(camera(PixelFormat::Nv12));
        screen.wait_for("another camera", |state| camera_is(state, CameraState::Running));
        assert!(!screen.shows("このカメラの映像の形式は使えません。"));
        drop(screen);
    });
}

#[test]
fn a_chosen_camera_shows_its_picture_in_the_settings_and_is_the_one_after_a_restart() {
    on_screen_thread(|| {
        let folder = tempfile::tempdir().unwrap();
        let plugged = plug(Device::drawn(
            Offer { form: PixelFormat::Yuyv, size: Size { width: 640, height: 360 }, fps: 15 },
            |_, size: Size| Picture { size, luma: vec![90; size.pixels()] },
        ));
        let screen = at_work(folder.path());
        screen.tap("設定");
        screen.tap_where("the camera", |label| label.starts_with(NAME));
        screen.wait_for("its picture", |state| camera_is(state, CameraState::Running));
        screen.wait_for("the picture's place", |_| true);
        assert!(screen.shows("カメラに映っているもの"), "{:?}", screen.texts());
        let folder_of_pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures/tablet");
        screen.picture(&folder_of_pictures.join("settings-camera-ja-100.png"));
        drop(screen);

        // Started without a word: what was chosen is filmed with, and no other camera of the machine.
        let mut config = site::tablet(folder.path(), None, &site::sheets(1), Timing::default());
        config.source = Source::Device(None);
        let screen = Screen::start(config.clone());
        site::unlock(&screen, "見本 花子");
        screen.wait_for("the camera", |state| camera_is(state, CameraState::Running));
        drop(screen);

        drop(plugged);
        let screen = Screen::start(config);
        site::unlock(&screen, "見本 花子");
        screen.wait_for("the camera to be missed", |state| camera_is(state, CameraState::Missing));
        screen.tap("設定");
        screen.wait_for("the list", |_| true);
        screen.tap_where("the automatic choice", |label| label == "自動");
    });
}
