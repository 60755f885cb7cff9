//! The demo without a display: the real screens driven in this process, offline for the first half, online for the
//! second, until every entry has its verified receipt.
//!
//! Must not: let the reader see what the sheets say; only the person in front of them does.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use app::{
    camera::SheetsUnderCamera,
    timing::Timing,
    workflow::{Phase, open::Page},
};
use central::clock::Clock;
use record::EntryId;
use serde_json::json;

use super::{Failure, Wishes, judge, programs::Central};
use crate::{
    browser::{Browser, Scheme},
    console_visit::sign_in_first,
    screen::Screen,
    site::{self, Became, Person},
};

/// What one sheet became.
pub struct Worked {
    /// The 18 digits the paper says.
    pub truth: String,
    /// What became of it.
    pub became: Became,
    /// The entry it was recorded in.
    pub entry: Option<EntryId>,
}

/// Pictures of every page, numbered in the order in which they were taken.
pub struct Album {
    folder: PathBuf,
    count: usize,
    seen: Vec<String>,
}

impl Album {
    /// An empty album in that folder.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, count: 0, seen: Vec::new() }
    }
    /// Takes a picture, once for each name.
    pub fn take(&mut self, screen: &Screen, name: &str) {
        if self.seen.iter().any(|seen| seen == name) {
            return;
        }
        self.seen.push(name.to_owned());
        self.count += 1;
        screen.picture(&self.folder.join(format!("{:02}-{name}.png", self.count)));
    }
}

#[expect(clippy::print_stdout, reason = "progress of a command that takes a minute")]
fn say(text: &str) {
    println!("demo: {text}");
}

/// Runs the demo; true when nothing fell short.
///
/// # Errors
/// Where it could not be run to its end.
pub fn run(wishes: &Wishes) -> Result<bool, Failure> {
    fs::create_dir_all(&wishes.folder)?;
    say("making a central with its own certificate authority, and a bundle for tablet 17");
    let mut central = Central::make(&wishes.folder)?;
    let bundle = central.bundle(&wishes.folder, 17)?;
    say(&bundle.said);
    let sheets = SheetsUnderCamera { count: wishes.people, ..site::sheets(wishes.seed) };
    let timing_file = wishes.folder.join("timing.jsonl");
    let tablet = wishes.folder.join("tablet");
    let mut album = Album::new(wishes.folder.join("pictures"));

    let began = Instant::now();
    let timing = Timing::to_file(&timing_file)?;
    let screen = Screen::start(site::tablet(&tablet, Some(&bundle.file), &sheets, timing));
    album.take(&screen, "setup");
    let startup_ms = began.elapsed().as_secs_f64() * 1000.0;

    screen.wait_for(
        "the bundle to be found",
        |state| matches!(&state.phase, Phase::Setup(setup) if !setup.files.is_empty()),
    );
    album.take(&screen, "setup-found");
    site::set_up(&screen, "17号機.vrsbundle");
    album.take(&screen, "unlock");
    site::unlock(&screen, "見本 花子");
    album.take(&screen, "day");
    site::set_day(&screen);

    let person = Person { screen: &screen, sheets: &sheets };
    let mut worked = Vec::new();
    let half = sheets.count / 2;
    say(&format!("{half} sheets without a network"));
    work(&person, half, &mut album, &mut worked);
    let counts = |screen: &Screen| screen.open(|open| open.counts).unwrap_or_default();
    let offline = counts(&screen);
    let receipts_offline = offline.delivered + offline.needs_review;
    screen.tap("送信待ち");
    screen.wait_for("the sending page", |state| page(state, |page| matches!(page, Page::Sending)));
    album.take(&screen, "sending-offline");

    say("the network returns");
    central.serve()?;
    let password = central.add_account("support-1")?;
    screen.tap("今すぐ送る");
    screen.tap("読取");
    say(&format!("{} sheets with the network", sheets.count - half));
    work(&person, sheets.count - half, &mut album, &mut worked);

    say("one correction and one cancellation");
    // The last two vaccinations, which stand at the head of the list.
    let vaccinations: Vec<EntryId> = worked
        .iter()
        .rev()
        .filter(|sheet| sheet.truth.starts_with('2'))
        .filter_map(|sheet| sheet.entry)
        .collect();
    let [last, before, ..] = vaccinations[..] else { return Err("fewer than two were recorded".into()) };
    correct(&screen, last, &mut album);
    cancel(&screen, before, &mut album);

    say("waiting until every entry has its verified receipt");
    screen.tap("送信待ち");
    screen.tap("今すぐ送る");
    screen.wait_for("every receipt", |state| match &state.phase {
        Phase::Open(open) => open.counts.pending == 0 && open.counts.entries > 0,
        _ => false,
    });
    album.take(&screen, "sending-done");
    say("closing the day");
    let difference = close(&screen, &mut album);
    screen.tap("送信待ち");
    screen.wait_for("the closing's receipt", |state| match &state.phase {
        Phase::Open(open) => open.counts.pending == 0,
        _ => false,
    });
    screen.tap("記録");
    screen
        .wait_for("the list", |state| page(state, |page| matches!(page, Page::Records(list) if list.loaded)));
    album.take(&screen, "records-done");
    screen.tap("設定");
    album.take(&screen, "settings");
    screen.tap("ロック");
    album.take(&screen, "locked");
    let rss_mib = judge::rss_mib()?;
    drop(screen);

    say("a picture of the console");
    console_pictures(&central.url(), &password, &wishes.folder.join("pictures"))?;
    central.stop();

    let verdict = judge::judge(&judge::Day {
        sheets: sheets.count,
        closing_differs: difference,
        worked: &worked,
        receipts_offline,
        tablet: &tablet,
        central: central.data(),
        timing: &timing_file,
        startup_ms,
        rss_mib,
    })?;
    let file = wishes.folder.join("summary.json");
    fs::write(&file, serde_json::to_vec_pretty(&verdict.summary)?)?;
    say(&format!("wrote {}", file.display()));
    say(&serde_json::to_string(&json!({ "fell_short": verdict.fell_short }))?);
    Ok(verdict.fell_short.is_empty())
}

fn page(state: &app::workflow::State, look: impl FnOnce(&Page) -> bool) -> bool {
    matches!(&state.phase, Phase::Open(open) if look(&open.page))
}

fn work(person: &Person<'_>, count: usize, album: &mut Album, worked: &mut Vec<Worked>) {
    for _ in 0..count {
        let before = person.screen.open(|open| open.last.clone()).flatten();
        let (sheet, became) = person.work_on_next(|screen, what| album.take(screen, what));
        let last = person.screen.open(|open| open.last.clone()).flatten();
        let entry = last.filter(|last| before.as_ref() != Some(last)).map(|last| last.entry_id);
        worked.push(Worked { truth: sheet.digits.as_str().to_owned(), became, entry });
    }
}

/// Closes the day as staff do who counted rightly: the paper, and of each lot whole vials with what was left thrown away;
/// whether the page said that something differs.
fn close(screen: &Screen, album: &mut Album) -> bool {
    screen.tap("締め");
    let edit = || screen.open(|open| open.closing.clone()).flatten();
    screen.wait_for("the day to be counted", |state| {
        matches!(&state.phase, Phase::Open(open)
            if open.closing.as_ref().is_some_and(|closing| closing.entries.is_some()))
    });
    album.take(screen, "closing");
    let Some(closing) = edit() else { return true };
    let kind_in = |screen: &Screen, row: &str, number: u32| {
        screen.tap_where(row, |label| label.starts_with(row));
        screen.type_keys(&number.to_string());
        screen.tap("次へ");
    };
    kind_in(screen, "予診票", closing.held().entries());
    for lot in &closing.lots {
        let (given, each) = (closing.recorded(&lot.lot), lot.doses_per_vial.unwrap_or(1));
        let vials = given.div_ceil(each);
        kind_in(screen, &format!("{} 使ったバイアル", lot.lot), vials);
        kind_in(screen, &format!("{} 廃棄した回数", lot.lot), vials * each - given);
    }
    // Typing leads on to what is missing; nothing is.
    let typing = || edit().is_some_and(|closing| closing.typing.is_some());
    if typing() {
        screen.tap("次へ");
    }
    album.take(screen, "closing-typed");
    let differs = !screen.shows("すべて一致しました。");
    if differs {
        screen.tap("違いがあるまま締める");
    }
    screen.tap("この内容で締める");
    screen.wait_for("the closing", |state| {
        matches!(&state.phase, Phase::Open(open) if open.closing.as_ref().is_some_and(|closing| closing.kept))
    });
    album.take(screen, "closing-kept");
    differs
}

/// Opens a record through the list, as staff would.
fn open_record(screen: &Screen, entry_id: EntryId, album: &mut Album) {
    screen.tap("記録");
    screen
        .wait_for("the list", |state| page(state, |page| matches!(page, Page::Records(list) if list.loaded)));
    album.take(screen, "records");
    let last_four = screen
        .open(|open| match &open.page {
            Page::Records(list) => {
                list.rows.iter().find(|row| row.entry_id == entry_id).and_then(|row| row.coupon.clone())
            }
            _ => None,
        })
        .flatten()
        .map(|(_, digits)| digits)
        .unwrap_or_default();
    screen.tap_where("the record in the list", |label| label.contains(&format!(" …{last_four} ")));
    screen.wait_for("the record", |state| {
        page(state, |page| matches!(page, Page::Entry(entry) if !entry.history.is_empty()))
    });
}

fn correct(screen: &Screen, entry_id: EntryId, album: &mut Album) {
    open_record(screen, entry_id, album);
    album.take(screen, "record");
    screen.tap("この記録を訂正する");
    screen.tap_where("the row of the lot", |label| label.starts_with("ロット番号 "));
    album.take(screen, "correction-lot");
    screen.tap_where("the other lot", |label| label.starts_with("FL1839"));
    screen.tap("会場・ロットなどの設定の間違い");
    album.take(screen, "correction");
    screen.tap("訂正を記録する");
    screen.wait_for("the correction", |state| {
        page(state, |page| matches!(page, Page::Entry(entry) if entry.history.len() > 1))
    });
    album.take(screen, "record-corrected");
}

fn cancel(screen: &Screen, entry_id: EntryId, album: &mut Album) {
    open_record(screen, entry_id, album);
    screen.tap("この記録を取り消す");
    screen.tap("接種しなかった");
    album.take(screen, "cancellation");
    screen.tap("取消を記録する");
    screen.wait_for("the cancellation", |state| {
        page(state, |page| matches!(page, Page::Entry(entry) if entry.history.len() > 1))
    });
    album.take(screen, "record-cancelled");
}

fn console_pictures(url: &str, password: &str, folder: &Path) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let browser = Browser::start().await;
        browser.goto(url).await;
        browser.appear(1280, 800, Scheme::Light).await;
        browser.picture(&folder.join("console-sign-in.png")).await;
        sign_in_first(&browser, url, "support-1", password, Clock::system().now()).await;
        browser.find("#tablet-131130-0017").await;
        browser.appear(1280, 800, Scheme::Light).await;
        browser.picture(&folder.join("console-fleet.png")).await;
        browser.close().await;
    });
    Ok(())
}
