//! A tablet that has worked: set up with a real bundle by a real central, with ten thousand entries on its disk, all of
//! them still to be sent; and where a finger finds what on its screen.
//!
//! Must not: be used twice: each run begins with a copy of both.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use app::{
    profile::Profile,
    provision::VAULT_FILE,
    timing::Timing,
    workflow::{Phase, scan::Card},
};
use record::{Entry, bundle::Staff};
use seal::{pin, vault::TabletSecrets};
use sheets::DemoDay;
use store::{Owner, Store};
use tests::{
    demo::{Failure, programs::Central},
    entries::EntryMaker,
    screen::{Place, Screen, on_screen_thread},
    site::{self, PIN},
};

use crate::screen::Strip;

/// Entries on the tablet before the day begins.
pub(crate) const STORED: usize = 10_000;
const NAME: &str = "見本 花子";

/// Where a finger finds what.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) name: Place,
    pub(crate) digits: Vec<Place>,
    pub(crate) unlock: Place,
    pub(crate) record: Place,
    pub(crate) mode: Place,
    pub(crate) preview: Place,
}

/// The middle of a place, in pixels.
pub(crate) fn middle(place: Place) -> (u32, u32) {
    ((place.x + place.width / 2.0) as u32, (place.y + place.height / 2.0) as u32)
}

/// Pixels across a place at half its height, away from its round corners.
pub(crate) fn across(place: Place) -> Strip {
    let (_, y) = middle(place);
    Strip { x: (place.x + place.width * 0.1) as u32, y, width: (place.width * 0.8) as u32 }
}

/// The tablet and its central as they lie before a run.
pub(crate) struct Prepared {
    folder: PathBuf,
    central: Central,
    pub(crate) places: Places,
    /// An entry as it is kept.
    pub(crate) entry: Vec<u8>,
}

/// What most of the day's coupons say.
pub(crate) fn day() -> DemoDay {
    let stack = site::sheets(1);
    DemoDay { municipality: stack.municipality, dose: stack.dose, kind: stack.kind }
}

impl Prepared {
    /// Prepares both in `folder`.
    pub(crate) fn make(folder: &Path) -> Result<Self, Failure> {
        let central = Central::make(folder)?;
        let bundle = central.bundle(folder, 17)?.file;
        let tablet = folder.join("tablet");
        let places = {
            let tablet = tablet.clone();
            on_screen_thread(move || learn(&tablet, &bundle))
        };
        let entry = fill(&tablet)?;
        copy(&tablet, &folder.join("tablet-before"))?;
        copy(central.data(), &folder.join("central-before"))?;
        Ok(Self { folder: folder.to_owned(), central, places, entry })
    }

    /// The tablet's folder for the next run; the central serves, and knows of nothing yet.
    pub(crate) fn fresh(&mut self) -> Result<PathBuf, Failure> {
        self.central.stop();
        let tablet = self.folder.join("tablet");
        copy(&self.folder.join("central-before"), self.central.data())?;
        copy(&self.folder.join("tablet-before"), &tablet)?;
        self.central.serve()?;
        Ok(tablet)
    }

    /// Where the central keeps its files.
    pub(crate) fn central(&self) -> &Path {
        self.central.data()
    }

    /// The person who unlocks, as the profile has them.
    pub(crate) fn staff(&self) -> Result<Staff, Failure> {
        staff(&self.folder.join("tablet"))
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    let copied = Command::new("cp").arg("-a").args([from, to]).status()?;
    if copied.success() { Ok(()) } else { Err(format!("{} was not copied", from.display()).into()) }
}

/// Sets the tablet up on the real screens and looks where things are; one sheet is recorded, because the line that it
/// leaves below moves the buttons.
fn learn(tablet: &Path, bundle: &Path) -> Places {
    let sheets = site::sheets(1);
    let screen = Screen::start(site::tablet(tablet, Some(bundle), &sheets, Timing::default()));
    site::set_up(&screen, "17号機.vrsbundle");
    let place = |label: &str| screen.place_where(label, |other| other == label);
    let name = place(NAME);
    let digits = PIN.chars().map(|digit| place(&digit.to_string())).collect();
    let unlock = place("ロックを解除");
    site::unlock(&screen, NAME);
    site::set_day(&screen);
    let card = |wanted: fn(&Card) -> bool| {
        screen.wait_for(
            "the first sheet",
            |state| matches!(&state.phase, Phase::Open(open) if wanted(&open.scan.card)),
        );
    };
    card(|card| matches!(card, Card::Ready(_)));
    screen.look();
    let (record, preview) = (place("記録する"), place("カメラの映像"));
    screen.tap("記録する");
    card(|card| !matches!(card, Card::Ready(_) | Card::Keeping(_)));
    screen.look();
    let mode = screen.place_where("the way of recording", |label| label.starts_with("記録方法: 1件ずつ"));
    Places { name, digits, unlock, record, mode, preview }
}

fn staff(tablet: &Path) -> Result<Staff, Failure> {
    let profile = Profile::read(tablet)?.ok_or("the tablet has no profile")?;
    Ok(profile.staff.into_iter().next().ok_or("nobody works at the tablet")?)
}

/// Fills the database as if by earlier days; one of the entries.
fn fill(tablet: &Path) -> Result<Vec<u8>, Failure> {
    let profile = Profile::read(tablet)?.ok_or("the tablet has no profile")?;
    let staff = staff(tablet)?;
    let identity = pin::unwrap(&staff.wrapped_identity, &staff.staff_id, &PIN.parse()?)?;
    let secrets = TabletSecrets::open(&fs::read(tablet.join(VAULT_FILE))?, &identity, None)?;
    let owner = Owner { tablet_id: profile.tablet_id, device_key: secrets.device_key.public() };
    let now = app::platform::now();
    let mut store = Store::open(tablet, &secrets.store_key, owner, now)?.store;
    let mut maker = EntryMaker::new(profile.tablet_id.municipality(), 1);
    let mut last = Vec::new();
    for bytes in maker.day_of(STORED) {
        store.append(&Entry::from_bytes(&bytes)?, now)?;
        last = bytes;
    }
    Ok(last)
}
