//! Spares: a tablet out of a box, offline; what is wrong with a file, a code or a number; and a tablet that nobody can unlock.
//!
//! Must not: open a bundle otherwise than with the code from its paper.

use std::{collections::BTreeMap, fs, path::Path, sync::mpsc::channel};

use app::{
    boxes, keeper,
    keeper::{Job, Keeper},
    messages::{Notice, SetupProblem},
    platform, recover,
    timing::Timing,
    workflow::{Event, Phase},
};
use central::{
    boxes::MadeBox,
    case::DecisionReason,
    proof::{Proof, ProofError},
    recovery::{self, Asked, ReleaseError},
    roles::Role,
    storage::FreshFactor,
};
use record::TabletId;
use seal::{
    random::SystemRandom,
    set_up_code::SetUpCode,
    totp::{Secret, Step},
};
use serde_json::json;
use sync::status::SendProblem;
use tests::{
    album::Album,
    network::Mood,
    screen::{Screen, on_screen_thread},
    site::{self, bundle_spec},
};

use crate::place::{Place, go_to_sending, wait_for_receipts};

/// A box of three spares, as `spares.vrsbundle` in the site's folder.
fn box_of_spares(place: &Place) -> (std::path::PathBuf, MadeBox) {
    let mut spec = bundle_spec(&format!("https://127.0.0.1:{}", place.network.port()), 17);
    spec["kind"] = json!("spares");
    spec["tablets"] = (900..903)
        .map(|number| json!({"tablet_number": number, "tablet_name": format!("予備機{}", number - 899)}))
        .collect();
    let made = place.central.make_bundle(&spec);
    let file = place.bundle().with_file_name("spares.vrsbundle");
    site::hand_out(&file, &made);
    (file, made)
}

fn spare(place: &Place, folder: &str, file: &Path) -> Screen {
    let folder = place.tablet().with_file_name(folder);
    Screen::start(site::tablet(&folder, Some(file), &place.sheets, Timing::default()))
}

/// Chooses the box; its numbers are shown.
fn offer(screen: &Screen) {
    screen.wait_for(
        "the list of bundle files",
        |state| matches!(&state.phase, Phase::Setup(setup) if !setup.files.is_empty()),
    );
    screen.tap_where("the box", |label| label.ends_with("spares.vrsbundle"));
    screen.wait_for(
        "the numbers",
        |state| matches!(&state.phase, Phase::Setup(setup) if setup.offered.is_some()),
    );
}

/// Chooses the box and that number in it.
fn choose(screen: &Screen, number: &str) {
    offer(screen);
    screen.tap_where(number, |label| label.contains(number));
}

fn set_up(screen: &Screen, number: &str) {
    choose(screen, number);
    site::type_code(screen);
    screen.wait_for(
        "the facts of the bundle",
        |state| matches!(&state.phase, Phase::Setup(setup) if setup.chosen.is_some()),
    );
    screen.tap("番号は同じ。この設定を使う");
    screen.wait_for("the locked screen", |state| matches!(state.phase, Phase::Locked(_)));
}

fn work(place: &Place, screen: &Screen, sheets: usize) -> u64 {
    site::unlock(screen, "見本 花子");
    site::set_day(screen);
    place.record(screen, sheets)
}

fn says(screen: &Screen, part: &str) {
    assert!(screen.texts().iter().any(|text| text.contains(part)), "{part}: {:?}", screen.texts());
}

/// Every file of a folder.
fn all_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    };
    fs::read_dir(folder).unwrap().map(read).collect()
}

#[test]
fn a_spare_out_of_a_box_works_offline_and_no_second_tablet_takes_its_number() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let (file, _) = box_of_spares(&place);
        let screen = spare(&place, "spare-1", &file);
        set_up(&screen, "131130-0901");
        let entries = work(&place, &screen, 2);
        assert!(entries > 0);

        // The next tablet is told what is used, and takes another number.
        let second = spare(&place, "spare-2", &file);
        choose(&second, "131130-0901");
        says(&second, "すでに別の端末で使われています");
        assert!(second.state(|state| matches!(&state.phase, Phase::Setup(setup) if setup.typing.is_none())));
        second.tap_where("another number", |label| label.contains("131130-0902"));
        second.wait_for(
            "the question for the code",
            |state| matches!(&state.phase, Phase::Setup(setup) if setup.typing.is_some()),
        );
        drop(second);

        place.network.become_(Mood::Open);
        wait_for_receipts(&screen, entries);
        assert_eq!(place.at_central("count(*) FROM entries WHERE tablet_number = 901"), entries);
    });
}

#[test]
fn of_two_copies_of_one_file_the_second_device_is_refused_and_says_so() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Open);
        let (file, made) = box_of_spares(&place);
        let screen = spare(&place, "spare-1", &file);
        set_up(&screen, "131130-0900");
        let entries = work(&place, &screen, 1);
        wait_for_receipts(&screen, entries);
        drop(screen);

        // A copy that was made before carries no mark.
        let copied = file.with_file_name("copy");
        fs::create_dir(&copied).unwrap();
        let copy = copied.join("spares.vrsbundle");
        site::hand_out(&copy, &made);
        let second = spare(&place, "spare-2", &copy);
        set_up(&second, "131130-0900");
        site::unlock(&second, "見本 花子");
        second.wait_for("the refusal", |state| match &state.phase {
            Phase::Open(open) => {
                open.sending.is_some_and(|status| status.problem == Some(SendProblem::TokenRefused))
            }
            _ => false,
        });
        assert_eq!(place.at_central("count(*) FROM devices"), 1, "one number, one device");
        assert_eq!(place.at_central("count(*) FROM entries"), entries);
    });
}

#[test]
fn a_revoked_bundle_sets_a_tablet_up_and_is_refused_when_it_enrols() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let (file, made) = box_of_spares(&place);
        place.central.add_account_as("shibuya-1", Role::MunicipalityApprover("131130".parse().unwrap()));
        let storage = place.central.storage();
        let said = central::storage::Said {
            by: "shibuya-1".parse().unwrap(),
            reason: "USBメモリーを紛失".parse().unwrap(),
            at: place.central.now(),
        };
        let issued_at = made.issued_at;
        place.central.wait(async move {
            let municipality = "131130".parse().unwrap();
            assert_eq!(storage.revoke_box(municipality, issued_at, said).await.unwrap(), 3);
            assert!(storage.bundles("131130-0900".parse().unwrap()).await.unwrap()[0].revoked.is_some());
        });
        place.network.become_(Mood::Open);
        let screen = spare(&place, "spare-1", &file);
        set_up(&screen, "131130-0900");
        site::unlock(&screen, "見本 花子");
        screen.wait_for("the refusal", |state| match &state.phase {
            Phase::Open(open) => {
                open.sending.is_some_and(|status| status.problem == Some(SendProblem::TokenRefused))
            }
            _ => false,
        });
        assert_eq!(place.at_central("count(*) FROM devices"), 0);
    });
}

#[test]
fn a_wrong_code_is_slowed_down_and_a_mistyped_one_is_noticed_and_nothing_is_set_up() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Cut);
        let (file, _) = box_of_spares(&place);
        let screen = spare(&place, "spare-1", &file);
        let mut album = Album::of_what_changes();
        offer(&screen);
        album.look(&screen, "setup-slots");
        screen.tap_where("its number", |label| label.contains("131130-0900"));
        let of = |number: &str| site::code_on_paper(&file, Some(number.parse::<TabletId>().unwrap()));
        let digits = |code: &SetUpCode| code.in_groups().replace(' ', "");
        let mut mistyped = digits(&of("131130-0900")).into_bytes();
        mistyped[3] = b'0' + (mistyped[3] - b'0' + 1) % 10;
        screen.type_keys(&String::from_utf8(mistyped).unwrap());
        screen.press_return();
        says(&screen, "設定コードの数字が違うようです");
        (0..16).for_each(|_| screen.type_keys("\u{8}"));
        for attempt in 1..=3 {
            screen.type_keys(&digits(&of("131130-0901")));
            screen.press_return();
            screen.wait_for("the refusal", |state| {
                matches!(&state.phase, Phase::Setup(setup) if setup.typing.as_ref().is_some_and(|typing| !typing.opening))
                    && matches!(state.notice, Some(Notice::Setup(SetupProblem::WrongCode { .. })))
            });
            says(&screen, "この端末番号の設定コードではありません");
            let slowed = matches!(
                screen.state(|state| state.notice.clone()),
                Some(Notice::Setup(SetupProblem::WrongCode { wait_ms })) if wait_ms > 0
            );
            assert_eq!(slowed, attempt == 3);
        }
        album.look(&screen, "setup-code-wrong");
        album.close();
        let folder = place.tablet().with_file_name("spare-1");
        assert!(!folder.join("profile.json").exists() && !folder.join("vault.json").exists());
        assert!(boxes::look_at(&file, None).unwrap().used.is_empty());
    });
}

#[test]
fn a_box_altered_in_any_byte_changes_nothing_on_a_tablet_at_work() {
    let place = Place::new(Mood::Cut);
    let folder = place.tablet();
    let tablet = folder.clone();
    let (place, entries) = {
        let (done, waiting) = channel();
        on_screen_thread(move || {
            let screen = place.open(place.config());
            let entries = place.record(&screen, 1);
            drop(screen);
            let _ = done.send((place, entries));
        });
        waiting.recv().unwrap()
    };
    assert!(entries > 0);
    let profile = app::profile::Profile::read(&folder).unwrap().map(Into::into);
    let before = all_of(&folder);
    let good = fs::read(place.bundle()).unwrap();
    let (told, heard) = channel();
    let start = keeper::Start {
        folder: tablet,
        clock: platform::now,
        free_bytes: platform::free_bytes,
        device: None,
        profile,
        timing: Timing::default(),
    };
    let keeper = Keeper::start(start, move |event| drop(told.send(event))).unwrap();
    let altered = place.bundle().with_file_name("altered.vrsbundle");
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        fs::write(&altered, &bytes).unwrap();
        keeper.order(Job::LookAtBox(altered.clone()));
        let said = heard.recv().unwrap();
        assert!(matches!(said, Event::BoxOffered(Err(_))), "byte {at}");
    }
    drop(keeper);
    assert_eq!(all_of(&folder), before);
    println!("{} bytes altered, each refused", good.len());
}

/// Somebody with an account and an authenticator.
struct Officer {
    password: String,
    secret: Secret,
}

fn officer(place: &Place, name: &str, role: Role) -> Officer {
    let (password, mut random) = (place.central.add_account_as(name, role), SystemRandom::default());
    let secret = Secret::generate(&mut random).unwrap();
    let keeping =
        central::directory::DataDirectory::open(&place.central.data()).unwrap().keeping_key().unwrap();
    let factor = FreshFactor {
        sealed_secret: keeping.seal(name, secret.as_bytes(), &mut random).unwrap(),
        step: Step::from_number(0),
        recovery: Vec::new(),
        at: place.central.now(),
    };
    let (storage, account) = (place.central.storage(), name.parse().unwrap());
    assert!(place.central.wait(async move { storage.set_second_factor(account, factor).await.unwrap() }));
    Officer { password, secret }
}

#[test]
fn a_tablet_whose_pins_are_all_lost_delivers_every_record_by_its_recovery_key() {
    let (done, waiting) = channel();
    on_screen_thread(move || {
        let place = Place::new(Mood::Cut);
        let screen = place.open(place.config());
        let entries = place.record(&screen, 3);
        go_to_sending(&screen);
        drop(screen);
        let _ = done.send((place, entries));
    });
    let (place, entries) = waiting.recv().unwrap();
    assert!(entries > 0 && place.at_central("count(*) FROM entries") == 0);
    // Everybody forgot: no wrapped key can be opened, and no vault that needs one.
    fs::remove_file(place.tablet().join("vault.json")).unwrap();
    let (shibuya, chiyoda) = ("131130".parse().unwrap(), "131016".parse().unwrap());
    let officers: BTreeMap<&str, Officer> = [
        ("shibuya-1", Role::MunicipalityStaff(shibuya)),
        ("shibuya-2", Role::MunicipalityApprover(shibuya)),
        ("chiyoda-1", Role::MunicipalityApprover(chiyoda)),
    ]
    .map(|(name, role)| (name, officer(&place, name, role)))
    .into();
    let kept = fs::read(place.tablet().join("recovery.json")).unwrap();
    let now = place.central.now();
    let proof = |name: &str, step: i64| {
        let known = officers.get(name);
        Proof {
            account: name.parse().unwrap(),
            password: known.map_or_else(Default::default, |known| known.password.clone().into()),
            code: known.map_or_else(Default::default, |known| {
                known.secret.code(Step::at(now.plus_ms(step * 30_000)))
            }),
        }
    };
    let release_as = |asked_by: Proof, allowed_by: Proof| {
        let directory = central::directory::DataDirectory::open(&place.central.data()).unwrap();
        let (storage, kept) = (place.central.storage(), kept.clone());
        let asked = Asked {
            asked_by,
            allowed_by,
            reason: "暗証番号が全員分からない".parse::<DecisionReason>().unwrap(),
        };
        place.central.wait(async move {
            let mut random = SystemRandom::default();
            recovery::release(&directory, &*storage, &kept, asked, now, &mut random).await
        })
    };
    let release = |asked_by: &str, allowed_by: &str| release_as(proof(asked_by, 0), proof(allowed_by, 0));
    assert!(release("shibuya-1", "shibuya-1").is_err(), "one person alone");
    assert!(release("shibuya-1", "chiyoda-1").is_err(), "somebody of another municipality");
    assert!(release("shibuya-1", "nobody-1").is_err(), "somebody who is not there");
    assert!(
        matches!(release("shibuya-2", "shibuya-1"), Err(ReleaseError::NoApprover(_))),
        "who may allow nothing"
    );
    // Whoever keeps the server can name them, and cannot be them.
    let with = |change: fn(&mut Proof)| {
        let mut allowed_by = proof("shibuya-2", 0);
        change(&mut allowed_by);
        release_as(proof("shibuya-1", 0), allowed_by)
    };
    for wrong in [
        with(|proof| proof.password = "not the password".to_owned().into()),
        with(|proof| proof.code = "000000".to_owned().into()),
        release_as(
            Proof { code: proof("shibuya-2", 0).code, ..proof("shibuya-1", 0) },
            proof("shibuya-2", 0),
        ),
    ] {
        assert!(matches!(wrong, Err(ReleaseError::Proof(ProofError::Wrong(_)))));
    }
    assert_eq!(place.at_central("count(*) FROM recovery_releases"), 0);
    let released = release("shibuya-1", "shibuya-2").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(place.at_central("count(*) FROM recovery_releases"), 1);
    assert_eq!(place.at_central("count(*) FROM audit WHERE kind = 'recovery_released'"), 1);
    assert!(release("shibuya-1", "shibuya-2").is_err(), "a code counts once");
    let wrong = SetUpCode::generate(&mut SystemRandom::default()).unwrap();
    let deliver = |code: &SetUpCode, patience_ms| {
        let patience = std::time::Duration::from_millis(patience_ms);
        recover::deliver(&place.tablet(), &released.file, code, platform::now, patience, |_| {})
    };
    assert!(matches!(deliver(&wrong, 500), Err(recover::RecoverProblem::WrongCode)));
    let unfinished = deliver(&released.code, 500);
    assert!(
        matches!(unfinished, Err(recover::RecoverProblem::Unfinished { waiting, .. }) if waiting == entries)
    );
    place.network.become_(Mood::Open);
    let counts = deliver(&released.code, 60_000).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((counts.entries, counts.pending), (entries, 0));
    assert_eq!(place.at_central("count(*) FROM entries"), entries);
}

#[test]
fn new_settings_for_a_tablet_at_work_are_taken_by_it_and_by_no_new_device() {
    on_screen_thread(|| {
        let place = Place::new(Mood::Open);
        let screen = place.open(place.config());
        let entries = place.record(&screen, 1);
        wait_for_receipts(&screen, entries);
        site::hand_out(&place.bundle(), &place.make_bundle(17));
        let new = spare(&place, "spare-1", &place.bundle());
        new.wait_for(
            "the list of bundle files",
            |state| matches!(&state.phase, Phase::Setup(setup) if !setup.files.is_empty()),
        );
        new.tap_where("the bundle file", |label| label.ends_with(".vrsbundle"));
        new.wait_for("the refusal", |state| {
            matches!(state.notice, Some(Notice::Setup(SetupProblem::OnlyRenews(_))))
        });
        drop(new);
        screen.tap("設定");
        screen.tap("新しい設定ファイルを使う");
        site::permit(&screen, "見本 責任者");
        site::choose_bundle(&screen, ".vrsbundle");
        screen.tap("番号は同じ。この設定を使う");
        screen.wait_for("the locked screen", |state| matches!(state.phase, Phase::Locked(_)));
        site::unlock(&screen, "見本 花子");
        assert_eq!(screen.open(|open| open.counts.entries), Some(entries), "nothing recorded was touched");
    });
}
