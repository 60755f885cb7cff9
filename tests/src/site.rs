//! A vaccination site of the tests: its bundle, its staff, its day, and one person who works at the tablet.
//!
//! Must not: know the state of the program better than a person in front of it could.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use app::{
    boxes,
    camera::{SheetsUnderCamera, Source},
    command_line::demo_sheets,
    platform,
    shell::Config,
    timing::Timing,
    workflow::{
        Phase,
        confirm::GROUPS,
        open::Page,
        scan::{Card, Stop},
        setup::Setup,
    },
};
use central::boxes::MadeBox;
use record::TabletId;
use seal::{bundle::VerifiedBundle, set_up_code::SetUpCode};
use serde_json::{Value, json};
use sheets::Sheet;

use crate::screen::Screen;

/// The PIN of everybody at the site.
pub const PIN: &str = "246810";

/// What a central is asked to put into the bundle.
pub fn bundle_spec(central_url: &str, tablet_number: u32) -> Value {
    json!({
        "municipality": "131130", "kind": "tablet",
        "tablets": [{"tablet_number": tablet_number, "tablet_name": format!("{tablet_number}号機")}],
        "central_url": central_url, "valid_days": 30,
        "staff": [
            {"staff_id": "staff-01", "name": "見本 花子", "role": "staff", "pin": PIN},
            {"staff_id": "staff-02", "name": "見本 次郎", "role": "staff", "pin": PIN},
            {"staff_id": "admin-01", "name": "見本 責任者", "role": "administrator", "pin": PIN},
        ],
        "sites": [
            {"facility_code": "1311399999", "name": "見本市民体育館"},
            {"facility_code": "1311388888", "name": "見本区役所ホール"},
        ],
        "physicians": ["見本 太郎", "例示 一郎", "試験 和子"],
        "vaccines": [
            {"vaccine": {"manufacturer": "ファイザー", "product": "コミナティ筋注"}, "doses_per_vial": 6,
                "lots": [
                    {"lot": "FF3620", "expires_on": "2026-08-31", "extended_to": "2047-02-28"},
                    {"lot": "FL1839", "expires_on": "2047-03-31"},
                    {"lot": "FM3289", "expires_on": "2047-03-31", "doses": 1},
                    {"lot": "FJ7489", "expires_on": "2021-09-30"},
                    {"lot": "FK0108", "expires_on": "2047-03-31", "recalled_at": 1_629_936_000_000_i64},
                ]},
            {"vaccine": {"manufacturer": "武田/モデルナ", "product": "スパイクバックス筋注"},
                "lots": [{"lot": "3004734", "expires_on": "2047-01-31"}]},
        ],
        "doses": ["1", "2", "3"],
        "expected_municipalities": ["131130"],
    })
}

/// The stack of sample sheets of that seed.
pub fn sheets(seed: u64) -> SheetsUnderCamera {
    demo_sheets(seed).unwrap()
}

/// A tablet with its files in `folder`, sheets under its camera.
pub fn tablet(folder: &Path, bundle: Option<&Path>, sheets: &SheetsUnderCamera, timing: Timing) -> Config {
    Config {
        folder: folder.to_owned(),
        bundle: bundle.map(Path::to_owned),
        source: Source::Sheets(sheets.clone()),
        clock: platform::now,
        free_bytes: platform::free_bytes,
        device: None,
        timing,
    }
}

/// Hands a box out: the file where it belongs, and beside it the paper with its set-up codes, which a person holds.
pub fn hand_out(file: &Path, made: &MadeBox) {
    std::fs::write(file, &made.file).unwrap();
    let codes = made.slots.iter().map(|slot| format!("{} {}\n", slot.tablet_id, *slot.code.in_groups()));
    std::fs::write(paper_of(file), codes.collect::<String>()).unwrap();
}

/// Where the paper lies that belongs to that file.
pub fn paper_of(file: &Path) -> PathBuf {
    file.with_extension("paper")
}

/// The set-up code of that tablet, from the paper; of the only one where none is named.
pub fn code_on_paper(file: &Path, tablet_id: Option<TabletId>) -> SetUpCode {
    let paper = std::fs::read_to_string(paper_of(file)).unwrap();
    let lines = paper.lines().filter_map(|line| line.split_once(' '));
    let of_tablet = |id: &str| tablet_id.is_none_or(|tablet_id| tablet_id.to_string() == id);
    let mut codes = lines.filter(|(id, _)| of_tablet(id)).map(|(_, code)| code.parse().unwrap());
    codes.next().unwrap()
}

/// Opens a tablet's bundle of a file with the code from its paper; of the only one where none is named.
pub fn open_bundle(file: &Path, tablet_id: Option<TabletId>) -> VerifiedBundle {
    let offered = boxes::look_at(file, None).unwrap();
    let tablet_id = tablet_id.unwrap_or(offered.bundles.head.slots[0].tablet_id);
    offered.bundles.open(tablet_id, &code_on_paper(file, Some(tablet_id))).unwrap()
}

/// Types the code of the tablet that was chosen, from the paper that belongs to the file, and has it tried.
pub fn type_code(screen: &Screen) {
    type_digits(screen);
    screen.press_return();
}

/// Types the digits of that code.
pub fn type_digits(screen: &Screen) {
    screen.wait_for(
        "the question for the code",
        |state| matches!(&state.phase, Phase::Setup(setup) if setup.typing.is_some()),
    );
    let asked = screen.state(|state| match &state.phase {
        Phase::Setup(Setup { offered: Some(offered), typing: Some(typing), .. }) => {
            Some((offered.path.clone(), typing.tablet_id))
        }
        _ => None,
    });
    let (file, tablet_id) = asked.unwrap();
    screen.type_keys(&code_on_paper(&file, Some(tablet_id)).in_groups().replace(' ', ""));
}

/// Chooses the bundle file whose name ends so, types its code and waits for the facts.
pub fn choose_bundle(screen: &Screen, file_name: &str) {
    screen.wait_for(
        "the list of bundle files",
        |state| matches!(&state.phase, Phase::Setup(setup) if !setup.files.is_empty()),
    );
    screen.tap_where("the bundle file", |label| label.ends_with(file_name));
    type_code(screen);
    screen.wait_for(
        "the facts of the bundle",
        |state| matches!(&state.phase, Phase::Setup(setup) if setup.chosen.is_some()),
    );
}

/// Sets the tablet up with the bundle file named at start, as the page asks for it.
pub fn set_up(screen: &Screen, file_name: &str) {
    choose_bundle(screen, file_name);
    screen.tap("番号は同じ。この設定を使う");
    screen.wait_for("the locked screen", |state| matches!(state.phase, Phase::Locked(_)));
}

/// Unlocks as that person.
pub fn unlock(screen: &Screen, name: &str) {
    screen.tap(name);
    for digit in PIN.chars() {
        screen.tap(&digit.to_string());
    }
    screen.tap("ロックを解除");
    screen.wait_for("the tablet to open", |state| matches!(state.phase, Phase::Open(_)));
}

/// Permits as that person in charge.
pub fn permit(screen: &Screen, name: &str) {
    screen.tap(name);
    for digit in PIN.chars() {
        screen.tap(&digit.to_string());
    }
    screen.tap("許可する");
    screen.wait_for("the permission", |state| matches!(state.phase, Phase::Setup(_)));
}

/// The rows of the day, and what is chosen in each.
pub const DAY: [(&str, &str); 5] = [
    ("会場", "見本市民体育館"),
    ("医師", "見本 太郎"),
    ("ワクチン", "ファイザー"),
    ("ロット番号", "FF3620"),
    ("接種回数", "3回目"),
];

/// Sets the day: what the demo's sheets expect.
pub fn set_day(screen: &Screen) {
    for (row, choice) in DAY {
        screen.tap_where(row, |label| label.starts_with(&format!("{row} ")));
        screen.tap_where(choice, |label| label.starts_with(choice));
    }
    screen.tap("この設定で始める");
    screen.wait_for("the scan page", |state| on_scan(state, |_| true));
}

fn on_scan(state: &app::workflow::State, card: impl FnOnce(&Card) -> bool) -> bool {
    matches!(&state.phase, Phase::Open(open) if matches!(open.page, Page::Scan) && card(&open.scan.card))
}

/// A sheet that lies there this long without a result is typed.
const LOSES_PATIENCE: Duration = Duration::from_secs(5);

/// What became of one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Became {
    /// Accepted by two witnesses and recorded.
    Accepted,
    /// A person settled it and it was recorded; the cause, in a word.
    Settled(String),
    /// A person typed it and it was recorded.
    Typed,
    /// It could not be recorded, for this reason.
    Refused(String),
}

/// A person at the tablet, with the paper in front of their eyes.
pub struct Person<'a> {
    /// The screen they tap on.
    pub screen: &'a Screen,
    /// The stack under the camera.
    pub sheets: &'a SheetsUnderCamera,
}

impl Person<'_> {
    /// The sheet that lies under the camera now.
    fn paper(&self) -> Sheet {
        let lying = Arc::clone(&self.sheets.hands);
        self.screen.wait_for("a sheet under the camera", |_| lying.lying().is_some());
        self.sheets.sheets().sheets()[lying.lying().unwrap()].clone()
    }

    /// Waits for the next sheet, does with it what the screen asks for, and takes it away. `look` is called when
    /// the card shows what it has to say.
    pub fn work_on_next(&self, mut look: impl FnMut(&Screen, &str)) -> (Sheet, Became) {
        let paper = self.paper();
        let began = Instant::now();
        self.screen.wait_for("a result for the sheet", |state| {
            let long = began.elapsed() > LOSES_PATIENCE;
            on_scan(state, |card| match card {
                Card::Ready(_) | Card::ForPerson(_) | Card::Stopped(_) | Card::InView { long: true } => true,
                Card::Empty | Card::InView { long: false } => long,
                Card::Checking(_)
                | Card::Keeping(_)
                | Card::Done(_)
                | Card::TakingBack(_)
                | Card::TakenBack(_) => false,
            })
        });
        let card = self.screen.open(|open| match &open.scan.card {
            Card::Ready(_) => "ready".to_owned(),
            Card::ForPerson(disputed) => format!("{:?}", disputed.dispute.cause),
            Card::Stopped(Stop::UnknownKind) => "UnknownKind".to_owned(),
            Card::Stopped(Stop::Rule(found)) => format!("{:?}", found.name()),
            Card::Stopped(stop) => {
                format!("{stop:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
            }
            _ => "unread".to_owned(),
        });
        let card = card.unwrap();
        look(self.screen, &card);
        let became = match card.as_str() {
            "ready" => {
                let last = || self.screen.open(|open| open.last.clone()).flatten();
                let before = last();
                self.screen.tap_at_once("記録する");
                self.screen.wait_for("an entry, or a symbol read late that contradicts it", |state| {
                    on_scan(state, |card| {
                        !matches!(card, Card::Keeping(_) | Card::Ready(_) | Card::Checking(_))
                    })
                });
                if last() == before {
                    return self.work_on_next(look);
                }
                Became::Accepted
            }
            "unread" | "ForeignQr" | "SeveralPapers" => {
                self.screen.tap("手入力");
                self.type_and_compare(&paper, &mut look)
            }
            "UnknownKind" | "RecordedBefore" | "LotRecalled" => {
                self.screen.tap("閉じる");
                return (paper, Became::Refused(card));
            }
            _ => {
                self.screen.tap("確認する");
                self.compare(&paper, &mut look).unwrap_or(Became::Settled(card))
            }
        };
        if let Became::Refused(_) = &became {
            return (paper, became);
        }
        self.screen.wait_for("the entry to be kept", |state| {
            on_scan(state, |card| !matches!(card, Card::Keeping(_) | Card::Ready(_) | Card::Checking(_)))
        });
        (paper, became)
    }

    /// Answers what the page asks by what the paper says; types the number where readings misled.
    fn compare(&self, paper: &Sheet, look: &mut impl FnMut(&Screen, &str)) -> Option<Became> {
        look(self.screen, "confirm");
        let printed = paper.digits.as_str().as_bytes().to_vec();
        if !self.answer(&printed) {
            return Some(self.type_instead(paper, look));
        }
        let shown = self.on_confirm(|confirm| {
            confirm.digits.iter().map(app::workflow::confirm::Compared::digit).collect::<Vec<_>>()
        });
        if shown.unwrap_or_default() != printed.iter().map(|digit| Some(*digit)).collect::<Vec<_>>() {
            return Some(self.type_instead(paper, look));
        }
        self.tick_groups();
        look(self.screen, "compared");
        let record = self.record_label();
        if !self.screen.can_tap(&record) {
            // The paper's own number is none: it cannot be recorded here.
            return Some(self.give_back());
        }
        self.screen.tap(&record);
        None
    }

    /// Answers each question with what is printed; false where that is not among the candidates.
    fn answer(&self, printed: &[u8]) -> bool {
        loop {
            let asked =
                self.on_confirm(|confirm| confirm.asked().map(|place| (place, confirm.candidates(place))));
            let Some(Some((place, candidates))) = asked else { return true };
            if !candidates.contains(&printed[place]) {
                return false;
            }
            self.screen.tap(&char::from(printed[place]).to_string());
        }
    }

    /// Leaves the page without recording, and discards the paper when it is seen again.
    fn give_back(&self) -> Became {
        self.screen.tap("戻る");
        self.screen.wait_for("the paper to be seen again", |state| {
            on_scan(state, |card| matches!(card, Card::ForPerson(_) | Card::Stopped(_)))
        });
        let stopped = self.screen.open(|open| matches!(open.scan.card, Card::Stopped(_))) == Some(true);
        self.screen.tap(if stopped { "閉じる" } else { "使わない" });
        Became::Refused("no number".to_owned())
    }

    fn record_label(&self) -> String {
        self.screen.texts().into_iter().find(|text| text.ends_with("記録する")).unwrap_or_default()
    }

    fn tick_groups(&self) {
        const NAMES: [&str; 4] = ["券種", "回数", "市町村コード", "券番号"];
        for (group, name) in NAMES.iter().enumerate().take(GROUPS.len()) {
            let needed = self.on_confirm(|confirm| confirm.needs_tick(group) && !confirm.ticked[group]);
            if needed == Some(true) {
                self.screen.tap(name);
            }
        }
    }

    fn type_instead(&self, paper: &Sheet, look: &mut impl FnMut(&Screen, &str)) -> Became {
        self.screen.tap("番号が違う（手で入力）");
        self.type_and_compare(paper, look)
    }

    fn type_and_compare(&self, paper: &Sheet, look: &mut impl FnMut(&Screen, &str)) -> Became {
        self.screen.wait_for(
            "the keypad",
            |state| matches!(&state.phase, Phase::Open(open) if matches!(open.page, Page::Keypad(_))),
        );
        self.screen.type_keys(paper.digits.as_str());
        look(self.screen, "keypad");
        if !self.screen.can_tap("次へ") {
            return self.give_back();
        }
        self.screen.tap("次へ");
        self.screen.wait_for("the number to be taken", |state| match &state.phase {
            Phase::Open(open) => match &open.page {
                Page::Keypad(keypad) => keypad.first.is_some(),
                page => matches!(page, Page::Confirm(_)),
            },
            _ => false,
        });
        if self.screen.open(|open| matches!(open.page, Page::Keypad(_))) == Some(true) {
            look(self.screen, "keypad_again");
            self.screen.type_keys(paper.digits.as_str());
            self.screen.tap("2回の番号を比べる");
        }
        self.screen.wait_for(
            "the comparison",
            |state| matches!(&state.phase, Phase::Open(open) if matches!(open.page, Page::Confirm(_))),
        );
        self.answer(paper.digits.as_str().as_bytes());
        self.tick_groups();
        look(self.screen, "typed");
        self.screen.tap(&self.record_label());
        Became::Typed
    }

    fn on_confirm<T>(&self, look: impl FnOnce(&app::workflow::confirm::Confirm) -> T) -> Option<T> {
        self.screen.open(|open| match &open.page {
            Page::Confirm(confirm) => Some(look(confirm)),
            _ => None,
        })?
    }
}
