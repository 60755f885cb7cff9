//! What is measured inside one process, on the real screens without a display: changing pages, scrolling a long list,
//! searching it, and asking about doses of other tablets. Each picture is drawn whole by the software renderer, which is
//! more than a window draws.
//!
//! Must not: leave out the keeper, the database or the drawing.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use app::{
    timing::Timing,
    workflow::{Event, Phase, Press, State, event, open::Page},
};
use rand::{RngExt as _, SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use record::{
    CouponNumber, Moment, MunicipalityCode,
    bundle::ReceiptKey,
    elsewhere::DoseElsewhere,
    reference::doses::DoseChanges,
    wire::reference::{DoseChain, FORMAT, Manifest, Part, ReferenceVersion},
};
use seal::{
    coupon::CouponKey,
    device::SigningKey,
    random::SystemRandom,
    reference::{self, VerifiedManifest},
    vault::TabletSecrets,
};
use store::{Advance, Owner, Store};
use tests::{
    demo::Failure,
    screen::{Screen, on_screen_thread},
    site,
};

use crate::{numbers::Sample, prepared::STORED, process::own_cpu_ms};

const PAGE_ROUNDS: usize = 24;
const SCROLLS: usize = 400;
const SEARCHES: usize = 120;
/// Doses of other tablets: those of a city and its neighbours.
const ELSEWHERE: u64 = 1_000_000;
const QUESTIONS: usize = 4_000;

/// What was measured inside; milliseconds.
pub(crate) struct Inside {
    /// From the finger on an item of the rail to the picture of the page with what belongs on it.
    pub(crate) page: Sample,
    /// Drawing such a page alone.
    pub(crate) page_draw: Sample,
    /// Processor time of one turn of the wheel and its picture, in the list of all entries.
    pub(crate) scroll: Sample,
    /// Drawing the same list without a turn.
    pub(crate) scroll_draw: Sample,
    /// From the last digit to the rows on the page.
    pub(crate) search: Sample,
    /// Of that, the database alone, asked again.
    pub(crate) search_store: Sample,
    /// Asking about a coupon with [`ELSEWHERE`] doses of other tablets held.
    pub(crate) asked: Sample,
    /// The same with none held.
    pub(crate) asked_empty: Sample,
    /// Taking in all of them, in seconds.
    pub(crate) taken_in_s: f64,
}

fn ms_since(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e3
}

/// Measures on a copy of a tablet that holds [`STORED`] entries; in `folder` there is room for another database.
pub(crate) fn measure(tablet: PathBuf, folder: &Path) -> Result<Inside, Failure> {
    let (page, page_draw, scroll, scroll_draw, search) = on_screen_thread(move || on_the_screens(&tablet));
    let elsewhere = elsewhere(folder)?;
    Ok(Inside {
        page,
        page_draw,
        scroll,
        scroll_draw,
        search,
        search_store: elsewhere.search,
        asked: elsewhere.asked,
        asked_empty: elsewhere.empty,
        taken_in_s: elsewhere.taken_in_s,
    })
}

type OnTheScreens = (Sample, Sample, Sample, Sample, Sample);

fn on_the_screens(tablet: &Path) -> OnTheScreens {
    let sheets = site::sheets(1);
    let screen = Screen::start(site::tablet(tablet, None, &sheets, Timing::default()));
    site::unlock(&screen, "見本 花子");
    if screen.open(|open| matches!(open.page, Page::Day(_))).unwrap_or(false) {
        site::set_day(&screen);
    }
    let (page, page_draw) = pages(&screen);
    let (scroll, scroll_draw) = list(&screen);
    let search = search(&screen);
    (page, page_draw, scroll, scroll_draw, search)
}

/// Waits without a pause: what is measured is not how often somebody looks.
fn until(screen: &Screen, is: impl Fn(&State) -> bool) {
    while !screen.state(&is) {
        std::thread::yield_now();
        screen.look();
    }
}

fn on(state: &State, is: impl Fn(&Page) -> bool) -> bool {
    matches!(&state.phase, Phase::Open(open) if is(&open.page))
}

fn pages(screen: &Screen) -> (Sample, Sample) {
    use event::Place::{About, Closing, Records, Scan, Sending};
    let (mut changes, mut draws) = (Vec::new(), Vec::new());
    for round in 0..PAGE_ROUNDS * 5 {
        let place = [Records, Sending, About, Closing, Scan][round % 5];
        let began = Instant::now();
        screen.tell(Event::Press(Press::Go(place)));
        until(screen, |state| {
            on(state, |page| match (place, page) {
                (Records, Page::Records(list)) => list.loaded,
                (Sending, Page::Sending) | (About, Page::About(_)) | (Scan, Page::Scan) => true,
                (Closing, Page::Closing) => matches!(&state.phase, Phase::Open(open)
                    if open.closing.as_ref().is_some_and(|closing| closing.entries.is_some())),
                _ => false,
            })
        });
        screen.draw();
        changes.push(ms_since(began));
        let began = Instant::now();
        screen.draw();
        draws.push(ms_since(began));
    }
    (changes.into_iter().collect(), draws.into_iter().collect())
}

fn list(screen: &Screen) -> (Sample, Sample) {
    screen.tell(Event::Press(Press::Go(event::Place::Records)));
    let rows = |state: &State| match &state.phase {
        Phase::Open(open) => match &open.page {
            Page::Records(list) if list.loaded => list.rows.len(),
            _ => 0,
        },
        _ => 0,
    };
    until(screen, |state| rows(state) > 0);
    while screen.state(rows) < STORED {
        let before = screen.state(rows);
        screen.tell(Event::Press(Press::More));
        until(screen, |state| rows(state) > before);
    }
    let (mut scrolls, mut draws) = (Vec::new(), Vec::new());
    for turn in 0..SCROLLS {
        // Far down and back again, as somebody who looks for a record does.
        let by = if turn % 40 < 30 { -700.0 } else { 1_100.0 };
        let began = own_cpu_ms();
        screen.turn_wheel(0.6, by);
        screen.look();
        screen.draw();
        scrolls.push(own_cpu_ms() - began);
        let began = own_cpu_ms();
        screen.draw();
        draws.push(own_cpu_ms() - began);
    }
    (scrolls.into_iter().collect(), draws.into_iter().collect())
}

fn search(screen: &Screen) -> Sample {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut took = Vec::new();
    for _ in 0..SEARCHES {
        screen.tell(Event::Press(Press::Go(event::Place::Records)));
        until(screen, |state| on(state, |page| matches!(page, Page::Records(list) if list.loaded)));
        screen.tell(Event::Press(Press::Search));
        let digits = format!("{:04}", random.random_range(0..10_000));
        let Some((last, first)) = digits.as_bytes().split_last() else { continue };
        for digit in first {
            screen.tell(Event::Press(Press::Digit(char::from(*digit))));
        }
        let began = Instant::now();
        screen.tell(Event::Press(Press::Digit(char::from(*last))));
        until(screen, |state| on(state, |page| matches!(page, Page::Records(list) if list.loaded)));
        took.push(ms_since(began));
    }
    took.into_iter().collect()
}

struct Elsewhere {
    search: Sample,
    asked: Sample,
    empty: Sample,
    taken_in_s: f64,
}

/// A database with as many entries as a busy tablet's, first without, then with the doses of other tablets.
fn elsewhere(folder: &Path) -> Result<Elsewhere, Failure> {
    let folder = folder.join("elsewhere");
    std::fs::create_dir_all(&folder)?;
    let municipality: MunicipalityCode = "131130".parse()?;
    let secrets = TabletSecrets::generate(&mut SystemRandom::default())?;
    let device_key = SigningKey::generate(&mut SystemRandom::default())?.public();
    let owner = Owner { tablet_id: record::TabletId::new(municipality, 17)?, device_key };
    let now = app::platform::now();
    let mut store = Store::open(&folder, &secrets.store_key, owner, now)?.store;
    for bytes in tests::entries::EntryMaker::new(municipality, 1).day_of(STORED) {
        store.append(&record::Entry::from_bytes(&bytes)?, now)?;
    }
    let mut random = ChaCha8Rng::seed_from_u64(6);
    let mut search = Vec::new();
    for _ in 0..SEARCHES {
        let ending = format!("{:04}", random.random_range(0..10_000)).parse()?;
        let began = Instant::now();
        store.list(store::ListFilter::Ending(ending), 0, app::workflow::effect::LIST_ROWS)?;
        search.push(ms_since(began));
    }
    let number = |number: u64| -> Result<CouponNumber, Failure> { Ok(format!("{number:010}").parse()?) };
    let mut ask = |store: &Store| -> Result<Sample, Failure> {
        let mut took = Vec::new();
        for _ in 0..QUESTIONS {
            // Every other one is held.
            let number = number(random.random_range(1..=2 * ELSEWHERE))?;
            let began = Instant::now();
            store.earlier_doses(municipality, number)?;
            took.push(ms_since(began));
        }
        Ok(took.into_iter().collect())
    };
    let empty = ask(&store)?;
    let key = CouponKey::from_bytes([9; 32]);
    let mut doses = Vec::with_capacity(ELSEWHERE as usize);
    for each in 1..=ELSEWHERE {
        doses.push(DoseElsewhere {
            coupon: key.hash(municipality, number(each)?),
            dose: "1".parse()?,
            given_on: "2021-06-01".parse()?,
            manufacturer: Some("ファイザー".parse()?),
        });
    }
    doses.shuffle(&mut random_again());
    let list = DoseChanges { municipality, holds: doses, gone: Vec::new() }.to_bytes();
    let manifest = manifest_of(&list, owner, &key)?;
    let began = Instant::now();
    take_in(&mut store, &manifest, &list, now)?;
    let taken_in_s = began.elapsed().as_secs_f64();
    drop(store);
    // As after a restart: nothing of it is in memory.
    let store = Store::open(&folder, &secrets.store_key, owner, now)?.store;
    Ok(Elsewhere { search: search.into_iter().collect(), asked: ask(&store)?, empty, taken_in_s })
}

/// What names that list, signed.
fn manifest_of(list: &[u8], owner: Owner, key: &CouponKey) -> Result<VerifiedManifest, Failure> {
    let version = ReferenceVersion::new(1).ok_or("a version")?;
    let part = Part { version, size: list.len() as u64, digest: reference::part_digest(list) };
    let municipality = owner.tablet_id.municipality();
    let chain = DoseChain { municipality, key: key.secret(), same_as: None, lists: vec![part] };
    let manifest = Manifest {
        format: FORMAT,
        tablet_id: owner.tablet_id,
        version,
        replaced: None,
        lots: None,
        received: None,
        rules: None,
        settled: None,
        doses: vec![chain],
    };
    let signer = SigningKey::from_seed([9; 32])?;
    let known = [ReceiptKey { key_id: "receipt-1".to_owned(), key: signer.public() }];
    Ok(reference::open(&reference::sign(&signer, "receipt-1", &manifest), owner.tablet_id, &known)?)
}

/// As the courier does it, without the network.
fn take_in(store: &mut Store, manifest: &VerifiedManifest, list: &[u8], now: Moment) -> Result<(), Failure> {
    loop {
        match store.advance(manifest, now)? {
            Advance::Holds => return Ok(()),
            Advance::Again => {}
            Advance::Fetch(wanted) => {
                let first = usize::try_from(wanted.first)?;
                store.keep_piece(wanted, &list[first..first + usize::try_from(wanted.length)?])?;
            }
        }
    }
}

fn random_again() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(7)
}
