//! One tablet at one site, with a network that can be cut between it and a real central.
//!
//! Must not: look for what the screens should say; each test does.

use std::path::PathBuf;

use app::{
    camera::SheetsUnderCamera,
    platform,
    shell::Config,
    timing::Timing,
    workflow::{Phase, State, open::Page, scan::Card},
};
use central::{boxes::MadeBox, clock::Clock};
use record::{Moment, WallTime};
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;
use tests::{
    central_process::CentralProcess,
    network::{Mood, Network},
    screen::Screen,
    site::{self, Became, Person, bundle_spec},
};

/// The site.
pub(crate) struct Place {
    pub(crate) central: CentralProcess,
    pub(crate) network: Network,
    pub(crate) sheets: SheetsUnderCamera,
    folder: TempDir,
    clock: fn() -> Moment,
    keeps_stock: bool,
}

/// 10:42 on the 24th of November 2026, in Japan.
const STOPPED: WallTime = WallTime::from_unix_ms(1_795_484_520_000);

impl Place {
    /// A site with a bundle for tablet 17; its way to the central is as said.
    pub(crate) fn new(mood: Mood) -> Self {
        Self::with_clocks(mood, Clock::system(), platform::now, false)
    }

    /// The same where the tablet records stock.
    pub(crate) fn that_keeps_stock(mood: Mood) -> Self {
        Self::with_clocks(mood, Clock::system(), platform::now, true)
    }

    /// The same where it is always 10:42 of one day, so that what the screens show is the same each time.
    pub(crate) fn where_time_stands_still() -> Self {
        let stopped = || Moment { wall: STOPPED, ..platform::now() };
        Self::with_clocks(Mood::Cut, Clock::from_fn(|| STOPPED), stopped, false)
    }

    fn with_clocks(mood: Mood, of_central: Clock, clock: fn() -> Moment, keeps_stock: bool) -> Self {
        let central = CentralProcess::start(of_central);
        let network = Network::before(central.address(), mood);
        let folder = tempfile::tempdir().unwrap();
        let place = Self { central, network, sheets: site::sheets(1), folder, clock, keeps_stock };
        site::hand_out(&place.bundle(), &place.make_bundle(17));
        place
    }

    /// A bundle for the tablet of that number.
    pub(crate) fn make_bundle(&self, tablet_number: u32) -> MadeBox {
        let url = format!("https://127.0.0.1:{}", self.network.port());
        let mut spec = bundle_spec(&url, tablet_number);
        spec["keeps_stock"] = self.keeps_stock.into();
        self.central.make_bundle(&spec)
    }

    /// Where tablet 17's bundle lies.
    pub(crate) fn bundle(&self) -> PathBuf {
        self.folder.path().join("17号機.vrsbundle")
    }

    /// The tablet's own folder.
    pub(crate) fn tablet(&self) -> PathBuf {
        self.folder.path().join("tablet")
    }

    /// How the tablet is started.
    pub(crate) fn config(&self) -> Config {
        let tablet = site::tablet(&self.tablet(), Some(&self.bundle()), &self.sheets, Timing::default());
        Config { clock: self.clock, ..tablet }
    }

    /// Starts the tablet, sets it up where it is new, unlocks it and sets the day where it asks for it.
    pub(crate) fn open(&self, config: Config) -> Screen {
        let screen = Screen::start(config);
        if screen.state(|state| matches!(state.phase, Phase::Setup(_))) {
            site::set_up(&screen, "17号機.vrsbundle");
        }
        site::unlock(&screen, "見本 花子");
        if on_page(&screen, |page| matches!(page, Page::Day(_))) {
            site::set_day(&screen);
        }
        screen
    }

    /// Records the next sheets; how many were recorded.
    pub(crate) fn record(&self, screen: &Screen, sheets: usize) -> u64 {
        let person = Person { screen, sheets: &self.sheets };
        let work = |_| person.work_on_next(|_, _| {}).1;
        (0..sheets).map(work).filter(|became| !matches!(became, Became::Refused(_))).count() as u64
    }

    /// A number from the central's own database.
    pub(crate) fn at_central(&self, count: &str) -> u64 {
        let file = self.central.data().join("register.sqlite");
        let register = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        register.query_row(&format!("SELECT {count}"), [], |row| row.get(0)).unwrap()
    }
}

/// The same of what a screen shows now.
pub(crate) fn on_page(screen: &Screen, is: impl FnOnce(&Page) -> bool) -> bool {
    screen.state(|state| is_on_page(state, is))
}

/// Opens the page about sending.
pub(crate) fn go_to_sending(screen: &Screen) {
    screen.tap("送信待ち");
}

/// The card of the paper in view, on the page where papers are read.
pub(crate) fn card(state: &State) -> Option<&Card> {
    match &state.phase {
        Phase::Open(open) => matches!(open.page, Page::Scan).then_some(&open.scan.card),
        _ => None,
    }
}

/// Whether somebody works, on a page like that.
pub(crate) fn is_on_page(state: &State, is: impl FnOnce(&Page) -> bool) -> bool {
    matches!(&state.phase, Phase::Open(open) if is(&open.page))
}

/// Asks for sending at once, and waits until every entry has its receipt.
pub(crate) fn wait_for_receipts(screen: &Screen, entries: u64) {
    go_to_sending(screen);
    screen.tap("今すぐ送る");
    screen.wait_for("every receipt", |state| match &state.phase {
        Phase::Open(open) => open.counts.pending == 0 && open.counts.entries == entries,
        _ => false,
    });
}
