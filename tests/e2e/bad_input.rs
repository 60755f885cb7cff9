//! What goes wrong at a site: each gets its own sentence and the next thing to do, and nothing is lost by it.
//! Both languages are looked at; that each sentence is in its own language is tested where they are written.

use std::{
    fs, io,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use app::{
    display::{Display, Language},
    keeper::STAYS_FREE_BYTES,
    messages::{self, Notice, NumberProblem, Said, SetupProblem, UnlockProblem},
    platform,
    shell::Config,
    workflow::{Phase, open::Page, scan::Card},
};
use central::clock::Clock;
use record::OcrLineError;
use seal::Error;
use sync::{exchange::NetworkError, status::SendProblem};
use tests::{
    central_process::CentralProcess,
    network::Mood,
    screen::{Screen, on_screen_thread},
    site::{self, Person, bundle_spec},
};

use crate::{
    impostor::answers_nonsense,
    place::{Place, go_to_sending, wait_for_receipts},
};

/// Both halves of what is said stand on the screen.
fn says(screen: &Screen, said: &Said) {
    for part in [&said.sentence, &said.next_step] {
        assert!(screen.shows(part), "“{part}” is not among {:?}", screen.texts());
    }
}

/// The same in both languages.
fn says_in_both(screen: &Screen, said: impl Fn(Language) -> Said) {
    for language in [Language::English, Language::Japanese] {
        screen.show_as(Display { language, ..Display::default() });
        says(screen, &said(language));
    }
}

fn says_notice(screen: &Screen, notice: &Notice) {
    let now = platform::now().wall;
    says_in_both(screen, |language| messages::notice(notice, language, now));
}

/// Chooses the one bundle file that is offered, and waits for what comes of it.
fn choose_only_bundle(screen: &Screen) {
    screen.wait_for(
        "the bundle file",
        |state| matches!(&state.phase, Phase::Setup(setup) if !setup.files.is_empty()),
    );
    screen.tap_where("the bundle file", |label| label.ends_with(".vrsbundle"));
    screen.wait_for("an answer", |state| {
        matches!(&state.phase, Phase::Setup(setup) if setup.typing.is_some() || state.notice.is_some())
    });
}

#[test]
fn a_bundle_that_cannot_be_used_says_why_and_leaves_the_tablet_as_it_was() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let good = fs::read(place.bundle()).unwrap();
        let two_months_ago = Clock::from_fn(|| platform::now().wall.plus_ms(-60 * 86_400_000));
        let earlier = CentralProcess::start(two_months_ago);
        let expired = earlier.make_bundle(&bundle_spec(&earlier.url(), 17)).file;
        let mut forged = good.clone();
        let middle = forged.len() / 2;
        forged[middle] ^= 1;
        let unsealed = seal::bundle::sign(
            &seal::device::SigningKey::from_seed([1; 32]).unwrap(),
            &site::open_bundle(&place.bundle(), None).bundle,
        );
        for (file, problem) in [
            (unsealed, SetupProblem::Bundle(Error::BundleUnsealed)),
            (b"a letter".to_vec(), SetupProblem::Bundle(Error::NotABundle)),
            (good[..good.len() - 9].to_vec(), SetupProblem::Bundle(Error::BundleTruncated)),
            (forged, SetupProblem::Bundle(Error::BundleSignature)),
            (expired, SetupProblem::Expired),
        ] {
            fs::write(place.bundle(), &file).unwrap();
            let screen = Screen::start(place.config());
            choose_only_bundle(&screen);
            says_notice(&screen, &Notice::Setup(problem));
            assert!(
                screen.state(|state| matches!(&state.phase, Phase::Setup(setup) if setup.offered.is_none()))
            );
            drop(screen);
            assert!(!place.tablet().join("profile.json").exists(), "nothing was set up");
        }
        fs::write(place.bundle(), &good).unwrap();
        drop(place.open(place.config()));
    });
}

#[test]
fn a_working_tablet_takes_no_bundle_of_another_tablet_or_another_sender() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        drop(place.open(place.config()));
        let stranger = CentralProcess::start(Clock::system());
        for (file, problem) in [
            (place.make_bundle(18).file, SetupProblem::OtherTablet),
            (stranger.make_bundle(&bundle_spec(&stranger.url(), 17)).file, SetupProblem::OtherSigner),
        ] {
            fs::write(place.bundle(), &file).unwrap();
            let screen = Screen::start(place.config());
            site::unlock(&screen, "見本 花子");
            screen.tap("設定");
            screen.tap("新しい設定ファイルを使う");
            site::permit(&screen, "見本 責任者");
            let profile = fs::read(place.tablet().join("profile.json")).unwrap();
            choose_only_bundle(&screen);
            says_notice(&screen, &Notice::Setup(problem));
            assert_eq!(fs::read(place.tablet().join("profile.json")).unwrap(), profile);
        }
    });
}

#[test]
fn a_wrong_pin_opens_nothing_is_slowed_down_and_wipes_nothing() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = place.open(place.config());
        let entries = place.record(&screen, 1);
        drop(screen);
        let screen = Screen::start(place.config());
        screen.tap("見本 花子");
        let mut waits = Vec::new();
        while waits.last().is_none_or(|wait_ms| *wait_ms == 0) {
            "111111".chars().for_each(|digit| screen.tap(&digit.to_string()));
            screen.press_return();
            screen.wait_for("the PIN to be refused", |state| {
                matches!(&state.phase, Phase::Locked(locked) if !locked.opening) && state.notice.is_some()
            });
            let notice = screen.state(|state| state.notice.clone()).unwrap();
            says_notice(&screen, &notice);
            let Notice::Unlock(UnlockProblem::WrongPin { wait_ms }) = notice else { panic!("{notice:?}") };
            waits.push(wait_ms);
            assert!(waits.len() < 6, "{waits:?}");
        }
        screen.wait_for("the wait to end", |state| {
            let over = |until_ms| platform::now().monotonic_ms >= until_ms;
            matches!(&state.phase, Phase::Locked(locked) if locked.wait_until_ms.is_none_or(over))
        });
        site::unlock(&screen, "見本 花子");
        assert_eq!(screen.open(|open| open.counts.entries), Some(entries));
    });
}

/// Nothing that can be read takes this long.
const UNREAD_AFTER: Duration = Duration::from_secs(12);
static FREE_BYTES: AtomicU64 = AtomicU64::new(u64::MAX);

fn free_bytes(_: &Path) -> io::Result<u64> {
    Ok(FREE_BYTES.load(Ordering::SeqCst))
}

/// Works on the next paper; why its entry was not kept, if it was not.
#[expect(clippy::disallowed_methods, reason = "whoever waits for a screen has a clock")]
fn try_to_record(screen: &Screen, place: &Place) -> Option<Notice> {
    let began = Instant::now();
    screen.wait_for("the next paper", |state| match &state.phase {
        Phase::Open(open) => match open.scan.card {
            Card::Ready(_) | Card::ForPerson(_) | Card::Stopped(_) => true,
            _ => began.elapsed() > UNREAD_AFTER,
        },
        _ => false,
    });
    if screen.open(|open| matches!(open.scan.card, Card::Ready(_))) != Some(true) {
        Person { screen, sheets: &place.sheets }.work_on_next(|_, _| {});
        return None;
    }
    let before = screen.open(|open| open.counts.entries).unwrap();
    screen.tap("記録する");
    screen.wait_for("the answer", |state| match &state.phase {
        Phase::Open(open) => open.counts.entries > before || matches!(state.notice, Some(Notice::Keep(_))),
        _ => false,
    });
    screen.state(|state| state.notice.clone()).filter(|notice| matches!(notice, Notice::Keep(_)))
}

#[test]
fn a_full_disk_refuses_the_next_entry_keeps_all_before_and_still_delivers_them() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = place.open(Config { free_bytes, ..place.config() });
        let mut entries = place.record(&screen, 1);
        FREE_BYTES.store(STAYS_FREE_BYTES, Ordering::SeqCst);
        // What fits into the pages that are there still goes in.
        let refused = loop {
            match try_to_record(&screen, &place) {
                Some(refused) => break refused,
                None => entries = screen.open(|open| open.counts.entries).unwrap(),
            }
            assert!(entries < 20, "the limit holds");
        };
        says_notice(&screen, &refused);
        assert_eq!(screen.open(|open| open.counts.entries), Some(entries));

        place.network.become_(Mood::Open);
        wait_for_receipts(&screen, entries);
        assert_eq!(place.at_central("count(*) FROM entries"), entries, "receipts still find room");

        FREE_BYTES.store(u64::MAX, Ordering::SeqCst);
        screen.tap("読取");
        screen.wait_for("the same paper again", |state| {
            matches!(&state.phase, Phase::Open(open)
            if matches!(open.scan.card, Card::Ready(_)))
        });
        screen.tap("記録する");
        screen.wait_for("the entry", |state| {
            matches!(&state.phase, Phase::Open(open)
            if open.counts.entries == entries + 1)
        });
    });
}

#[test]
fn a_server_that_is_not_ours_or_answers_nonsense_gets_nothing_and_marks_nothing() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = place.open(place.config());
        let entries = place.record(&screen, 1);
        go_to_sending(&screen);
        let stranger = CentralProcess::start(Clock::system());
        for (server, problem) in [
            (None, SendProblem::Network(NetworkError::Unreachable)),
            (Some(answers_nonsense(place.central.server_tls())), SendProblem::Nonsense),
            (Some(answers_nonsense(stranger.server_tls())), SendProblem::Network(NetworkError::Untrusted)),
        ] {
            if let Some(server) = server {
                // No connection of before stays open.
                place.network.become_(Mood::Cut);
                place.network.lead_to(server);
                place.network.become_(Mood::Open);
                screen.tap("今すぐ送る");
            }
            screen.wait_for(&format!("{problem:?}"), |state| match &state.phase {
                Phase::Open(open) => open.sending.is_some_and(|status| status.problem == Some(problem)),
                _ => false,
            });
            says_in_both(&screen, |language| messages::send_problem(problem, language));
            assert_eq!(screen.open(|open| open.counts.pending), Some(entries));
        }
        place.network.lead_to(place.central.address());
        wait_for_receipts(&screen, entries);
    });
}

#[test]
fn a_number_whose_municipality_does_not_exist_cannot_be_recorded() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let screen = place.open(place.config());
        screen.tap("手入力");
        screen.wait_for(
            "the keypad",
            |state| matches!(&state.phase, Phase::Open(open) if matches!(open.page, Page::Keypad(_))),
        );
        // A code whose check digit fits and that no municipality has, and one whose check digit does not fit.
        for (number, problem) in [
            ("239999970000000001", NumberProblem::UnknownMunicipality),
            ("231311310000000001", NumberProblem::Line(OcrLineError::MunicipalityCheckDigit)),
        ] {
            screen.type_keys(number);
            says_in_both(&screen, |language| messages::number(problem, language));
            assert!(!screen.can_tap("次へ"));
            number.chars().for_each(|_| screen.type_keys("\u{8}"));
        }
        assert_eq!(screen.open(|open| open.counts.entries), Some(0));
    });
}
